"""Health as rows could tell it."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.ports.health import HealthRecord
from bot.views.health import ChannelHealth, ConnectionHealth, EngineHealth, Held, Undelivered, Waiting
from tests.unit.services.fakes import NOON

AN_HOUR_AGO = NOON - timedelta(hours=1)
WELL = HealthRecord(
    channels=(ChannelHealth("C0A", is_subscribed=False, delivered_at=AN_HOUR_AGO),),
    undelivered=(),
    held=(),
    backlog=(Waiting("alerts", 0, None), Waiting("retries", 0, None), Waiting("parked events", 0, None)),
    engine=EngineHealth(2, NOON, NOON),
)
ARCHIVED = HealthRecord(
    channels=(
        ChannelHealth(
            "C0A",
            is_subscribed=False,
            reason="is_archived",
            since=AN_HOUR_AGO,
            retry_after=NOON + timedelta(minutes=5),
            told_at=AN_HOUR_AGO,
        ),
    ),
    undelivered=(Undelivered("C0A", "is_archived", 12, AN_HOUR_AGO),),
    held=(Held("quiet hours", 3),),
    backlog=(Waiting("alerts", 12, AN_HOUR_AGO), Waiting("retries", 1, NOON)),
    engine=EngineHealth(0, AN_HOUR_AGO, AN_HOUR_AGO, unsent=1, unsent_since=AN_HOUR_AGO),
)


@dataclass
class FakeHealthRecords:
    record: HealthRecord = field(default=WELL)

    async def read(self) -> HealthRecord:
        return self.record


async def no_connection() -> ConnectionHealth | None:
    """Slack calls over HTTP."""
    return None
