"""Retrying: one attempt however often it is asked for, sent until the engine answers, never for ever."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.domain.access import Asker
from bot.domain.retrying import deadline, send_again_at
from bot.domain.values import RetryOutcome, Role
from bot.errors import AlreadyRetrying, EngineRefused, EngineUnreachable, NothingToRetry, StaleButton
from bot.ports import Clock, Doorbell, Engine, Retries, RetryRequest, RetryTarget
from bot.services.access import Access
from bot.views import RetryStarted

SENT_AT_ONCE = 16
"""Requests under way to the engine at the same time."""

LEASE = timedelta(seconds=60)
"""Longer than one request to the engine may take; a crash in between delays it by this much."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RetryDesk:
    retries: Retries
    engine: Engine
    access: Access
    doorbell: Doorbell
    clock: Clock
    patience: timedelta

    async def request(self, target: RetryTarget, asker: Asker) -> RetryStarted:
        """Claim what is failing and not being retried already, and have it sent.

        Raises:
            NotAllowed, StaleButton, AlreadyRetrying, NothingToRetry
        """
        await self.access.require(asker, Role.OPERATOR, to="sync now" if target.whole_mailbox else "retry")
        now = self.clock.now()
        started = await self.retries.claim(
            target, actor=asker.user, now=now, deadline=deadline(now, self.patience)
        )
        self.doorbell.ring()
        return _not_empty(started, target)

    async def sweep(self) -> None:
        """Send what is due, and reopen what waited for too long."""
        now = self.clock.now()
        due = await self.retries.lease_due(now, until=now + LEASE, limit=SENT_AT_ONCE)
        await asyncio.gather(*(self._send(request) for request in due))
        for key in await self.retries.expired(self.clock.now(), limit=100):
            await self.retries.end(key, RetryOutcome.TIMED_OUT, self._unanswered, self.clock.now())
        if len(due) == SENT_AT_ONCE:
            self.doorbell.ring()

    @property
    def _unanswered(self) -> str:
        minutes = self.patience.total_seconds() / 60
        return f"The engine did not answer within {minutes:g} minutes"

    async def _send(self, request: RetryRequest) -> None:
        try:
            await self.engine.request_retry(request)
        except EngineRefused as refusal:
            reason = "its own words" if refusal.quotes else refusal.sentence
            _log.warning("retry refused", retry=request.key, reason=reason)
            await self.retries.end(request.key, RetryOutcome.REFUSED, refusal.sentence, self.clock.now())
        except EngineUnreachable as error:
            again_at = send_again_at(self.clock.now(), request.attempts)
            _log.warning("engine unreachable", retry=request.key, reason=error.sentence, again_at=again_at)
            await self.retries.postpone(request.key, until=again_at)
        else:
            await self.retries.sent(request.key, self.clock.now())


def _not_empty(started: RetryStarted | None, target: RetryTarget) -> RetryStarted:
    if started is None:
        raise StaleButton("That mailbox is no longer synced. Look for it with `/sync search`.")
    if started.claimed:
        return started
    if started.already_retrying:
        what = "A sync of this mailbox" if target.whole_mailbox else "A retry of this"
        raise AlreadyRetrying(f"{what} is already under way. Its result will show here by itself.")
    raise NothingToRetry("Nothing is failing here any more, so there is nothing to retry.")
