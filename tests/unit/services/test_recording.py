"""Only what changed something wakes the sweeps."""

import pytest

from bot.domain.events import Envelope, SyncStarted
from bot.domain.values import RunKind, Trigger
from bot.ports import Recorded
from bot.services.recording import Recording
from tests.unit.services.fakes import NOON, FakeBell, FakeClock, FakeRecorder

STARTED = Envelope("engine", "1", SyncStarted(NOON, "m", "r", RunKind.DELTA, Trigger.SCHEDULE))


@pytest.mark.parametrize(
    ("outcome", "rings"), [(Recorded.APPLIED, 1), (Recorded.DUPLICATE, 0), (Recorded.PARKED, 0)]
)
async def test_applied_events_ring(outcome: Recorded, rings: int) -> None:
    bell = FakeBell()
    recorded = await Recording(FakeRecorder(outcome), bell, FakeClock()).record([STARTED, STARTED])
    assert recorded == [outcome, outcome]
    assert bell.rings == rings


async def test_no_events_are_nothing_to_do() -> None:
    bell = FakeBell()
    assert await Recording(FakeRecorder(), bell, FakeClock()).record([]) == []
    assert bell.rings == 0
