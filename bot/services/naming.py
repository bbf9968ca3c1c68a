"""From the names that people type to what filters and mutes hold, and back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

from bot.domain.addresses import parse_address
from bot.domain.catalogue import CATALOGUE, Cause, Healing
from bot.domain.spelling import nearest
from bot.errors import BadCommand, UnknownMailbox
from bot.ports import Mailboxes
from bot.ports.people import Directory
from bot.ports.routing import Vocabulary
from bot.views.routing import Named

BROADCASTS = ("here", "channel")
"""Mentions that notify a whole channel: never by default, and never but by these very words."""

GONE = "gone:"
"""Marks the id of what has no row any more, before its key."""

CAUSES: tuple[Named, ...] = tuple(
    Named(code, code, cause.cause)
    for code, cause in CATALOGUE.items()
    if cause.healing is not Healing.SKIPPED
)


@dataclass(frozen=True, slots=True)
class Names:
    vocabulary: Vocabulary
    mailboxes: Mailboxes
    directory: Directory

    async def policies(self, typed: Collection[str]) -> frozenset[str]:
        """Keys. Raises BadCommand with the closest name."""
        known = await self.vocabulary.policies() if typed else ()
        return frozenset(_policy(word, known) for word in typed)

    async def policy(self, typed: str) -> Named:
        known = await self.vocabulary.policies()
        key = _policy(typed, known)
        return next(each for each in known if each.key == key)

    async def domains(self, typed: Collection[str]) -> frozenset[str]:
        """Raises BadCommand where no mailbox is in a domain: its alerts would never come."""
        known = await self.vocabulary.domains() if typed else ()
        return frozenset(
            _known(word.lower().lstrip("@"), known, "mailbox is in the domain") for word in typed
        )

    async def addressed(self, typed: Collection[str]) -> frozenset[str]:
        """Keys of the mailboxes that have these addresses."""
        return frozenset([each.key for word in typed for each in await self.mailbox(word)])

    async def mailbox(self, typed: str) -> tuple[Named, ...]:
        """Whoever has the address, as source or as destination.

        Raises:
            BadCommand: it is no address.
            UnknownMailbox: with the closest one.
        """
        address = parse_address(typed)
        if address is None:
            raise BadCommand(f"“{clipped(typed)}” is not an e-mail address.")
        found = await self.mailboxes.by_address(address)
        if not found:
            close = await self.mailboxes.closest(address, 1)
            hint = f" Did you mean {close[0].source}?" if close else ""
            raise UnknownMailbox(f"No mailbox has the address {address}.{hint}")
        return await self.vocabulary.mailboxes_of([str(row.mailbox.id) for row in found])

    async def mention(self, typed: str) -> str:
        """The id that a mention stands for, or the word of a broadcast; ids are taken as they are.

        Raises:
            BadCommand: nobody is called so, with the closest user group.
        """
        if typed in BROADCASTS or not typed.startswith("@"):
            return typed
        handle = typed.removeprefix("@").lower()
        if handle in (*BROADCASTS, "everyone", "group"):
            raise BadCommand(
                f"@{handle} would notify the whole channel of each alert. If you want that, write "
                "`mention=here` or `mention=channel`."
            )
        return _group(handle, await self.directory.handles())

    async def groups(self) -> tuple[Named, ...]:
        """User groups by their handles; none where Slack does not tell."""
        known = await self.directory.handles() or {}
        return tuple(Named(found, found, handle) for handle, found in sorted(known.items()))

    async def zone_of(self, user: str) -> str | None:
        """Of the user's own profile, where Slack tells."""
        zone = (await self.directory.person(user)).zone
        return zone if zone in available_timezones() else None

    async def policies_chosen(self, ids: Collection[str]) -> frozenset[str]:
        """Keys, from what a form offered."""
        known = await self.vocabulary.policies() if ids else ()
        return _gone(ids) | {each.key for each in known if each.id in ids}

    async def mailboxes_chosen(self, ids: Collection[str]) -> frozenset[str]:
        rows = await self.vocabulary.mailboxes_of([each for each in ids if not each.startswith(GONE)])
        return _gone(ids) | {each.key for each in rows}

    async def policies_called(self, keys: Iterable[str]) -> tuple[Named, ...]:
        wanted = frozenset(keys)
        known = await self.vocabulary.policies() if wanted else ()
        return _with_gone(wanted, [each for each in known if each.key in wanted])

    async def mailboxes_called(self, keys: Iterable[str]) -> tuple[Named, ...]:
        wanted = frozenset(keys)
        return _with_gone(wanted, await self.vocabulary.mailboxes(wanted) if wanted else ())


def causes_called(codes: Iterable[str]) -> tuple[Named, ...]:
    return tuple(Named(code, code, _cause_name(CATALOGUE.get(code), code)) for code in sorted(codes))


def cause(typed: str) -> str:
    """The code. Raises BadCommand with the closest one."""
    return _known(typed.lower(), [each.key for each in CAUSES], "cause is called")


def clipped(word: str, length: int = 80) -> str:
    return word if len(word) <= length else word[: length - 1] + "…"


def _policy(typed: str, known: Collection[Named]) -> str:
    for each in known:
        if typed == each.key or typed.casefold() == each.name.casefold():
            return each.key
    raise _unknown(typed, [each.name for each in known], "policy is called")


def _group(handle: str, known: Mapping[str, str] | None) -> str:
    if known is None:
        raise BadCommand(
            f"syncbot cannot look up @{clipped(handle)}: Slack does not tell it of user groups (scope "
            "`usergroups:read`). Choose a person from Slack's list while you type, or give an id."
        )
    if handle in known:
        return known[handle]
    raise _unknown(f"@{handle}", [f"@{each}" for each in known], "user group is called")


def _known(typed: str, known: Collection[str], what: str) -> str:
    if typed in known:
        return typed
    raise _unknown(typed, known, what)


def _unknown(typed: str, known: Collection[str], what: str) -> BadCommand:
    close = nearest(typed, known)
    hint = f" Did you mean “{clipped(close)}”?" if close else ""
    return BadCommand(f"No {what} “{clipped(typed)}”.{hint}")


def _cause_name(known: Cause | None, code: str) -> str:
    return known.cause if known else code


def _with_gone(wanted: frozenset[str], found: Collection[Named]) -> tuple[Named, ...]:
    """What is no longer there goes by its key: left out, it would widen what a form says."""
    gone = wanted - {each.key for each in found}
    return (*found, *(Named(f"{GONE}{key}", key, key) for key in sorted(gone)))


def _gone(ids: Collection[str]) -> frozenset[str]:
    return frozenset(each.removeprefix(GONE) for each in ids if each.startswith(GONE))
