"""Loading what a card shows, for one reader: found, filled in, and without what the reader may not see."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from typing import TypeVar

from bot.domain.access import Asker
from bot.domain.addresses import parse_address
from bot.domain.values import MailboxId, Outcome, Role
from bot.errors import BadAddress, StaleButton, UnknownMailbox
from bot.ports import Clock, Details, Mailboxes
from bot.services.access import Access
from bot.views import (
    CardKind,
    CardModel,
    CardRef,
    Choice,
    DismissalEntry,
    ErrorList,
    FailureLine,
    HistoryEntry,
    HistoryList,
    LastGood,
    RetryEntry,
    RunDay,
    RunEntry,
    StatusCard,
    Suggestions,
)

PAGE_SIZE = {
    CardKind.LIST: 15,
    CardKind.SEARCH: 15,
    CardKind.HISTORY: 10,
    CardKind.ERRORS: 8,
    CardKind.AUDIT: 10,
    CardKind.POLICIES: 10,
}
"""Entries a page, so that each card stays well under Slack's 50 blocks a message."""

NOBODY = Asker("", is_outsider=True)
"""Sees the least that a card shows, and may do nothing."""

FAILING_SHOWN = 10
DAYS = 14
"""How far the trend of a mailbox's runs goes back, today included."""

ENDS_TOLD_FOR = timedelta(minutes=15)
"""How long a card tells how a retry of several items ended; the history tells it from then on."""

CLOSEST = 3
ADDRESSES_TRIED = 25
"""Of the addresses in one message: a pasted list must not become thousands of queries."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A card with the reference that loads it again.

    `version` is the mailbox's from just before the card was read, so that no change after it goes unseen.
    """

    model: CardModel
    ref: CardRef
    version: int = 0


