"""What people do about alerts, as small as it can be."""
# ruff: noqa: ARG002 - the signatures are the ports'

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.values import AlertId, FailureId, MailboxId
from bot.views import AlertState, Dismissable


@dataclass
class FakeHandling:
    """Whoever is first wins; `loses` is what somebody else was quicker with. `done` is what happened."""

    found: Dismissable | None = None
    told: AlertState | None = None
    loses: set[str] = field(default_factory=set)
    sleeps: bool = False
    done: list[tuple[object, ...]] = field(default_factory=list)

    async def acknowledge(self, alert: AlertId, *, seen: int, by: str, now: datetime) -> bool:
        return self._do("acknowledge", alert, seen, by)

    async def unacknowledge(self, alert: AlertId, *, by: str, now: datetime) -> bool:
        return self._do("unacknowledge", alert, by)

    async def snooze(self, alert: AlertId, *, until: datetime | None, by: str, now: datetime) -> bool:
        return self._do("snooze" if until else "wake", alert, until, by)

    async def wake_due(self, now: datetime) -> bool:
        return self.sleeps

    async def dismiss(
        self, failures: Sequence[FailureId], *, reason: str, by: str, now: datetime
    ) -> Collection[FailureId]:
        return failures if self._do("dismiss", tuple(failures), reason, by) else ()

    async def restore(
        self, failures: Sequence[FailureId], *, by: str, now: datetime
    ) -> Collection[FailureId]:
        return failures if self._do("restore", tuple(failures), by) else ()

    async def state(self, alert: AlertId) -> AlertState | None:
        return self.told

    async def dismissable(self, mailbox: MailboxId, limit: int) -> Dismissable | None:
        return self.found

    async def unresolved(self, mailbox: MailboxId, upto: FailureId) -> tuple[FailureId, ...]:
        lines = self.found.lines if self.found else ()
        return tuple(line.id for line in lines if line.id <= upto)

    def _do(self, what: str, *how: object) -> bool:
        self.done.append((what, *how))
        return what not in self.loses
