"""What channels subscribed to and what is muted is kept as it was given, audited, and looked at anew."""

from datetime import time, timedelta

from bot.domain.routing import Filter, Mute, Subscription
from bot.domain.wishes import Cadence, DigestPlan, Mode, MuteKind, QuietHours, Urgency
from bot.store import SqlMutes, SqlSubscriptions
from tests.integration.store.words import Store, at, item_failed

SETTING = Subscription("C_OPS")
OWN = Subscription(
    "C_OPS",
    Filter(
        mailboxes=frozenset({"m1"}),
        domains=frozenset({"org.example", "shop.example"}),
        policies=frozenset({"gold"}),
        causes=frozenset({"source_auth"}),
        least=Urgency.ERROR,
    ),
    Mode.THREAD,
    QuietHours("Europe/Zurich", time(22), time(7, 30), Urgency.ERROR),
    "S0ADMINS",
    DigestPlan(Cadence.WEEKLY, "Asia/Kolkata", time(8, 15), weekday=4),
    by="U1",
)


async def test_a_subscription_comes_back_as_it_was_saved(store: Store) -> None:
    subscriptions = SqlSubscriptions(store.database)
    await subscriptions.save(OWN, by="U1", now=at(1))
    assert await subscriptions.all() == (OWN,)
    assert await subscriptions.of("C_OPS") == OWN
    assert await subscriptions.of("C_OTHER") is None


async def test_that_of_a_setting_holds_until_the_channel_has_one_of_its_own(store: Store) -> None:
    subscriptions = SqlSubscriptions(store.database, SETTING)
    assert await subscriptions.all() == (SETTING,)
    await subscriptions.save(OWN, by="U1", now=at(1))
    assert await subscriptions.all() == (OWN,)
    assert await subscriptions.remove("C_OPS", by="U1", now=at(2))
    assert await subscriptions.all() == (SETTING,)
    assert not await subscriptions.remove("C_OPS", by="U1", now=at(3))


async def test_mutes_end_and_are_replaced(store: Store) -> None:
    mutes = SqlMutes(store.database)
    box = Mute(MuteKind.MAILBOX, "m1", at(10), "U1", at(1), "moving house")
    cause = Mute(MuteKind.CAUSE, "source_auth", None, "U2", at(2))
    await mutes.add(box)
    await mutes.add(cause)
    assert await mutes.live(at(3)) == (cause, box)
    longer = Mute(MuteKind.MAILBOX, "m1", at(20), "U2", at(4))
    await mutes.add(longer)
    assert await mutes.live(at(10)) == (longer, cause)
    assert await mutes.live(at(20)) == (cause,)
    assert await mutes.remove(MuteKind.CAUSE, "source_auth", by="U1", now=at(21))
    assert not await mutes.remove(MuteKind.CAUSE, "source_auth", by="U1", now=at(21))
    assert not await mutes.remove(MuteKind.MAILBOX, "m1", by="U1", now=at(21)), "it had ended"


async def test_changes_are_audited(store: Store) -> None:
    subscriptions, mutes = SqlSubscriptions(store.database), SqlMutes(store.database)
    await subscriptions.save(OWN, by="U1", now=at(1))
    await subscriptions.save(OWN, by="U2", now=at(2))
    await subscriptions.remove("C_OPS", by="U3", now=at(3))
    await mutes.add(Mute(MuteKind.POLICY, "gold", at(60), "U4", at(4), "moving"))
    await mutes.remove(MuteKind.POLICY, "gold", by="U5", now=at(5))
    lines = await store.rows("SELECT actor, event, message FROM audit WHERE actor LIKE 'U%' ORDER BY id")
    assert [tuple(line.values()) for line in lines] == [
        ("U1", "channel subscribed", "C_OPS"),
        ("U2", "subscription changed", "C_OPS"),
        ("U3", "channel unsubscribed", "C_OPS"),
        ("U4", "muted", f"policy gold until {at(60).isoformat()}: moving"),
        ("U5", "unmuted", "policy gold"),
    ]


async def test_a_change_has_open_alerts_routed_anew(store: Store) -> None:
    await store.record(item_failed(1))
    routed = "UPDATE alert SET routed_version = version, dirty = FALSE"
    mute = Mute(MuteKind.MAILBOX, "m1", at(10) + timedelta(hours=1), "U1", at(10))
    subscriptions, mutes = SqlSubscriptions(store.database), SqlMutes(store.database)
    changes = (
        lambda: subscriptions.save(OWN, by="U1", now=at(10)),
        lambda: subscriptions.remove("C_OPS", by="U1", now=at(10)),
        lambda: mutes.add(mute),
        lambda: mutes.remove(mute.kind, mute.key, by="U1", now=at(10)),
    )
    for change in changes:
        await store.database.write(lambda c: c.exec_driver_sql(routed))
        await change()
        assert await store.rows("SELECT id FROM alert WHERE dirty AND routed_version = 0")
