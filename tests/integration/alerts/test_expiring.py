"""A credential that runs out is noticed in time, at each step once, until it is renewed."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.domain.expiring import Expiry
from bot.domain.routing import Filter, Mute, Subscription
from bot.domain.values import Credential
from bot.domain.wishes import Mode, MuteKind, Urgency
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL, IT_OPS
from bot.store import SqlExpiryAlerts, SqlTenancy
from bot.tenant.wanted import Tenant
from tests.integration.alerts.scene import Replica, Scene
from tests.integration.store.tenancy_words import House, wanted
from tests.integration.store.words import T0, completed, sync_failed

END = T0 + timedelta(days=40)
ANA = "ana@old.example"
WHAT = "The certificate of m365"
ANEW = f"{WHAT} expires soon: a newer message tells it."
MONTH, WEEK, DAY = (f"{WHAT} expires within {span}." for span in ("30 days", "7 days", "a day"))
COVERED = f"{WHAT} has expired: an incident tells which mailboxes fail."
RENEWED = "Renewed: the certificate of m365 holds again ✅"


def certificate(until: datetime = END) -> Expiry:
    return Expiry("m365", "source_auth", Credential.CERTIFICATE, until)


def declared(until: datetime | None) -> Expiry:
    return Expiry("google", "dest_auth", Credential.KEY, until, is_declared=True)


@pytest.fixture
async def expiring(scene: Scene) -> Scene:
    """One mailbox of the built-in engine, and a certificate that holds for forty days."""
    await House(scene.store, SqlTenancy(scene.database)).apply(wanted("ana", "bo"))
    scene.papers.has(certificate())
    return scene


async def test_each_step_is_told_once_and_the_last_one_stands(expiring: Scene) -> None:
    await expiring.days_pass(9)
    assert expiring.told() == []
    await expiring.days_pass(5)
    assert expiring.told() == [MONTH]
    await expiring.days_pass(20)
    assert expiring.told() == [ANEW, WEEK]
    await expiring.days_pass(5.5)
    assert expiring.told() == [ANEW, ANEW, DAY]
    assert len(expiring.calls("chat.update")) == 2
    assert await expiring.unsettled() == 0


async def test_it_tells_how_many_mailboxes_need_it_and_what_to_do(expiring: Scene) -> None:
    await expiring.days_pass(11)
    (message,) = expiring.messages()
    assert "2 mailboxes need it" in message.text
    assert "upload it in Microsoft Entra" in message.text


async def test_a_renewed_certificate_clears_it(expiring: Scene) -> None:
    await expiring.days_pass(34)
    expiring.papers.has(certificate(END + timedelta(days=365)))
    await expiring.days_pass(1)
    assert expiring.told() == [ANEW, RENEWED]
    await expiring.days_pass(300, hours=24 * 30)
    assert expiring.told() == [ANEW, RENEWED]


async def test_what_is_renewed_before_it_was_told_is_never_told(expiring: Scene) -> None:
    await expiring.mute(Mute(MuteKind.CHANNEL, ALERTS, None, ADA.id, T0))
    await expiring.days_pass(11)
    expiring.papers.has(certificate(END + timedelta(days=365)))
    await expiring.days_pass(1)
    await expiring.mutes.remove(MuteKind.CHANNEL, ALERTS, by=ADA.id, now=expiring.clock.now())
    await expiring.days_pass(1)
    assert expiring.told() == []
    assert await expiring.unsettled() == 0


async def test_the_first_mailbox_that_fails_makes_it_an_incident(expiring: Scene) -> None:
    await expiring.days_pass(40.5)
    assert expiring.told() == [ANEW, ANEW, f"{WHAT} has expired."]
    await expiring.happens(sync_failed(60 * 24 * 41, "r1", mailbox=ANA))
    await expiring.days_pass(1)
    incident = "1 mailbox fails: Certificate or secret of the Microsoft 365 connection expired"
    assert expiring.told()[:3] == [ANEW, ANEW, COVERED]
    assert expiring.told()[3].startswith(incident)
    assert "The certificate of m365 expired 2026-04-11 08:00 UTC." in expiring.messages()[3].text
    assert len(expiring.told()) == 4, "and no alert about the mailbox alone"


async def test_a_renewal_clears_it_and_the_incident_as_mailboxes_heal(expiring: Scene) -> None:
    await expiring.days_pass(40.5)
    await expiring.happens(sync_failed(60 * 24 * 41, "r1", mailbox=ANA))
    await expiring.days_pass(1)
    expiring.papers.has(certificate(END + timedelta(days=365)))
    await expiring.happens(completed(60 * 24 * 42, "r2", mailbox=ANA))
    await expiring.days_pass(1)
    assert expiring.told()[2] == RENEWED
    assert expiring.told()[3].startswith("Healed")
    assert await expiring.unsettled() == 0


async def test_a_day_that_was_written_down_and_forgotten_makes_no_incident(expiring: Scene) -> None:
    """Mailboxes go on syncing: then the day is wrong, and the message says how to mend it."""
    expiring.papers.known.clear()
    expiring.papers.has(declared(END))
    await expiring.days_pass(41)
    assert expiring.told()[-1] == "The service account key of google has expired."
    assert "only the day in tenant.yaml is old" in expiring.messages()[-1].text
    assert "expired on 11 April 2026, as tenant.yaml says" in expiring.messages()[-1].text
    expiring.papers.has(declared(None))
    await expiring.days_pass(1)
    told = "Until when the service account key of google holds is not known any more."
    assert expiring.told()[-1] == told


async def test_a_connection_that_is_gone_expires_no_more(expiring: Scene) -> None:
    await expiring.days_pass(11)
    await House(expiring.store, SqlTenancy(expiring.database)).apply(Tenant())
    expiring.papers.known.clear()
    await expiring.days_pass(1)
    assert expiring.told() == ["Until when the certificate of m365 holds is not known any more."]


async def test_a_certificate_that_cannot_be_read_just_now_leaves_it_as_it_is(expiring: Scene) -> None:
    await expiring.days_pass(11)
    expiring.papers.known.clear()
    await expiring.days_pass(1)
    assert expiring.told() == [MONTH]


async def test_a_channel_for_what_is_critical_learns_of_the_last_day_only(expiring: Scene) -> None:
    await expiring.subscribe(Subscription(IT_OPS, Filter(least=Urgency.CRITICAL)))
    await expiring.subscribe(Subscription(GENERAL, Filter(policies=frozenset({"gold"}))))
    await expiring.days_pass(39.5)
    assert expiring.told(IT_OPS) == [DAY]
    assert expiring.told(GENERAL) == [], "no mailbox of that policy needs it"


async def test_a_thread_is_told_of_the_renewal_and_of_nothing_else(expiring: Scene) -> None:
    await expiring.subscribe(Subscription(ALERTS, mode=Mode.THREAD))
    await expiring.days_pass(34)
    expiring.papers.has(certificate(END + timedelta(days=365)))
    await expiring.days_pass(1)
    first, second = expiring.messages()
    assert (expiring.thread(first), expiring.thread(second)) == ([], [RENEWED])


async def test_after_a_long_pause_only_the_step_that_it_is_by_now_is_told(expiring: Scene) -> None:
    expiring.clock.at = END - timedelta(hours=12)
    await expiring.days_pass(0.1)
    assert expiring.told() == [DAY]


async def test_replicas_that_look_together_tell_it_once(expiring: Scene) -> None:
    expiring.clock.at = END - timedelta(days=20)
    await asyncio.gather(*(Replica(expiring).expiring.sweep() for _ in range(5)))
    await expiring.passes(seconds=5)
    assert expiring.told() == [MONTH]


async def test_nothing_is_written_while_nothing_changes(expiring: Scene) -> None:
    alerts = SqlExpiryAlerts(expiring.database)
    assert not await alerts.settle([certificate()], END - timedelta(days=31))
    assert await alerts.settle([certificate()], END - timedelta(days=30))
    assert not await alerts.settle([certificate()], END - timedelta(days=29))
