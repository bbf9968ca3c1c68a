"""The company's things: policies, mailboxes, messages that fail, and the conditions that make them fail."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Policy:
    key: str
    name: str
    description: str
    every: int
    unit: str
    active: bool = True
    deletion_delay_days: int = 30

    @property
    def interval(self) -> timedelta:
        return (
            self.every
            * {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}[self.unit]
        )


@dataclass
class Condition:
    """Something that is wrong in the world. What depends on it fails while it holds.

    `heals_at` is set for what passes by itself, such as throttling.
    """

    id: str
    title: str
    code: str
    message: str
    fix: str
    undo: str
    active: bool = True
    heals_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.active and (self.heals_at is None or now < self.heals_at)


@dataclass
class Item:
    """A message that failed. `reported` is false until the bot was told of it."""

    key: str
    condition: Condition
    folder: str
    subject: str
    sender: str
    received_at: datetime
    size: int
    attempts: int = 0
    failing: bool = True
    reported: bool = False


@dataclass
class Run:
    key: str
    kind: str
    started_at: datetime
    retry_id: str | None = None
    done: int = 0
    total: int | None = None


@dataclass
class Mailbox:
    """`conditions` make whole runs fail; several mailboxes may share one, such as that of a connection."""

    key: str
    source: str
    destination: str
    policy: Policy
    conditions: list[Condition] = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)
    synced: bool = True
    run: Run | None = None
    next_sync_at: datetime | None = None

    def blocked_by(self, now: datetime) -> Condition | None:
        return next((each for each in self.conditions if each.holds(now)), None)

    def failing(self) -> list[Item]:
        return [item for item in self.items.values() if item.failing]


@dataclass
class World:
    policies: list[Policy] = field(default_factory=list)
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)
    conditions: dict[str, Condition] = field(default_factory=dict)

    def add(self, condition: Condition) -> Condition:
        return self.conditions.setdefault(condition.id, condition)

    def messages(self) -> Iterator[tuple[Mailbox, Item]]:
        for mailbox in self.mailboxes.values():
            for item in mailbox.items.values():
                yield mailbox, item

    def affected(self, condition: Condition) -> list[str]:
        """Source addresses of the mailboxes that suffer from it."""
        found = [each for each in self.mailboxes.values() if condition in each.conditions]
        found += [
            mailbox for mailbox, item in self.messages() if item.condition is condition and item.failing
        ]
        return list(dict.fromkeys(each.source for each in found))
