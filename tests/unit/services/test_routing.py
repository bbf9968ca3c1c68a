"""Subscribing and muting: names looked up, channels asked by posting, filters that never grow."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.access import Asker
from bot.domain.routing import Filter, Subscription
from bot.domain.standing import Membership, Person
from bot.domain.values import MailboxId, MailboxStatus
from bot.domain.wishes import Cadence, DigestPlan, Mode, MuteKind, QuietHours, Urgency
from bot.errors import BadCommand, CannotPost, DeliveryFailed, UnknownMailbox
from bot.services.muting import Until
from bot.services.naming import GONE
from bot.services.routing import Chosen, Quiet, Rhythm, Routing, Wish
from bot.views import MailboxRef, MailboxRow
from tests.unit.handlers.fakes import Bot
from tests.unit.services.fakes import ADMIN, NOON, VIEWER, FakeMailboxes, access
from tests.unit.services.routing_fakes import GOLD

ASKER, HERE = Asker(ADMIN), "C0HERE"
NIGHT = Quiet(time(22), time(7))
ADA = MailboxRow(
    MailboxRef(MailboxId(3), "ada@org.example", "ada@new.example"), MailboxStatus.SYNCED, "Gold", None, 0
)
NOTHING = Chosen(
    policies=frozenset(),
    domains=frozenset(),
    mailboxes=frozenset(),
    causes=frozenset(),
    least=Urgency.WARNING,
    mode=Mode.EDIT,
    quiet=None,
    zone=None,
    mention=None,
    digest=None,
)


@pytest.fixture
def bot() -> Bot:
    made = Bot(mailboxes=FakeMailboxes((ADA,)))
    made.directory.people[ADMIN] = Person(Membership.MEMBER, "Asia/Tokyo")
    made.directory.named["it-oncall"] = "S0ONCALL"
    return made


@pytest.fixture
def routing(bot: Bot) -> Routing:
    return bot.routing(access(directory=bot.directory))


async def test_names_become_keys(bot: Bot, routing: Routing) -> None:
    wish = Wish(
        policies=("gOLD", "silver plus"),
        domains=("@Org.example",),
        mailboxes=("ada@new.example",),
        mention="@IT-oncall",
    )
    shown = await routing.subscribe(HERE, wish, ASKER)
    kept = bot.subscriptions.kept[HERE]
    assert kept.filter == Filter(
        frozenset({"m1"}), frozenset({"org.example"}), frozenset({"gold", "silver"}), frozenset()
    )
    assert (kept.mention, kept.by) == ("S0ONCALL", ADMIN)
    assert [each.name for each in shown.policies] == ["Gold", "Silver plus"]
    assert bot.announcer.announced == [shown]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(policies=("Gld",)), "No policy is called “Gld”. Did you mean “Gold”?"),
        (Wish(domains=("org.exampl",)), "Did you mean “org.example”?"),
        (Wish(mailboxes=("ada",)), "“ada” is not an e-mail address."),
        (Wish(mention="@it-oncal"), "Did you mean “@it-oncall”?"),
        (Wish(mention="@everyone"), "would notify the whole channel"),
    ],
)
async def test_what_is_not_there_is_refused_and_nothing_is_said_in_the_channel(
    bot: Bot, routing: Routing, wish: Wish, said: str
) -> None:
    with pytest.raises(BadCommand, match=re.escape(said)):
        await routing.subscribe(HERE, wish, ASKER)
    assert HERE not in bot.subscriptions.kept
    assert bot.announcer.announced == []


async def test_an_unknown_address_gets_the_closest(bot: Bot, routing: Routing) -> None:
    bot.mailboxes.near = (ADA.mailbox,)
    with pytest.raises(UnknownMailbox, match=re.escape("Did you mean ada@org.example?")):
        await routing.subscribe(HERE, Wish(mailboxes=("eda@org.example",)), ASKER)


async def test_without_the_scope_for_groups_a_handle_says_so(bot: Bot, routing: Routing) -> None:
    bot.directory.answers = False
    with pytest.raises(BadCommand, match="usergroups:read"):
        await routing.subscribe(HERE, Wish(mention="@it-oncall"), ASKER)


@pytest.mark.parametrize(
    ("reason", "retry_after", "said"),
    [
        ("not_in_channel", None, "/invite @syncbot"),
        ("channel_not_found", None, "/invite @syncbot"),
        ("ratelimited", 30.0, "Try again in a minute"),
        ("is_archived", None, "`is_archived`"),
    ],
)
async def test_where_it_cannot_post_nothing_is_subscribed(
    bot: Bot, routing: Routing, reason: str, retry_after: float | None, said: str
) -> None:
    bot.announcer.trouble = DeliveryFailed(reason, retry_after=retry_after)
    with pytest.raises(CannotPost, match=re.escape(said)):
        await routing.subscribe(HERE, Wish(), ASKER)
    assert HERE not in bot.subscriptions.kept


async def test_quiet_hours_are_in_the_zone_that_was_typed_else_the_askers_own(
    bot: Bot, routing: Routing
) -> None:
    await routing.subscribe(HERE, Wish(quiet=NIGHT, zone="Europe/Berlin"), ASKER)
    assert bot.subscriptions.kept[HERE].quiet == QuietHours("Europe/Berlin", time(22), time(7))
    await routing.subscribe(HERE, Wish(quiet=NIGHT), ASKER)
    assert bot.subscriptions.kept[HERE].quiet == QuietHours("Asia/Tokyo", time(22), time(7))


@pytest.mark.parametrize("zone", [None, "Mars/Olympus"])
async def test_quiet_hours_in_no_known_zone_are_refused(bot: Bot, routing: Routing, zone: str | None) -> None:
    bot.directory.people[ADMIN] = Person(Membership.MEMBER, zone)
    with pytest.raises(BadCommand, match="In which time zone"):
        await routing.subscribe(HERE, Wish(quiet=NIGHT), ASKER)


async def test_a_channel_that_gets_only_digests_gets_one_every_day(bot: Bot, routing: Routing) -> None:
    await routing.subscribe(HERE, Wish(mode=Mode.DIGEST), ASKER)
    assert bot.subscriptions.kept[HERE].digest == DigestPlan(Cadence.DAILY, "Asia/Tokyo", time(8))


async def test_what_is_gone_stays_in_a_filter_that_is_saved_again(bot: Bot, routing: Routing) -> None:
    bot.subscriptions.kept[HERE] = Subscription(
        HERE, Filter(mailboxes=frozenset({"left"}), policies=frozenset({"iron"})), by=ADMIN
    )
    form = await routing.form(HERE, ASKER)
    assert [each.id for each in (*form.now.policies, *form.now.mailboxes)] == [f"{GONE}iron", f"{GONE}left"]
    chosen = replace(
        NOTHING, policies=frozenset({f"{GONE}iron", GOLD.id}), mailboxes=frozenset({f"{GONE}left", "3"})
    )
    await routing.change(HERE, chosen, ASKER)
    assert bot.subscriptions.kept[HERE].filter == Filter(
        mailboxes=frozenset({"left", "m1"}), policies=frozenset({"iron", "gold"})
    )
    assert bot.announcer.announced == [], "only its admins see a form"


async def test_a_form_begins_with_what_there_is(bot: Bot, routing: Routing) -> None:
    assert (await routing.form(HERE, ASKER)).zone == "Asia/Tokyo"
    chosen = replace(
        NOTHING, quiet=NIGHT, zone="Europe/Berlin", mention="S0ONCALL", digest=Rhythm(Cadence.WEEKLY, 4)
    )
    await routing.change(HERE, chosen, ASKER)
    form = await routing.form(HERE, ASKER)
    assert (form.zone, form.now.mention) == ("Europe/Berlin", "S0ONCALL")
    assert [each.name for each in form.groups] == ["it-oncall"]
    assert form.now.digest == DigestPlan(Cadence.WEEKLY, "Europe/Berlin", time(8), 4)


async def test_unsubscribing_is_said_in_the_channel_where_that_can_be(bot: Bot, routing: Routing) -> None:
    await routing.subscribe(HERE, Wish(), ASKER)
    assert (await routing.unsubscribe(HERE, ASKER)).was_subscribed
    assert bot.announcer.withdrawn == [HERE]
    await routing.subscribe(HERE, Wish(), ASKER)
    bot.announcer.trouble = DeliveryFailed("is_archived", retry_after=None)
    assert (await routing.unsubscribe(HERE, ASKER)).was_subscribed
    assert not (await routing.unsubscribe(HERE, ASKER)).was_subscribed


async def test_the_channel_of_the_setting_goes_on(bot: Bot, routing: Routing) -> None:
    ended = await routing.unsubscribe("C0ALERTS", ASKER)
    assert (ended.was_subscribed, ended.setting_remains) == (False, True)
    assert bot.announcer.withdrawn == []
    await routing.subscribe("C0ALERTS", Wish(), ASKER)
    own = await routing.of("C0ALERTS")
    assert own
    assert own.replaces_setting


async def test_who_looks_is_told_what_they_may_change(routing: Routing) -> None:
    admins, viewers = await routing.overview(ASKER), await routing.overview(Asker(VIEWER))
    assert (admins.may_subscribe, admins.may_mute) == (True, True)
    assert (viewers.may_subscribe, viewers.may_mute) == (False, False)


@pytest.mark.parametrize(
    ("until", "ends"),
    [
        (Until(after=timedelta(hours=2)), NOON + timedelta(hours=2)),
        (Until(day=date(2026, 12, 1)), datetime(2026, 11, 30, 15, tzinfo=UTC)),
        (Until(day=date(2026, 12, 1), at=time(9)), datetime(2026, 12, 1, tzinfo=UTC)),
        (Until(), None),
    ],
    ids=["a while", "a day where the asker is", "an hour", "for ever"],
)
async def test_a_mute_ends_when_it_was_said(routing: Routing, until: Until, ends: datetime | None) -> None:
    (muted,) = await routing.muting.mute(MuteKind.POLICY, "gold", until, "we know", ASKER)
    assert (muted.name, muted.until, muted.by, muted.reason) == ("Gold", ends, ADMIN, "we know")


async def test_a_mute_until_a_day_that_has_begun_is_refused(bot: Bot, routing: Routing) -> None:
    with pytest.raises(BadCommand, match="has begun already"):
        await routing.muting.mute(MuteKind.POLICY, "gold", Until(day=date(2026, 11, 23)), "", ASKER)
    assert bot.mutes.kept == {}


async def test_what_was_muted_is_named_when_it_is_not_any_more(routing: Routing) -> None:
    muting = routing.muting
    await muting.mute(MuteKind.MAILBOX, "ada@org.example", Until(), "", ASKER)
    assert await muting.unmute(MuteKind.MAILBOX, "ada@new.example", ASKER) == ("ada@org.example",)
    assert await muting.unmute(MuteKind.MAILBOX, "ada@org.example", ASKER) == ()
