"""Subscriptions and mutes: ordinary ones to read their cards by, and the worst that the world can put in."""

from datetime import time, timedelta

from hypothesis import strategies as st

from bot.domain.wishes import Cadence, DigestPlan, Mode, MuteKind, QuietHours, Urgency
from bot.services.naming import CAUSES
from bot.views.routing import MuteView, Named, Routes, SubscriptionForm, SubscriptionView
from tests.unit.blocks.examples import NOON
from tests.unit.blocks.worst import actors, maybe_time, text, times, tuples

GOLD = Named("7", "gold", "Gold & Co")
BERLIN = "Europe/Berlin"
NARROW = SubscriptionView(
    "C0ITOPS",
    policies=(GOLD,),
    domains=("org.example", "shop.example"),
    mailboxes=(Named("3", "m1", "ada@org.example"),),
    causes=(next(each for each in CAUSES if each.key == "dest_too_large"),),
    least=Urgency.ERROR,
    mode=Mode.THREAD,
    quiet=QuietHours(BERLIN, time(22), time(7, 30)),
    mention="S0ONCALL",
    digest=DigestPlan(Cadence.WEEKLY, BERLIN, time(8, 15), weekday=4),
    by="U0ADA",
)
SETTING = SubscriptionView("C0ALERTS")
MOVING = MuteView(
    MuteKind.POLICY, "gold", "Gold & Co", "U0OMAR", NOON, NOON + timedelta(hours=2), "Moving house"
)


def rooms() -> st.SearchStrategy[str]:
    return st.from_regex(r"[CG][A-Z0-9]{2,12}", fullmatch=True)


def zones() -> st.SearchStrategy[str]:
    return st.sampled_from(("UTC", BERLIN, "America/Argentina/ComodRivadavia"))


def clocks() -> st.SearchStrategy[time]:
    return st.builds(time, st.integers(0, 23), st.integers(0, 59))


def names() -> st.SearchStrategy[Named]:
    return st.builds(Named, st.integers(0, 10**15).map(str), text(), text())


def unique_names() -> st.SearchStrategy[tuple[Named, ...]]:
    return st.lists(names(), max_size=120, unique_by=lambda each: each.id).map(tuple)


def quiet() -> st.SearchStrategy[QuietHours | None]:
    breaks = st.sampled_from((Urgency.ERROR, Urgency.CRITICAL))
    return st.none() | st.builds(QuietHours, zones(), clocks(), clocks(), breaks)


def digests() -> st.SearchStrategy[DigestPlan | None]:
    plans = st.builds(DigestPlan, st.sampled_from(Cadence), zones(), clocks(), st.integers(0, 6))
    return st.none() | plans


def mentions() -> st.SearchStrategy[str | None]:
    return st.sampled_from((None, "U0ADA", "S0ONCALL", "here", "channel"))


def subscriptions() -> st.SearchStrategy[SubscriptionView]:
    return st.builds(
        SubscriptionView,
        rooms(),
        unique_names(),
        st.lists(text(), max_size=20, unique=True).map(tuple),
        unique_names(),
        st.lists(st.sampled_from(CAUSES), max_size=30, unique=True).map(tuple),
        st.sampled_from(Urgency),
        st.sampled_from(Mode),
        quiet(),
        mentions(),
        digests(),
        st.none() | actors(),
        st.booleans(),
    )


def mutes() -> st.SearchStrategy[MuteView]:
    kinds = st.sampled_from((MuteKind.MAILBOX, MuteKind.POLICY, MuteKind.CAUSE))
    key = st.text(st.characters(codec="utf-8"), max_size=512)
    named = st.builds(MuteView, kinds, key, text(), actors(), times(), maybe_time(), text())
    channels = rooms().flatmap(
        lambda room: st.builds(
            MuteView, st.just(MuteKind.CHANNEL), st.just(room), st.just(room), actors(), times(), maybe_time()
        )
    )
    return named | channels


def all_routes() -> st.SearchStrategy[Routes]:
    return st.builds(Routes, tuples(subscriptions(), 20), tuples(mutes(), 20), st.booleans(), st.booleans())


def forms() -> st.SearchStrategy[SubscriptionForm]:
    groups = st.builds(Named, st.just("S0ONCALL"), st.just("S0ONCALL"), text())
    return st.builds(SubscriptionForm, subscriptions(), st.just(CAUSES), zones(), tuples(groups, 1))
