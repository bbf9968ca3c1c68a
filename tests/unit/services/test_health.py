"""What is wrong with syncbot itself is told apart from what only takes its time."""

from datetime import timedelta

import pytest

from bot.domain.routing import Subscription
from bot.services.health import LATE, Health
from bot.services.pulse import Pulse
from bot.views.health import ConnectionHealth, HealthCard
from tests.unit.services.alert_fakes import FakeSubscriptions
from tests.unit.services.fakes import NOON, FakeClock
from tests.unit.services.health_fakes import ARCHIVED, WELL, FakeHealthRecords, no_connection


async def work() -> None: ...


async def breaks_off() -> None:
    raise LookupError("what nobody thought of")


async def seen(*wanted: str, record: object = WELL, pulse: Pulse | None = None) -> HealthCard:
    clock = FakeClock()
    subscriptions = FakeSubscriptions(tuple(map(Subscription, wanted)))
    records = FakeHealthRecords(record)  # type: ignore[arg-type] # a parameter's value
    return await Health(records, subscriptions, pulse or Pulse(clock), clock, no_connection).card()


async def test_channels_that_got_nothing_yet_are_shown_and_the_troubled_ones_first() -> None:
    card = await seen("C0B", "C0C", record=ARCHIVED)
    assert [(each.channel, each.is_subscribed) for each in card.channels] == [
        ("C0A", False),
        ("C0B", True),
        ("C0C", True),
    ]


async def test_only_what_waiting_does_not_mend_needs_somebody() -> None:
    (dead,) = (await seen(record=ARCHIVED)).channels
    (well,) = (await seen("C0A")).channels
    assert (dead.needs_somebody, well.needs_somebody) == (True, False)


async def test_the_state_of_the_connection_is_asked_for() -> None:
    async def connection() -> ConnectionHealth:
        return ConnectionHealth(is_connected=False)

    clock = FakeClock()
    health = Health(FakeHealthRecords(), FakeSubscriptions(), Pulse(clock), clock, connection)
    assert (await health.card()).connection == ConnectionHealth(is_connected=False)
    assert (await seen()).connection is None


async def test_a_sweep_tells_when_it_was_last_done() -> None:
    clock = FakeClock()
    pulse = Pulse(clock)
    sweep = pulse.of("alerts", work)
    (before,) = (await seen(pulse=pulse)).sweeps
    assert (before.ended_at, before.is_well) == (None, True)
    await sweep()
    (after,) = (await seen(pulse=pulse)).sweeps
    assert (after.name, after.ended_at, after.is_well) == ("alerts", NOON, True)


async def test_a_sweep_that_breaks_off_says_so_until_one_ends_well() -> None:
    clock, does = FakeClock(), [breaks_off]
    pulse = Pulse(clock)

    async def one() -> None:
        await does[0]()

    sweep = pulse.of("alerts", one)
    with pytest.raises(LookupError):
        await sweep()
    assert [(each.failed, each.is_well) for each in (await seen(pulse=pulse)).sweeps] == [(True, False)]
    does[0] = work
    await sweep()
    assert [each.is_well for each in (await seen(pulse=pulse)).sweeps] == [True]


@pytest.mark.parametrize(("ago", "late"), [(LATE, False), (LATE + timedelta(seconds=1), True)])
async def test_a_sweep_that_stands_still_is_late(ago: timedelta, *, late: bool) -> None:
    pulse = Pulse(FakeClock(NOON - ago))
    pulse.of("alerts", work)
    assert [each.is_late for each in (await seen(pulse=pulse)).sweeps] == [late]


def test_a_watched_sweep_keeps_its_name_for_the_log() -> None:
    assert Pulse(FakeClock()).of("alerts", work).__qualname__ == "work"
