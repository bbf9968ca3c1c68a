"""What the engine's parts need around them: one mailbox's work, a clock that stands, a journal in memory."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain.events import Event
from bot.domain.mail import Failing, Item, ItemState, MailRules, Progress, Shown, Step, Work
from bot.domain.values import Frequency, MailboxId, PolicyId, RunKind, Unit
from bot.ports.journal import Entry, Intent

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def item(number: int) -> Item:
    shown = Shown("inbox", is_read=True, is_flagged=False)
    return Item(number, f"source-{number}", None, ItemState.NEW, shown, None, None, None, 0, None, None)


WORK = Work(
    mailbox=MailboxId(1),
    mailbox_key="mailbox",
    source="ada@source.example",
    destination="ada@destination.example",
    policy=PolicyId(1),
    frequency=Frequency(1, Unit.HOUR),
    rules=MailRules(),
    source_connection="m365",
    destination_connection="google",
    run="run-1",
    kind=RunKind.DELTA,
    window_start=NOON - timedelta(days=30),
    folders_cursor=None,
    is_listed=False,
    began_at=None,
    pauses=0,
    changes=0,
    bytes=0,
    retry_key=None,
    owner="here",
)


@dataclass
class Written:
    """A journal of which only the writing side is used. Somebody else is at the items `lost`."""

    lost: frozenset[int] = frozenset()
    intents: list[list[Intent]] = field(default_factory=list)
    entries: list[list[Entry]] = field(default_factory=list)

    @property
    def steps(self) -> list[Step]:
        return [step for entries in self.entries for entry in entries for step in entry.steps]

    @property
    def events(self) -> list[Event]:
        return [event for entries in self.entries for entry in entries for event in entry.events]

    async def write(self, entries: Sequence[Entry], intents: Sequence[Intent] = ()) -> frozenset[int]:
        self.entries.append([*entries])
        self.intents.append([*intents])
        return frozenset(each.item.id for each in intents) - self.lost

    async def due(
        self, mailbox: MailboxId, now: datetime, *, after: int, limit: int, blocked: Collection[str]
    ) -> tuple[Item, ...]:
        raise NotImplementedError

    async def next_due_at(self, mailbox: MailboxId, *, blocked: Collection[str]) -> datetime | None:
        raise NotImplementedError

    async def owned(self, mailbox: MailboxId, destination_ids: Collection[str]) -> frozenset[str]:
        raise NotImplementedError

    async def failing(self, mailbox: MailboxId) -> tuple[Failing, ...]:
        raise NotImplementedError

    async def progress(self, mailbox: MailboxId) -> Progress:
        raise NotImplementedError


class Noon:
    def now(self) -> datetime:
        return NOON
