"""When incidents are looked for, counted and retried."""

from datetime import timedelta

import pytest

from bot.domain.access import Asker
from bot.domain.values import AlertId
from bot.errors import AlreadyRetrying, NotAllowed, NothingToRetry, StaleButton, SyncbotError
from bot.services.storms import COUNTED_EVERY, SURVEYED_EVERY, Storms
from bot.views import IncidentRetried
from tests.unit.services.alert_fakes import FakeIncidents
from tests.unit.services.fakes import NOON, OPERATOR, VIEWER, FakeBell, FakeClock, access

INCIDENT = AlertId(10)
SOME = IncidentRetried("Certificate expired", 500, 9_812, NOON)


def storms(incidents: FakeIncidents, clock: FakeClock | None = None, bell: FakeBell | None = None) -> Storms:
    return Storms(incidents, access(), bell or FakeBell(), clock or FakeClock(), timedelta(minutes=10))


async def test_counts_are_brought_up_to_date_every_few_seconds() -> None:
    """A message that is edited each second would have Slack refuse the edits."""
    incidents, clock = FakeIncidents(), FakeClock()
    watch = storms(incidents, clock)
    for _ in range(11):
        await watch.sweep()
        clock.at += timedelta(seconds=1)
    assert incidents.counted == [NOON, NOON + COUNTED_EVERY, NOON + 2 * COUNTED_EVERY]


async def test_all_is_looked_at_now_and_then_and_between_only_what_failed_anew() -> None:
    incidents, clock = FakeIncidents(), FakeClock()
    watch = storms(incidents, clock)
    for second in range(SURVEYED_EVERY // timedelta(seconds=1) + 1):
        incidents.newest_failure = 7 if second < 10 else 8
        await watch.sweep()
        clock.at += timedelta(seconds=1)
    assert incidents.gathered == [None, 7, None]


async def test_a_burst_is_looked_at_once_a_second() -> None:
    incidents, clock = FakeIncidents(), FakeClock()
    watch = storms(incidents, clock)
    for number in range(40):
        incidents.newest_failure = number
        await watch.sweep()
        clock.at += timedelta(seconds=0.1)
    assert incidents.gathered == [None, 0, 10, 20]


async def test_a_cause_is_retried_as_a_whole_by_who_may() -> None:
    incidents, bell = FakeIncidents(SOME), FakeBell()
    desk = storms(incidents, bell=bell)
    assert await desk.retry_cause("source_auth", Asker(OPERATOR)) == SOME
    assert (incidents.causes, bell.rings) == ([("source_auth", OPERATOR)], 1)
    with pytest.raises(NotAllowed):
        await desk.retry_cause("source_auth", Asker(VIEWER))
    assert len(incidents.causes) == 1


async def test_a_cause_that_nobody_waits_for_says_so() -> None:
    with pytest.raises(NothingToRetry, match="being retried already"):
        await storms(FakeIncidents()).retry_cause("source_auth", Asker(OPERATOR))


async def test_what_opens_is_counted_at_once() -> None:
    incidents, clock = FakeIncidents(opens=True), FakeClock()
    watch = storms(incidents, clock)
    await watch.sweep()
    incidents.newest_failure += 1
    clock.at += timedelta(seconds=1)
    await watch.sweep()
    assert len(incidents.counted) == 2


@pytest.mark.parametrize("differs", [True, False])
async def test_what_changed_is_told_at_once(*, differs: bool) -> None:
    bell = FakeBell()
    await storms(FakeIncidents(differs=differs), bell=bell).sweep()
    assert bell.rings == int(differs)


async def test_a_retry_is_claimed_and_counted_at_once() -> None:
    incidents, bell = FakeIncidents(SOME), FakeBell()
    watch = storms(incidents, bell=bell)
    await watch.sweep()
    assert await watch.retry(INCIDENT, Asker(OPERATOR)) == SOME
    await watch.sweep()
    assert (incidents.claims, bell.rings, len(incidents.counted)) == ([(INCIDENT, OPERATOR)], 1, 2)


@pytest.mark.parametrize(
    ("claimed", "error", "says"),
    [
        (None, StaleButton, "is over"),
        (IncidentRetried("Certificate expired", 0, 0, None), AlreadyRetrying, "being retried already"),
    ],
)
async def test_a_retry_that_finds_nothing_says_why(
    claimed: IncidentRetried | None, error: type[SyncbotError], says: str
) -> None:
    with pytest.raises(error, match=says):
        await storms(FakeIncidents(claimed)).retry(INCIDENT, Asker(OPERATOR))


async def test_a_viewer_retries_nothing() -> None:
    incidents = FakeIncidents(SOME)
    with pytest.raises(NotAllowed):
        await storms(incidents).retry(INCIDENT, Asker(VIEWER))
    assert incidents.claims == []
