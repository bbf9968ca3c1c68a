"""What engines report, as steps of a history."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.events import Event
from bot.ports import RetryRequest
from tests.histories.rows import URGENCY
from tests.histories.stage import KEYS, POLICIES, Stage
from tests.integration.store.words import (
    completed,
    item_failed,
    item_synced,
    mailbox,
    policy,
    started,
    sync_failed,
)

T = TypeVar("T")
CODES = tuple(URGENCY)


def nth(of: Sequence[T], number: int) -> T | None:
    """The choice stays valid however many there are."""
    return of[number % len(of)] if of else None


@dataclass(frozen=True)
class Fails:
    """An item, some minutes ago."""

    mailbox: int
    item: int
    code: str
    ago: int = 0

    async def play(self, stage: Stage) -> None:
        await stage.scene.happens(
            item_failed(stage.minute - self.ago, f"i{self.item}", mailbox=KEYS[self.mailbox], code=self.code)
        )


@dataclass(frozen=True)
class Heals:
    mailbox: int
    item: int

    async def play(self, stage: Stage) -> None:
        await stage.scene.happens(item_synced(stage.minute, f"i{self.item}", of=KEYS[self.mailbox]))


@dataclass(frozen=True)
class RunsFail:
    """Of several mailboxes, which may be a storm."""

    mailboxes: frozenset[int]
    code: str
    ago: int = 0

    async def play(self, stage: Stage) -> None:
        run, minute = stage.run, stage.minute - self.ago
        await stage.scene.happens(
            *(sync_failed(minute, run, mailbox=KEYS[n], code=self.code) for n in sorted(self.mailboxes))
        )


@dataclass(frozen=True)
class RunsSucceed:
    mailboxes: frozenset[int]

    async def play(self, stage: Stage) -> None:
        run = stage.run
        await stage.scene.happens(
            *(completed(stage.minute, run, mailbox=KEYS[n]) for n in sorted(self.mailboxes))
        )


@dataclass(frozen=True)
class Moves:
    """A mailbox comes under a policy, maybe with another address."""

    mailbox: int
    policy: int
    domain: str

    async def play(self, stage: Stage) -> None:
        key = KEYS[self.mailbox]
        moved = mailbox(stage.minute, key=key, source=f"{key}@{self.domain}", under=POLICIES[self.policy])
        await stage.scene.happens(moved)


@dataclass(frozen=True)
class PolicyChanges:
    policy: int
    name: str
    active: bool

    async def play(self, stage: Stage) -> None:
        changed = policy(stage.minute, key=POLICIES[self.policy], name=self.name, active=self.active)
        await stage.scene.happens(changed)


@dataclass(frozen=True)
class Answers:
    """The engine answers one of the retries that it was asked for, maybe a second time."""

    number: int
    well: bool

    async def play(self, stage: Stage) -> None:
        asked = nth(stage.engine.asked, self.number)
        if asked:
            await stage.scene.happens(*self._events(stage, asked))

    def _events(self, stage: Stage, asked: RetryRequest) -> list[Event]:
        key, minute, name = asked.key, stage.minute, asked.mailbox_key
        if asked.item is None:
            run = stage.run
            begun = started(minute, run, retry_id=key, of=name)
            if self.well:
                return [begun, completed(minute, run, mailbox=name, retry_id=key)]
            return [begun, sync_failed(minute, run, mailbox=name, retry_id=key)]
        if self.well:
            return [item_synced(minute, asked.item, retry_id=key, of=name)]
        return [item_failed(minute, asked.item, mailbox=name, retry_id=key)]