@dataclass(frozen=True)
class Cards:
    mailboxes: Mailboxes
    details: Details
    access: Access
    clock: Clock
    support_contact: str | None
    _loaders: dict[CardKind, Callable[[CardRef, Asker], Awaitable[CardModel]]] = field(
        init=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        self._loaders.update(
            {
                CardKind.STATUS: self._status,
                CardKind.HISTORY: self._history,
                CardKind.LAST_GOOD: self._last_good,
                CardKind.ERRORS: self._errors,
                CardKind.LIST: self._list,
                CardKind.SEARCH: self._search,
                CardKind.OVERVIEW: self._overview,
                CardKind.FAILURES: self._failures,
                CardKind.AUDIT: self._audit,
                CardKind.POLICIES: self._policies,
            }
        )

    async def load(self, ref: CardRef, asker: Asker) -> CardModel:
        """The card as `asker` may see it now.

        Raises:
            StaleButton: its mailbox no longer exists.
        """
        return await self._loaders[ref.kind](ref, asker)

    async def open(self, ref: CardRef, asker: Asker) -> Loaded:
        """As `load`, with what is needed to follow the card from there."""
        version = await self.mailboxes.version(ref.mailbox) if ref.mailbox else 0
        return Loaded(await self.load(ref, asker), ref, version)

    async def shareable(self, ref: CardRef) -> Loaded:
        """The card as anybody may see it, for a channel. Raises StaleButton: it is for no channel."""
        if ref.kind in (CardKind.AUDIT, CardKind.LAST_GOOD):
            raise StaleButton(
                "This shows the audit log, which is not shared. Everybody with a role can ask for it."
            )
        return Loaded(_unexplained(await self.load(ref, NOBODY)), ref)

    async def for_address(
        self, word: str, kind: CardKind, asker: Asker, *, outcome: Outcome | None = None
    ) -> Loaded:
        """The card of the one mailbox that a typed word names, or a choice, or the closest addresses.

        Raises:
            BadAddress: the word is no address, nor a part of one.
            UnknownMailbox: there is no such mailbox, and none resembles it.
        """
        address = parse_address(word)
        if address is None:
            return await self._for_part(word, CardRef(kind, outcome=outcome), asker)
        found = await self.mailboxes.by_address(address)
        if len(found) == 1:
            return await self.open(CardRef(kind, mailbox=found[0].mailbox.id, outcome=outcome), asker)
        if found:
            return Loaded(Choice(address, found, purpose=kind.value), CardRef(kind))
        return Loaded(await self._suggestions(address, kind), CardRef(kind))

    async def _for_part(self, word: str, wanted: CardRef, asker: Asker) -> Loaded:
        """The card of the only mailbox with this in an address, or all that have it, or resemble it."""
        found = await self.mailboxes.search(word, page=1, size=PAGE_SIZE[CardKind.SEARCH])
        if not found.rows:
            raise BadAddress(
                f"“{_clip(word)}” is not an e-mail address, nor a part of one that is synced. "
                "Type one like user@org.com, or look for it with `/sync search`."
            )
        if found.page.total == 1 and not found.is_close:
            return await self.open(replace(wanted, mailbox=found.rows[0].mailbox.id), asker)
        return Loaded(found, CardRef(CardKind.SEARCH, query=word))

    async def for_addresses(self, addresses: tuple[str, ...], asker: Asker) -> Loaded:
        """The status of the one address among these that is a mailbox's; a choice where several are."""
        if len(addresses) == 1:
            return await self.for_address(addresses[0], CardKind.STATUS, asker)
        tried = addresses[:ADDRESSES_TRIED]
        rows = [row for address in tried for row in await self.mailboxes.by_address(address)]
        known = tuple({row.mailbox.id: row for row in rows}.values())
        if len(known) == 1:
            return await self.open(CardRef(CardKind.STATUS, mailbox=known[0].mailbox.id), asker)
        if known:
            return Loaded(Choice(", ".join(tried), known), CardRef(CardKind.STATUS))
        raise UnknownMailbox(
            f"None of the {len(tried)} addresses in this message is synced. "
            "Look for another one with `/sync search`."
        )

    async def _suggestions(self, address: str, kind: CardKind) -> Suggestions:
        closest = await self.mailboxes.closest(address, CLOSEST)
        if not closest:
            raise UnknownMailbox(
                f"No mailbox has the address {address}, nor one close to it. Look for a part of it with "
                "`/sync search`. Mailboxes appear once the engine reports them: see "
                "docs/how-to/connect-an-engine.md."
            )
        return Suggestions(address, closest, purpose=kind.value)

    async def _status(self, ref: CardRef, asker: Asker) -> StatusCard:
        card = _there(await self.details.status(_mailbox(ref), self.clock.now()))
        visible = await self.access.may_see_subjects(asker)
        return replace(
            card,
            run_failure=card.run_failure and as_seen(card.run_failure, visible=visible),
            history=_entries_as_seen(card.history, visible=visible),
            may_act=await self.access.may_act(asker),
            support_contact=self.support_contact,
            under_way=card.under_way.since(self.clock.now() - ENDS_TOLD_FOR),
        )

    async def _history(self, ref: CardRef, asker: Asker) -> HistoryList:
        size = PAGE_SIZE[CardKind.HISTORY]
        mailbox = _mailbox(ref)
        found = await self.details.history(mailbox, page=ref.page, size=size, outcome=ref.outcome)
        listed = _there(found)
        visible = await self.access.may_see_subjects(asker)
        days = await self._run_days(mailbox) if listed.page.number == 1 else ()
        return replace(listed, entries=_entries_as_seen(listed.entries, visible=visible), days=days)

    async def _run_days(self, mailbox: MailboxId) -> tuple[RunDay, ...]:
        today = self.clock.now().astimezone(UTC).date()
        return await self.details.run_days(mailbox, since=today - timedelta(days=DAYS - 1), until=today)

    async def _last_good(self, ref: CardRef, asker: Asker) -> LastGood:
        found = _there(await self.details.last_good(_mailbox(ref), self.clock.now()))
        visible = await self.access.may_see_subjects(asker)
        return replace(
            found,
            good=_run_as_seen(found.good, visible=visible),
            run=_run_as_seen(found.run, visible=visible),
        )

    async def _errors(self, ref: CardRef, asker: Asker) -> ErrorList:
        errors = _there(await self._failures_of(_mailbox(ref), ref))
        visible = await self.access.may_see_subjects(asker)
        return replace(
            errors,
            lines=tuple(as_seen(line, visible=visible) for line in errors.lines),
            may_act=await self.access.may_act(asker),
            support_contact=self.support_contact,
            under_way=errors.under_way.since(self.clock.now() - ENDS_TOLD_FOR),
        )

    async def _failures_of(self, mailbox: MailboxId, ref: CardRef) -> ErrorList | None:
        size = PAGE_SIZE[CardKind.ERRORS]
        if ref.dismissed:
            return await self.details.dismissed(mailbox, page=ref.page, size=size)
        return await self.details.errors(mailbox, page=ref.page, size=size, narrowing=ref.narrowing)

    async def _list(self, ref: CardRef, _asker: Asker) -> CardModel:
        size = PAGE_SIZE[CardKind.LIST]
        listed = await self.mailboxes.listed(
            status=ref.status, policy=ref.policy, page=ref.page, size=size, incident=ref.incident
        )
        return replace(listed, as_of=self.clock.now())

    async def _search(self, ref: CardRef, _asker: Asker) -> CardModel:
        return await self.mailboxes.search(ref.query or "", page=ref.page, size=PAGE_SIZE[CardKind.SEARCH])

    async def _overview(self, _ref: CardRef, _asker: Asker) -> CardModel:
        return await self.details.overview(self.clock.now(), failing=FAILING_SHOWN)

    async def _failures(self, _ref: CardRef, _asker: Asker) -> CardModel:
        return await self.details.failure_groups(self.clock.now())

    async def _audit(self, ref: CardRef, _asker: Asker) -> CardModel:
        size = PAGE_SIZE[CardKind.AUDIT]
        page = await self.details.audit(ref.mailbox, before=ref.before, after=ref.after, size=size)
        return replace(_there(page), as_of=self.clock.now())

    async def _policies(self, ref: CardRef, asker: Asker) -> CardModel:
        size = PAGE_SIZE[CardKind.POLICIES]
        listed = await self.details.policies(self.clock.now(), page=ref.page, size=size)
        role = await self.access.role(asker)
        return replace(listed, may_switch=role is Role.ADMIN)


def _mailbox(ref: CardRef) -> MailboxId:
    if ref.mailbox is None:
        raise StaleButton("This card does not say which mailbox it is about. Ask again with `/sync status`.")
    return ref.mailbox


def _there(found: T | None) -> T:
    if found is None:
        raise StaleButton("That mailbox is no longer synced. Look for it with `/sync search`.")
    return found


def as_seen(line: FailureLine, *, visible: bool) -> FailureLine:
    """Without subject, sender and the engines' own words, which may quote them, unless they are visible."""
    if visible:
        return line
    return replace(line, subject=None, sender=None, message="", last_retry_detail=None)


def _unexplained(card: CardModel) -> CardModel:
    """Without why somebody dismissed or muted: a channel has readers who may not even see that it failed."""
    if isinstance(card, ErrorList):
        return replace(card, lines=tuple(replace(line, reason=None) for line in card.lines))
    if isinstance(card, HistoryList):
        return replace(card, entries=tuple(map(_reasonless, card.entries)))
    if isinstance(card, StatusCard):
        muted = card.muted and replace(card.muted, reason="")
        return replace(card, history=tuple(map(_reasonless, card.history)), muted=muted)
    return card


def _reasonless(entry: HistoryEntry) -> HistoryEntry:
    return replace(entry, reason="") if isinstance(entry, DismissalEntry) else entry


def _entries_as_seen(entries: tuple[HistoryEntry, ...], *, visible: bool) -> tuple[HistoryEntry, ...]:
    """Without the engines' own words, for the same reason."""
    return entries if visible else tuple(map(_counts_only, entries))


def _run_as_seen(run: RunEntry | None, *, visible: bool) -> RunEntry | None:
    return run if visible or run is None else replace(run, message=None)


def _counts_only(entry: HistoryEntry) -> HistoryEntry:
    if isinstance(entry, RetryEntry):
        return replace(entry, details=())
    return entry if isinstance(entry, DismissalEntry) else replace(entry, message=None)


def _clip(word: str, length: int = 80) -> str:
    return word if len(word) <= length else word[: length - 1] + "…"
