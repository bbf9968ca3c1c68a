"""Whose digest is begun, and what keeps nobody else waiting."""

from dataclasses import replace
from datetime import time, timedelta

from bot.domain.routing import Filter, Subscription
from bot.domain.wishes import Cadence, DigestPlan, Urgency
from bot.services.digests import DigestDesk
from tests.unit.services.alert_fakes import FakeSubscriptions
from tests.unit.services.digest_fakes import FakeDigests
from tests.unit.services.fakes import NOON, FakeBell, FakeClock

PLAN = DigestPlan(Cadence.DAILY, "UTC", time(12))
SEVERE = Filter(least=Urgency.CRITICAL)


def desk(*subscriptions: Subscription) -> DigestDesk:
    return DigestDesk(FakeSubscriptions(subscriptions), FakeDigests(), FakeBell(), FakeClock())


async def test_only_channels_that_want_one_get_one_by_their_filter() -> None:
    made = desk(Subscription("C1", SEVERE, digest=PLAN), Subscription("C2"))
    await made.sweep()
    digests = made.digests
    assert isinstance(digests, FakeDigests)
    assert (digests.begun, digests.asked) == ({"C1": NOON}, [SEVERE])
    await made.sweep()
    assert len(digests.asked) == 1, "it is not even counted again"


async def test_what_cannot_be_counted_keeps_no_other_waiting() -> None:
    made = desk(Subscription("C1", SEVERE, digest=PLAN), Subscription("C2", digest=PLAN))
    digests = made.digests
    assert isinstance(digests, FakeDigests)
    digests.trouble[SEVERE] = RuntimeError("disk full")
    await made.sweep()
    assert digests.begun == {"C2": NOON}
    digests.trouble.clear()
    await made.sweep()
    assert digests.begun == {"C1": NOON, "C2": NOON}


async def test_a_channel_that_subscribed_just_now_waits_for_its_first() -> None:
    made = desk(replace(Subscription("C1", digest=PLAN), at=NOON + timedelta(seconds=1)))
    await made.sweep()
    assert await made.digests.told() == {}
