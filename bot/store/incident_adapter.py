"""The port of bot.ports.incidents, filled by SQL."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.catalogue import cause_of
from bot.domain.storms import RETRY_EVERY
from bot.domain.values import AlertId
from bot.ports import RetryTarget
from bot.store import incident_retries, incident_rows, incident_survey
from bot.store.database import Database
from bot.store.incident_retries import OF_CAUSE, OF_INCIDENT, Crowd
from bot.store.retry_requests import Asking
from bot.views import IncidentRetried

CLAIMED_AT_ONCE = 50
"""Mailboxes that one transaction claims, so that nobody else who writes waits for long."""


@dataclass(frozen=True, slots=True)
class SqlIncidents:
    database: Database

    async def newest(self) -> int:
        return await self.database.read(incident_survey.newest)

    async def gather(self, since: int | None = None) -> bool:
        storms = await self.database.read(incident_survey.storms, since)
        if not storms and (since is not None or not await self.database.read(incident_rows.has_strays)):
            return False
        return await self.database.write(incident_rows.gather, storms)

    async def count(self, now: dt.datetime) -> bool:
        if not await self.database.read(incident_rows.has_changed):
            return False
        await self.database.write(incident_rows.count, now)
        return True

    async def claim_retries(
        self, incident: AlertId, *, actor: str, now: dt.datetime, patience: timedelta
    ) -> IncidentRetried | None:
        code = await self.database.read(incident_retries.code_of, incident)
        if code is None:
            return None
        asking = Asking(actor, now, now + patience)
        return await self._claim_all(OF_INCIDENT, incident, code, f"incident {code}", asking)

    async def claim_retries_of_cause(
        self, code: str, *, actor: str, now: dt.datetime, patience: timedelta
    ) -> IncidentRetried:
        asking = Asking(actor, now, now + patience)
        return await self._claim_all(OF_CAUSE, code, code, f"cause {code}", asking)

    async def _claim_all(
        self, crowd: Crowd, of: int | str, code: str, told: str, asking: Asking
    ) -> IncidentRetried:
        targets, waiting = await self.database.read(incident_retries.chosen, crowd, of)
        queued = await self.database.read(incident_retries.last_queued, crowd, of)
        first = max(asking.now, queued + RETRY_EVERY) if queued else asking.now
        claimed = await self._claim(targets, asking, first)
        if claimed:
            await self.database.write(incident_retries.note, told, claimed, waiting, asking)
        last = first + (claimed - 1) * RETRY_EVERY if claimed else None
        return IncidentRetried(cause_of(code).cause, claimed, waiting, last)

    async def _claim(self, targets: Sequence[RetryTarget], asking: Asking, first: dt.datetime) -> int:
        claimed = 0
        for start in range(0, len(targets), CLAIMED_AT_ONCE):
            some = targets[start : start + CLAIMED_AT_ONCE]
            at = first + claimed * RETRY_EVERY
            claimed += await self.database.write(incident_retries.claim_some, some, asking, at)
        return claimed
