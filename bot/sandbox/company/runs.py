"""Runs and retries: each asks the world whether what made it fail still holds."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from bot.sandbox.company.agenda import Agenda
from bot.sandbox.company.founding import fail_message
from bot.sandbox.company.reports import Reporter
from bot.sandbox.company.world import Item, Mailbox, Run, World

_INITIAL_STEPS = 12
_TRANSIENT = ("throttled", "unavailable")


class Pace:
    """How much faster than in life schedules run: an hourly policy runs every hour / `speed`."""

    def __init__(self, speed: float) -> None:
        self.speed = speed

    def interval(self, mailbox: Mailbox) -> timedelta:
        return mailbox.policy.interval / self.speed

    def work(self, seconds: float) -> timedelta:
        """Working time is short in any case: it shrinks only where speed is extreme."""
        return timedelta(seconds=seconds * min(1.0, 60 / self.speed))


class Runs:
    def __init__(
        self,
        world: World,
        agenda: Agenda,
        reporter: Reporter,
        now: Callable[[], datetime],
        chance: Random,
        pace: Pace,
        trouble: float = 0.03,
    ) -> None:
        """`trouble` is the probability that a run meets a new, passing failure."""
        self._world = world
        self._agenda = agenda
        self._reporter = reporter
        self._now = now
        self._chance = chance
        self._pace = pace
        self._trouble = trouble
        self._serial = count(1)

    # ---- runs ----------------------------------------------------------------------------------------------

    def plan(self, mailbox: Mailbox, at: datetime | None) -> None:
        """The next scheduled run. None: as the policy says; an earlier plan is forgotten."""
        if not mailbox.policy.active:
            return
        due = at or self._now() + self._pace.interval(mailbox)
        mailbox.next_sync_at = due
        self._agenda.at(due, partial(self._scheduled, mailbox, due))

    def _scheduled(self, mailbox: Mailbox, planned: datetime) -> None:
        if mailbox.next_sync_at == planned and not self.start(mailbox, "schedule"):
            self.plan(mailbox, None)

    def start(self, mailbox: Mailbox, trigger: str, retry_id: str | None = None) -> bool:
        """False while a run of this mailbox goes on."""
        if mailbox.run:
            return False
        kind = "delta" if mailbox.synced else "initial"
        mailbox.run = Run(self.new_key(mailbox), kind, self._now(), retry_id)
        self._reporter.started(mailbox, mailbox.run, trigger)
        self.work_on(mailbox, mailbox.run)
        return True

    def new_key(self, mailbox: Mailbox) -> str:
        return f"run-{self._now():%Y%m%d%H%M%S}-{mailbox.key}-{next(self._serial)}"

    def work_on(self, mailbox: Mailbox, run: Run) -> None:
        if run.kind == "initial" and not mailbox.blocked_by(self._now()):
            run.total = run.total or self._chance.randint(1_500, 6_000)
            self._later(8, partial(self._advance, mailbox, run))
        else:
            self._later(self._chance.uniform(1.0, 4.0), partial(self._finish, mailbox, run))

    def _advance(self, mailbox: Mailbox, run: Run) -> None:
        total = run.total or 1
        run.done = min(total, run.done + total // _INITIAL_STEPS + self._chance.randint(1, 40))
        self._reporter.progress(mailbox, run, self._now())
        step = self._advance if run.done < total else self._finish
        self._later(8, partial(step, mailbox, run))

    def _finish(self, mailbox: Mailbox, run: Run) -> None:
        mailbox.run = None
        self.plan(mailbox, None)
        blocker = mailbox.blocked_by(self._now())
        if blocker:
            self._reporter.failed(mailbox, run, self._now(), blocker)
        else:
            self._complete(mailbox, run)

    def _complete(self, mailbox: Mailbox, run: Run) -> None:
        mailbox.synced = True
        if self._chance.random() < self._trouble:
            fail_message(self._world, mailbox, self._chance.choice(_TRANSIENT), self._now(), self._chance)
        for item in mailbox.failing():
            self._try(mailbox, item, {"run": run.key})
        failing = mailbox.failing()
        counts = self._counts(run, len(failing))
        self._reporter.completed(mailbox, run, self._now(), counts, [item.key for item in failing])

    def _counts(self, run: Run, failed: int) -> dict[str, int]:
        changes = run.total or max(0, int(self._chance.gauss(9, 9)))
        return {"changes": changes, "bytes": changes * self._chance.randint(20_000, 90_000), "failed": failed}

    # ---- items ---------------------------------------------------------------------------------------------

    def _try(self, mailbox: Mailbox, item: Item, answers: dict[str, str | None]) -> None:
        """Runs try what failed for good only once its cause is gone; a retry is answered always."""
        if item.condition.holds(self._now()):
            if not item.reported or item.condition.heals_at:
                self.report_failed(mailbox, item, answers)
        else:
            self._heal(mailbox, item, answers)

    def report_failed(self, mailbox: Mailbox, item: Item, answers: dict[str, str | None]) -> None:
        why = mailbox.blocked_by(self._now()) or item.condition
        item.attempts += 1
        item.reported = True
        self._reporter.item_failed(mailbox, item, why, self._now(), answers)
        if why.heals_at:
            self.expect_healing(mailbox, item, why.heals_at)

    def _heal(self, mailbox: Mailbox, item: Item, answers: dict[str, str | None]) -> None:
        was_known = item.reported
        item.failing = False
        if was_known:
            self._reporter.item_synced(mailbox, item, self._now(), answers)

    def expect_healing(self, mailbox: Mailbox, item: Item, at: datetime) -> None:
        self._agenda.at(at, partial(self._again, mailbox, item))

    def _again(self, mailbox: Mailbox, item: Item) -> None:
        """The engine's own next try of what passes by itself."""
        if item.failing and not mailbox.blocked_by(self._now()) and not item.condition.holds(self._now()):
            self._heal(mailbox, item, {})

    def retry(self, mailbox: Mailbox, item: Item, retry_id: str) -> None:
        self._later(self._chance.uniform(0.8, 3.0), partial(self._answer, mailbox, item, retry_id))

    def _answer(self, mailbox: Mailbox, item: Item, retry_id: str) -> None:
        now, answers = self._now(), {"retry_id": retry_id}
        blocked = mailbox.blocked_by(now) is not None
        if item.failing and (blocked or item.condition.holds(now)):
            self.report_failed(mailbox, item, {**answers})
        else:
            item.reported = True
            self._heal(mailbox, item, {**answers})

    def _later(self, seconds: float, step: Callable[[], None]) -> None:
        self._agenda.at(self._now() + self._pace.work(seconds), step)
