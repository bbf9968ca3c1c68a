"""Each channel ends up showing what the rows say, whatever went wrong on the way."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.domain.routing import Facts, Filter, Mute, Standing, Subscription
from bot.domain.values import AlertId
from bot.domain.wishes import Mode, MuteKind
from bot.errors import DeliveryFailed, MessageGone
from bot.ports import SLOWEST_CALL
from bot.ports.delivery import AlertDelivery
from bot.services.alerts import LEASE, LOOKED_AT_ONCE, Reconciler
from bot.services.delivering import EDIT_EVERY, Deliverer
from bot.services.pacing import POSTS_AT_ONCE
from bot.services.undelivered import Alarm
from bot.views import ChannelCard
from tests.unit.blocks.examples import alert, line
from tests.unit.services.alert_fakes import (
    FakeAdmins,
    FakeAlertMessages,
    FakeAlerts,
    FakeChannels,
    FakeLetters,
    FakeMessenger,
    FakeMutes,
    FakeSubscriptions,
)
from tests.unit.services.fakes import ADMIN, NOON, FakeBell, FakeClock

CARD = alert(line())
STANDING = Standing(
    Facts(frozenset({"m1"}), frozenset({"contoso.com"}), frozenset({"gold"}), frozenset({"dest_too_large"})),
    NOON,
)
EVERYTHING = (Subscription("C0A"), Subscription("C0B"))


def delivery(
    number: int, channel: str = "C0A", ts: str | None = None, *, cleared: bool = False, attempts: int = 0
) -> AlertDelivery:
    card = replace(CARD, id=AlertId(number), cleared_at=NOON if cleared else None)
    standing = None if ts else STANDING
    return AlertDelivery(
        number, card.id, channel, ts, 1, None, attempts, card, NOON + LEASE, 1, standing=standing
    )


@dataclass
class Bot:
    """Two channels that want everything, and what became of what is due."""

    alerts: FakeAlerts
    messenger: FakeMessenger = field(default_factory=FakeMessenger)
    messages: FakeAlertMessages = field(default_factory=FakeAlertMessages)
    channels: FakeChannels = field(default_factory=FakeChannels)
    subscriptions: FakeSubscriptions = field(default_factory=lambda: FakeSubscriptions(EVERYTHING))
    mutes: FakeMutes = field(default_factory=FakeMutes)
    letters: FakeLetters = field(default_factory=FakeLetters)
    bell: FakeBell = field(default_factory=FakeBell)
    clock: FakeClock = field(default_factory=FakeClock)
    contact: str | None = None

    @property
    def reconciler(self) -> Reconciler:
        return Reconciler(
            self.alerts,
            self.channels,
            self.subscriptions,
            self.mutes,
            Deliverer(self.messages, self.messenger, self.letters, self.clock, self.contact),
            Alarm(self.channels, self.letters, FakeAdmins(), self.clock),
            self.bell,
            self.clock,
        )

    async def sweep(self) -> None:
        await self.reconciler.sweep()


def due(*deliveries: AlertDelivery, trouble: dict[str, Exception] | None = None) -> Bot:
    return Bot(FakeAlerts(deliveries), FakeMessenger(trouble or {}))


async def test_where_one_message_waits_many_are_looked_at_next() -> None:
    bot = due(delivery(1))
    bot.mutes.known = (Mute(MuteKind.CHANNEL, "C0A", None, "U1", NOON),)
    reconciler = bot.reconciler
    await reconciler.sweep()
    await reconciler.sweep()
    bot.alerts.due = ()
    await reconciler.sweep()
    await reconciler.sweep()
    few, many = POSTS_AT_ONCE, LOOKED_AT_ONCE
    assert [room.posts for room in bot.alerts.rooms] == [few, many, many, few]


async def test_a_new_alert_is_posted_once_and_its_ts_kept() -> None:
    bot = due(delivery(1))
    await bot.sweep()
    assert bot.messenger.posted == ["C0A"]
    assert bot.messages.shown_ts == {1: "ts-1"}
    shown = bot.messages.shown_as[1]
    assert (shown.sent, shown.told.count, shown.again_at) == (True, 1, NOON + EDIT_EVERY)


async def test_an_alert_names_the_support_contact() -> None:
    class Reading(FakeMessenger):
        async def post_alert(self, channel: str, card: ChannelCard, mention: str | None) -> str:
            assert card.support_contact == "help@partner.example"
            return await super().post_alert(channel, card, mention)

    bot = Bot(FakeAlerts((delivery(1),)), Reading(), contact="help@partner.example")
    await bot.sweep()
    assert bot.messages.shown_ts == {1: "ts-1"}


async def test_a_changed_alert_is_edited_in_place() -> None:
    bot = due(delivery(1, ts="17.5"))
    await bot.sweep()
    assert (bot.messenger.edited, bot.messenger.posted) == (["17.5"], [])
    assert bot.messages.shown_ts == {1: "17.5"}


async def test_a_change_that_nobody_would_see_is_not_sent() -> None:
    unchanged = delivery(1, ts="17.5")
    bot = due(replace(unchanged, shown_digest=FakeMessenger().digest(unchanged.card)))
    await bot.sweep()
    assert bot.messenger.asked == []
    assert bot.messages.shown_ts == {1: "17.5"}


async def test_an_alert_that_cleared_before_it_was_shown_is_never_posted() -> None:
    bot = due(delivery(1, cleared=True))
    await bot.sweep()
    assert bot.messenger.asked == []
    assert bot.messages.shown_ts == {1: None}


async def test_an_alert_that_cleared_after_it_was_shown_is_edited() -> None:
    bot = due(delivery(1, ts="17.5", cleared=True))
    await bot.sweep()
    assert bot.messenger.edited == ["17.5"]


async def test_whoever_lost_the_lease_posts_nothing() -> None:
    bot = due(delivery(1))
    bot.messages.lost = {1}
    await bot.sweep()
    assert bot.messenger.posted == []
    assert bot.messages.shown_as == {}


async def test_a_message_whose_answer_was_lost_is_edited_where_it_is_found() -> None:
    bot = due(replace(delivery(1), posting_since=NOON))
    bot.letters.found = "17.5"
    await bot.sweep()
    assert (bot.messenger.posted, bot.messenger.edited) == ([], ["17.5"])


@pytest.mark.parametrize(
    ("subscriptions", "mutes", "reason"),
    [
        ((), (), "no subscription of the channel takes it"),
        ((Subscription("C0A", Filter(policies=frozenset({"silver"}))),), (), "no subscription of the"),
        ((Subscription("C0A", mode=Mode.DIGEST),), (), "digests only"),
        (EVERYTHING, (Mute(MuteKind.MAILBOX, "m1", None, ADMIN, NOON),), "muted"),
    ],
)
async def test_what_a_channel_does_not_want_now_is_held_and_slack_is_not_asked(
    subscriptions: tuple[Subscription, ...], mutes: tuple[Mute, ...], reason: str
) -> None:
    bot = due(delivery(1))
    bot.subscriptions.known, bot.mutes.known = subscriptions, mutes
    await bot.sweep()
    assert bot.messenger.asked == []
    assert reason in bot.messages.held[1].reason


async def test_only_channels_that_are_told_in_threads_have_them_looked_at() -> None:
    bot = due()
    bot.subscriptions.known = (Subscription("C0A", mode=Mode.THREAD), Subscription("C0B"))
    await bot.sweep()
    assert bot.alerts.threads == [["C0A"]]


async def test_when_slack_asks_to_wait_the_rest_of_the_channel_waits_without_asking_again() -> None:
    trouble: dict[str, Exception] = {"C0A": DeliveryFailed("ratelimited", retry_after=30)}
    bot = due(delivery(1), delivery(2, "C0B"), delivery(3), delivery(4), trouble=trouble)
    await bot.sweep()
    assert sorted(bot.messenger.asked) == ["C0A", "C0B"]
    [outage] = bot.channels.outages
    assert (outage.channel, outage.retry_after) == ("C0A", NOON + timedelta(seconds=30))
    assert {3, 4} <= set(bot.alerts.released)
    assert bot.messages.postponed.keys() == {1}
    assert bot.messages.shown_ts == {2: "ts-2"}
    assert bot.letters.told == []


@pytest.mark.parametrize("wait", [0, 0.5])
async def test_a_short_wait_is_a_wait_too(wait: float) -> None:
    bot = due(delivery(1), trouble={"C0A": DeliveryFailed("ratelimited", retry_after=wait)})
    await bot.sweep()
    assert bot.channels.outages[0].retry_after == NOON + timedelta(seconds=wait)


@pytest.mark.parametrize("may_have_arrived", [True, False])
async def test_whether_a_message_may_stand_there_is_remembered(*, may_have_arrived: bool) -> None:
    lost = DeliveryFailed("TimeoutError", retry_after=30, may_have_arrived=may_have_arrived)
    bot = due(delivery(1), trouble={"C0A": lost})
    await bot.sweep()
    assert bot.messages.unsure == ([1] if may_have_arrived else [])


async def test_what_cannot_be_shown_before_the_lease_ends_is_left_to_the_next_sweep() -> None:
    """Another process may hold it by then: a message that is posted by both stands there twice."""

    @dataclass
    class Slow(FakeMessenger):
        clock: FakeClock = field(default_factory=FakeClock)

        async def post_alert(self, channel: str, card: ChannelCard, mention: str | None) -> str:
            self.clock.at += SLOWEST_CALL
            return await super().post_alert(channel, card, mention)

    clock, alerts = FakeClock(), FakeAlerts(tuple(delivery(number) for number in range(9)))
    bot = Bot(alerts, Slow(clock=clock), clock=clock)
    await bot.sweep()
    assert clock.at <= NOON + LEASE
    assert 0 < len(bot.messages.shown_as) < 9
    assert len(bot.messages.shown_as) + len(alerts.released) == 9
    assert not bot.messages.postponed


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 30), (1, 60), (4, 480), (5, 600), (60, 600)])
async def test_what_waiting_does_not_mend_is_tried_again_later_and_later(attempts: int, seconds: int) -> None:
    refused = DeliveryFailed("no_text", retry_after=None)
    bot = due(delivery(1, attempts=attempts), delivery(2, "C0B"), trouble={"C0A": refused})
    with capture_logs() as logs:
        await bot.sweep()
    assert bot.messages.postponed == {1: (NOON + timedelta(seconds=seconds), "no_text")}
    assert [(entry["log_level"], entry["reason"]) for entry in logs] == [("error", "no_text")]


async def test_a_channel_that_refuses_one_alert_is_still_asked_for_the_next() -> None:
    bot = due(delivery(1), delivery(2), trouble={"C0A": DeliveryFailed("no_text", retry_after=None)})
    await bot.sweep()
    assert bot.messenger.asked == ["C0A", "C0A"]


async def test_a_dead_channel_is_asked_once_and_the_admins_are_told_once() -> None:
    bot = due(delivery(1), delivery(2), trouble={"C0A": DeliveryFailed("is_archived", retry_after=None)})
    await bot.sweep()
    await bot.sweep()
    assert bot.messenger.asked == ["C0A", "C0A"]
    assert [(user, outage.reason) for user, outage in bot.letters.told] == [(ADMIN, "is_archived")]


async def test_where_no_admin_could_be_told_the_next_attempt_tries_again() -> None:
    bot = due(delivery(1), trouble={"C0A": DeliveryFailed("is_archived", retry_after=None)})
    bot.letters.trouble = {ADMIN: DeliveryFailed("ratelimited", retry_after=30)}
    await bot.sweep()
    bot.letters.trouble = {}
    await bot.sweep()
    assert [user for user, _ in bot.letters.told] == [ADMIN]


async def test_a_message_that_was_deleted_in_slack_is_forgotten() -> None:
    bot = due(delivery(1, ts="17.5"), delivery(2), trouble={"C0A": MessageGone("message_not_found")})
    await bot.sweep()
    assert bot.messages.forgotten == [1, 2]
    assert not bot.messages.postponed


async def test_an_alert_that_cannot_be_drawn_holds_up_no_other() -> None:
    class Clumsy(FakeMessenger):
        async def post_alert(self, channel: str, card: object, mention: str | None) -> str:  # noqa: ARG002
            if self.asked:
                return "ts"
            self.asked.append(channel)
            raise LookupError("a card that nobody thought of")

    bot = Bot(FakeAlerts((delivery(1), delivery(2))), Clumsy())
    with capture_logs() as logs:
        await bot.sweep()
    assert bot.messages.postponed[1][1] == "unexpected error"
    assert bot.messages.shown_ts == {2: "ts"}
    assert [entry["log_level"] for entry in logs if entry.get("exc_info")] == ["error"]


@pytest.mark.parametrize(
    ("deliveries", "more", "rings"), [((), False, 0), ((), True, 1), ((delivery(1),), False, 1)]
)
async def test_it_rings_for_the_next_sweep_until_nothing_is_left(
    deliveries: tuple[AlertDelivery, ...], *, more: bool, rings: int
) -> None:
    bot = due(*deliveries)
    bot.alerts.more = more
    await bot.sweep()
    assert bot.bell.rings == rings


async def test_a_message_is_edited_no_more_than_slack_takes_a_minute() -> None:
    """What is left waits with its lease given back, and without a word to Slack."""
    many = tuple(delivery(number, ts=f"{number}.5") for number in range(60))
    clock = FakeClock()
    bot = Bot(FakeAlerts(many), clock=clock)
    sweeping = bot.reconciler
    await sweeping.sweep()
    assert (len(bot.messenger.edited), len(bot.alerts.released)) == (45, 15)
    bot.alerts.due = many[45:]
    clock.at += timedelta(minutes=1)
    await sweeping.sweep()
    assert len(bot.messenger.edited) == 60


async def refused(bot: Bot, attempts: int, *numbers: int) -> None:
    bot.alerts.due = tuple(delivery(number, attempts=attempts) for number in numbers)
    await bot.sweep()


async def test_the_admins_are_told_of_messages_that_are_refused_again_and_again_however_many() -> None:
    bot = due(trouble={"C0A": DeliveryFailed("no_text", retry_after=None)})
    await refused(bot, 0, 1, 2)
    await refused(bot, 1, 1, 2)
    assert bot.letters.told == []
    await refused(bot, 2, 1, 2)
    [(user, outage)] = bot.letters.told
    assert (user, outage.reason, outage.is_whole) == (ADMIN, "no_text", False)


async def test_where_no_admin_could_be_told_of_a_refusal_the_next_one_tells() -> None:
    bot = due(trouble={"C0A": DeliveryFailed("no_text", retry_after=None)})
    bot.letters.trouble = {ADMIN: DeliveryFailed("ratelimited", retry_after=30)}
    await refused(bot, 2, 1)
    bot.letters.trouble = {}
    await refused(bot, 3, 1)
    assert len(bot.letters.told) == 1
