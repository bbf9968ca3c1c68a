"""The company's past days, told at the start with the times at which things happened."""

from datetime import datetime, timedelta
from random import Random

from bot.sandbox.company import cast
from bot.sandbox.company.founding import mailbox_of
from bot.sandbox.company.reports import Reporter
from bot.sandbox.company.world import Mailbox, Run, World

_LOOK_BACK = {"hour": timedelta(hours=30), "day": timedelta(days=9), "week": timedelta(weeks=4)}
_TROUBLE_SINCE = timedelta(hours=26)
"""For how long mailboxes with a condition have been failing; longer ago all was well."""

_FIRST_RUN_LASTED = timedelta(minutes=48)


class History:
    def __init__(self, world: World, reporter: Reporter, now: datetime, chance: Random) -> None:
        self._world = world
        self._reporter = reporter
        self._now = now
        self._chance = chance

    def tell(self) -> None:
        began = self._now - timedelta(weeks=5)
        for policy in self._world.policies:
            self._reporter.policy(policy, began)
        for mailbox in self._world.mailboxes.values():
            self._reporter.mailbox(mailbox, began)
        for mailbox in self._world.mailboxes.values():
            if mailbox.synced:
                self._past_of(mailbox)

    def start_initial(self, key: str) -> Mailbox:
        """The mailbox that is in the middle of its first run. `key` names the run."""
        mailbox = mailbox_of(self._world, cast.IN_INITIAL_SYNC[0])
        started = self._now - timedelta(minutes=21)
        mailbox.run = Run(key, "initial", started, done=1_930, total=4_812)
        self._reporter.started(mailbox, mailbox.run, "schedule")
        self._reporter.progress(mailbox, mailbox.run, self._now - timedelta(minutes=1))
        return mailbox

    def _past_of(self, mailbox: Mailbox) -> None:
        moments = self._moments(mailbox)
        for number, at in enumerate(moments):
            kind = "delta" if number else "initial"
            lasted = timedelta(seconds=self._chance.randint(20, 240)) if number else _FIRST_RUN_LASTED
            run = Run(f"run-past-{at:%Y%m%d%H%M}-{mailbox.key}", kind, at - lasted)
            self._past_run(mailbox, run, at, newest=at == moments[-1])

    def _moments(self, mailbox: Mailbox) -> list[datetime]:
        """When past runs ended, oldest first. The newest is at most a third of the interval ago."""
        interval = mailbox.policy.interval
        newest = self._now - interval * self._chance.uniform(0.02, 0.3)
        if not mailbox.policy.active:
            newest -= timedelta(days=12)
        times = int(_LOOK_BACK[mailbox.policy.unit] / interval)
        return [newest - interval * back for back in range(times, -1, -1)]

    def _past_run(self, mailbox: Mailbox, run: Run, at: datetime, *, newest: bool) -> None:
        blocker = mailbox.blocked_by(self._now)
        if blocker and (newest or at > self._now - _TROUBLE_SINCE):
            self._reporter.failed(mailbox, run, at, blocker)
            return
        failing = mailbox.failing() if newest else []
        for item in failing:
            item.attempts, item.reported = 1, True
            item.received_at = min(item.received_at, run.started_at - timedelta(minutes=3))
            self._reporter.item_failed(mailbox, item, item.condition, at, {"run": run.key})
        counts = self._counts(run, len(failing))
        self._reporter.completed(mailbox, run, at, counts, [item.key for item in failing])

    def _counts(self, run: Run, failed: int) -> dict[str, int]:
        few = max(0, int(self._chance.gauss(11, 12)))
        changes = self._chance.randint(1_200, 7_000) if run.kind == "initial" else few
        return {"changes": changes, "bytes": changes * self._chance.randint(20_000, 90_000), "failed": failed}
