"""A company under a clock of the test's own, without a network."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.company.company import Company
from bot.sandbox.company.world import Mailbox
from tests.unit.wire.samples import new_secret

BEGIN = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
Event = dict[str, Any]


class Clock:
    def __init__(self) -> None:
        self.at = BEGIN

    def now(self) -> datetime:
        return self.at


class Life:
    """A company whose time passes when the test says so."""

    def __init__(self, *, seed: int = 1, speed: float = 60, trouble: float = 0.0) -> None:
        self.clock = Clock()
        self.company = Company(
            bot_url="http://127.0.0.1:9",
            events_secret=new_secret(),
            requests_secret=new_secret(),
            speed=speed,
            seed=seed,
            trouble=trouble,
            now=self.clock.now,
        )
        self.past = self.company.outbox.take()

    def pass_time(self, seconds: float) -> list[Event]:
        """What was reported while that time passed, second by second."""
        end = self.clock.at + timedelta(seconds=seconds)
        while self.clock.at < end:
            self.clock.at += timedelta(seconds=1)
            self.company.tick()
        return self.company.outbox.take()

    def mailbox(self, name: str) -> Mailbox:
        return next(
            each for each in self.company.world.mailboxes.values() if each.source.lower().startswith(name)
        )


def of_type(events: list[Event], kind: str, keep: Callable[[Event], bool] = lambda _: True) -> list[Event]:
    """The data of each event of this type."""
    return [each["data"] for each in events if each["type"] == kind and keep(each["data"])]
