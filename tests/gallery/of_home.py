"""The Home tab: for each role, new and at work, and for who has none."""

from collections.abc import Iterator
from dataclasses import replace

from blocks import home
from blocks.look import Look
from blocks.surface import Home
from bot.domain.values import Role
from bot.views import FailureGroups, IncidentRetried, Overview, RetryStarted
from bot.views.health import ChannelHealth
from bot.views.home import HomeCard, LiveRetry, SetUp, Step, Told
from tests.gallery.extremes import hostile, long
from tests.gallery.shots import Shot, drawn
from tests.unit.blocks.examples import ALICE, NOON, bulk_retry
from tests.unit.blocks.homes import FACTS, HEALTH, home_card

NEW = tuple(Step(what, is_done=what is SetUp.SCOPES) for what in SetUp)
NO_ROLE = "This needs a viewer. Ask whoever runs syncbot to add your user id U0NILS to SYNCBOT_VIEWERS."


def shots() -> Iterator[Shot]:
    yield from drawn("home", {state: home.home(card) for state, card in _cards().items()})
    yield Shot("home", "safe blocks", home.home(home_card(), Look(safe=True)))
    yield Shot("home", "no role", home.closed(NO_ROLE, {"U0ADA", "U0OMAR"}))
    for state, card in {"hostile": hostile(home_card()), "at its limits": long(home_card())}.items():
        yield Shot("home", state, _drawn(card), is_extreme=True)


def _drawn(card: HomeCard) -> Home:
    return home.home(card)


def _cards() -> dict[str, HomeCard]:
    empty = Overview(0, {}, {}, {}, 0, 0, 0, None, None, 0, 0, (), NOON)
    new = replace(
        FACTS,
        overview=empty,
        causes=FailureGroups((), 0, 0, NOON),
        running=(),
        running_total=0,
        days=(),
        steps=NEW,
        health=replace(HEALTH, channels=()),
    )
    archived = ChannelHealth(
        "C0OPS", is_subscribed=True, reason="is_archived", since=NOON, needs_somebody=True
    )
    return {
        "new, admin": HomeCard(new, Role.ADMIN, (), retried_at_once=500),
        "new, viewer": HomeCard(new, Role.VIEWER, (), retried_at_once=500),
        "all well": home_card(causes=FailureGroups((), 0, 0, NOON), days=(), running=()),
        "viewer": home_card(Role.VIEWER),
        "operator": home_card(Role.OPERATOR),
        "after a click on a cause": replace(
            home_card(), started=IncidentRetried("Larger than Gmail takes", 2, 2, NOON)
        ),
        "retrying many": home_card(retrying=(LiveRetry(ALICE, bulk_retry(causes=())),), retrying_total=3),
        "after a click": replace(home_card(), started=RetryStarted(ALICE, "b1", 3, 0)),
        "not delivered": replace(
            home_card(health=replace(HEALTH, channels=(archived,))), told=(Told("C0OPS"),)
        ),
    }
