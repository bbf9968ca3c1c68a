"""Each channel ends up showing what the rows say, whatever went wrong on the way."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.domain.values import AlertId
from bot.errors import DeliveryFailed, MessageGone
from bot.ports import SLOWEST_CALL, AlertDelivery
from bot.services.alerts import DELIVERED_AT_ONCE, LEASE, Reconciler
from bot.views import ChannelCard
from tests.unit.blocks.examples import alert, line
from tests.unit.services.fakes import NOON, FakeAlerts, FakeBell, FakeClock, FakeMessenger

CARD = alert(line())


def delivery(
    number: int, channel: str = "C0A", ts: str | None = None, *, cleared: bool = False, attempts: int = 0
) -> AlertDelivery:
    card = replace(CARD, id=AlertId(number), cleared_at=NOON if cleared else None)
    return AlertDelivery(number, card.id, channel, ts, 1, None, attempts, card, NOON + LEASE)


def reconciler(alerts: FakeAlerts, messenger: FakeMessenger, bell: FakeBell | None = None) -> Reconciler:
    return Reconciler(alerts, messenger, ("C0A", "C0B"), bell or FakeBell(), FakeClock())


async def test_a_new_alert_is_posted_once_and_its_ts_kept() -> None:
    alerts, messenger = FakeAlerts((delivery(1),)), FakeMessenger()
    await reconciler(alerts, messenger).sweep()
    assert messenger.posted == ["C0A"]
    assert alerts.shown_ts == {1: "ts-1"}
    assert alerts.channels == [("C0A", "C0B")]


async def test_an_alert_names_the_support_contact() -> None:
    class Reading(FakeMessenger):
        async def post_alert(self, channel: str, card: ChannelCard) -> str:
            assert card.support_contact == "help@partner.example"
            return await super().post_alert(channel, card)

    alerts, messenger = FakeAlerts((delivery(1),)), Reading()
    supported = replace(reconciler(alerts, messenger), support_contact="help@partner.example")
    await supported.sweep()
    assert alerts.shown_ts == {1: "ts-1"}


async def test_a_changed_alert_is_edited_in_place() -> None:
    alerts, messenger = FakeAlerts((delivery(1, ts="17.5"),)), FakeMessenger()
    await reconciler(alerts, messenger).sweep()
    assert (messenger.edited, messenger.posted) == (["17.5"], [])
    assert alerts.shown_ts == {1: "17.5"}


async def test_a_change_that_nobody_would_see_is_not_sent() -> None:
    messenger = FakeMessenger()
    unchanged = delivery(1, ts="17.5")
    alerts = FakeAlerts((replace(unchanged, shown_digest=messenger.digest(unchanged.card)),))
    await reconciler(alerts, messenger).sweep()
    assert messenger.asked == []
    assert alerts.shown_ts == {1: "17.5"}


async def test_an_alert_that_cleared_before_it_was_shown_is_never_posted() -> None:
    alerts, messenger = FakeAlerts((delivery(1, cleared=True),)), FakeMessenger()
    await reconciler(alerts, messenger).sweep()
    assert messenger.asked == []
    assert alerts.shown_ts == {1: None}


async def test_an_alert_that_cleared_after_it_was_shown_is_edited() -> None:
    alerts, messenger = FakeAlerts((delivery(1, ts="17.5", cleared=True),)), FakeMessenger()
    await reconciler(alerts, messenger).sweep()
    assert messenger.edited == ["17.5"]


async def test_when_slack_asks_to_wait_the_rest_of_the_channel_waits_without_asking_again() -> None:
    alerts = FakeAlerts((delivery(1, "C0A"), delivery(2, "C0B"), delivery(3, "C0A"), delivery(4, "C0A")))
    messenger = FakeMessenger({"C0A": DeliveryFailed("ratelimited", retry_after=30)})
    await reconciler(alerts, messenger).sweep()
    assert sorted(messenger.asked) == ["C0A", "C0B"]
    until = (NOON + timedelta(seconds=30), "ratelimited")
    assert alerts.postponed == {1: until, 3: until, 4: until}
    assert alerts.shown_ts == {2: "ts-2"}


async def test_while_a_channel_waits_later_alerts_wait_with_it() -> None:
    """In a flood there are more alerts than one sweep takes: not each sweep may ask again."""
    clock, messenger = FakeClock(), FakeMessenger()
    alerts = FakeAlerts((delivery(1), delivery(2, "C0B")))
    sweeping = Reconciler(alerts, messenger, ("C0A", "C0B"), FakeBell(), clock)
    messenger.trouble = {"C0A": DeliveryFailed("ratelimited", retry_after=30)}
    await sweeping.sweep()
    messenger.trouble, alerts.due = {}, (delivery(3), delivery(4, "C0B"))
    clock.at += timedelta(seconds=10)
    await sweeping.sweep()
    assert messenger.posted == ["C0B", "C0B"]
    assert alerts.postponed[3] == alerts.postponed[1] == (NOON + timedelta(seconds=30), "ratelimited")
    clock.at += timedelta(seconds=20)
    await sweeping.sweep()
    assert "C0A" in messenger.posted


@pytest.mark.parametrize("wait", [0, 0.5])
async def test_a_short_wait_is_a_wait_too(wait: float) -> None:
    alerts = FakeAlerts((delivery(1),))
    messenger = FakeMessenger({"C0A": DeliveryFailed("ratelimited", retry_after=wait)})
    await reconciler(alerts, messenger).sweep()
    assert alerts.postponed == {1: (NOON + timedelta(seconds=wait), "ratelimited")}


async def test_what_cannot_be_shown_before_the_lease_ends_is_left_to_the_next_sweep() -> None:
    """Another process may hold it by then: a message that is posted by both stands there twice."""

    @dataclass
    class Slow(FakeMessenger):
        clock: FakeClock = field(default_factory=FakeClock)

        async def post_alert(self, channel: str, card: ChannelCard) -> str:
            self.clock.at += SLOWEST_CALL
            return await super().post_alert(channel, card)

    clock, alerts = FakeClock(), FakeAlerts(tuple(delivery(number) for number in range(9)))
    await Reconciler(alerts, Slow(clock=clock), ("C0A",), FakeBell(), clock).sweep()
    assert clock.at <= NOON + LEASE
    assert 0 < len(alerts.shown_ts) < 9
    assert not alerts.postponed


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 30), (1, 60), (4, 480), (5, 600), (60, 600)])
async def test_what_waiting_does_not_mend_is_tried_again_later_and_later(attempts: int, seconds: int) -> None:
    alerts = FakeAlerts((delivery(1, attempts=attempts), delivery(2, "C0B")))
    messenger = FakeMessenger({"C0A": DeliveryFailed("is_archived", retry_after=None)})
    with capture_logs() as logs:
        await reconciler(alerts, messenger).sweep()
    assert alerts.postponed == {1: (NOON + timedelta(seconds=seconds), "is_archived")}
    assert [(entry["log_level"], entry["reason"]) for entry in logs] == [("error", "is_archived")]


async def test_a_channel_that_refuses_one_alert_is_still_asked_for_the_next() -> None:
    alerts = FakeAlerts((delivery(1), delivery(2)))
    messenger = FakeMessenger({"C0A": DeliveryFailed("no_text", retry_after=None)})
    await reconciler(alerts, messenger).sweep()
    assert messenger.asked == ["C0A", "C0A"]


async def test_a_message_that_was_deleted_in_slack_is_forgotten() -> None:
    alerts = FakeAlerts((delivery(1, ts="17.5"), delivery(2)))
    messenger = FakeMessenger({"C0A": MessageGone("message_not_found")})
    await reconciler(alerts, messenger).sweep()
    assert alerts.forgotten == [1, 2]
    assert not alerts.postponed


async def test_an_alert_that_cannot_be_drawn_holds_up_no_other() -> None:
    class Clumsy(FakeMessenger):
        async def post_alert(self, channel: str, card: object) -> str:  # noqa: ARG002
            if self.asked:
                return "ts"
            self.asked.append(channel)
            raise LookupError("a card that nobody thought of")

    alerts = FakeAlerts((delivery(1), delivery(2)))
    with capture_logs() as logs:
        await reconciler(alerts, Clumsy()).sweep()
    assert alerts.postponed[1][1] == "unexpected error"
    assert alerts.shown_ts == {2: "ts"}
    assert [entry["log_level"] for entry in logs if entry.get("exc_info")] == ["error"]


@pytest.mark.parametrize(("due", "rings"), [(DELIVERED_AT_ONCE - 1, 0), (DELIVERED_AT_ONCE, 1)])
async def test_a_full_batch_rings_for_the_next(due: int, rings: int) -> None:
    bell = FakeBell()
    await reconciler(FakeAlerts(tuple(delivery(n) for n in range(due))), FakeMessenger(), bell).sweep()
    assert bell.rings == rings
