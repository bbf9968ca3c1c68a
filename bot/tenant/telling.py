"""A plan as text for a terminal: counts first, then what they are made of."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.config import PREFIX, Settings
from bot.tenant.merging import SHARED
from bot.tenant.plan import Change, Changes, Plan
from bot.tenant.wanted import StoredSettings

MOST_NAMES = 20


class Kind(NamedTuple):
    """How one kind of thing is spoken of, and what becomes of one that is no longer in the file."""

    one: str
    many: str
    leaving: str
    fate: str


CONNECTIONS = Kind("connection", "connections", "removed", "not used any more")
POLICIES = Kind("policy", "policies", "switched off", "no longer in the file; mailboxes keep their history")
MAILBOXES = Kind("mailbox", "mailboxes", "no longer synced", "history stays, open failures are dismissed")
SETTINGS = Kind("Slack setting", "Slack settings", "removed", "no longer in the file")


def told(plan: Plan, file: str) -> Iterator[str]:
    """The lines of the plan. `file` is how it is called."""
    parts = _parts(plan)
    if not plan:
        yield f"Nothing to do: everything is as {file} wants it ({_counted(parts)})."
        return
    yield f"{file} would change:"
    yield from (f"  {_counts(kind, changes)}" for kind, changes in parts if changes)
    for kind, changes in parts:
        yield from _groups(kind, changes)


def overruled(settings: Settings, wanted: StoredSettings) -> Iterator[str]:
    """What the environment has its own word on. Values are not repeated."""
    for name in SHARED:
        if getattr(settings, name) and getattr(wanted, name):
            yield f"Note: {PREFIX}{name.upper()} is set where this runs. There it wins over the file."


def _parts(plan: Plan) -> list[tuple[Kind, Changes]]:
    kinds = (CONNECTIONS, POLICIES, MAILBOXES, SETTINGS)
    return list(zip(kinds, (plan.connections, plan.policies, plan.mailboxes, plan.settings), strict=True))


def _counted(parts: Sequence[tuple[Kind, Changes]]) -> str:
    return ", ".join(_number(changes.unchanged, kind) for kind, changes in parts)


def _number(count: int, kind: Kind) -> str:
    return f"{count:,} {kind.one if count == 1 else kind.many}"


def _counts(kind: Kind, changes: Changes) -> str:
    counts = (
        (len(changes.added), "new"),
        (len(changes.changed), "changed"),
        (len(changes.removed), kind.leaving),
        (changes.unchanged, "as before"),
    )
    return f"{kind.many}: " + ", ".join(f"{count:,} {word}" for count, word in counts if count)


def _groups(kind: Kind, changes: Changes) -> Iterator[str]:
    yield from _group(f"New {kind.many}", "+", changes.added)
    yield from _group(f"Changed {kind.many}", "~", changes.changed)
    yield from _group(
        f"{kind.many[0].upper()}{kind.many[1:]} {kind.leaving} ({kind.fate})", "-", changes.removed
    )


def _group(title: str, mark: str, changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        return
    yield ""
    yield f"{title}:"
    yield from (f"  {mark} {_told(change)}" for change in changes[:MOST_NAMES])
    if len(changes) > MOST_NAMES:
        yield f"  and {len(changes) - MOST_NAMES:,} more"


def _told(change: Change) -> str:
    return f"{change.name}: {', '.join(change.details)}" if change.details else change.name
