"""Notices what nobody reports: runs without a sign of life, and mailboxes without a success."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import structlog

from bot.domain.events import Envelope, ItemFailed, SyncFailed
from bot.domain.values import RUN_LEVEL
from bot.ports import Clock, StuckRun, Watchdog
from bot.services.recording import Recording

SILENCE = timedelta(minutes=5)
"""A run that gave no sign of life for so long has stopped in the middle."""

AT_ONCE = 200
SOURCE = "syncbot"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Overseer:
    watchdog: Watchdog
    recording: Recording
    clock: Clock

    async def sweep(self) -> None:
        await self._end_stuck_runs()
        await self._report_overdue()

    async def _end_stuck_runs(self) -> None:
        now = self.clock.now()
        for run in await self.watchdog.stuck(now, silent_since=now - SILENCE, limit=AT_ONCE):
            await self._end(run)

    async def _end(self, run: StuckRun) -> None:
        try:
            await self.watchdog.end(run, self._interrupted(run))
        except Exception:  # noqa: BLE001 - one run's trouble must not hide the others
            _log.exception("a stuck run could not be ended", run=run.run_key)
        else:
            self.recording.doorbell.ring()

    def _interrupted(self, run: StuckRun) -> SyncFailed:
        since = f"{run.last_sign_at:%Y-%m-%d %H:%M} UTC"
        message = f"The run gave no sign of life since {since}"
        return SyncFailed(self.clock.now(), run.mailbox_key, run.run_key, "interrupted", message)

    async def _report_overdue(self) -> None:
        now = self.clock.now()
        overdue = await self.watchdog.overdue(now, limit=AT_ONCE)
        message = "No sync has succeeded in time"
        events = [ItemFailed(now, key, RUN_LEVEL, RUN_LEVEL, "overdue", message) for key in overdue]
        await self.recording.record([Envelope(SOURCE, uuid4().hex, event) for event in events])
