"""Whatever is on a Home tab, it is one that Slack takes, and foreign text stays text."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.home import closed, home
from blocks.look import Look
from blocks.surface import Home
from bot.domain import values as v
from bot.sandbox.slack.validate import check_view
from bot.views import IncidentRetried
from bot.views.health import (
    ChannelHealth,
    ConnectionHealth,
    EngineHealth,
    HealthCard,
    Held,
    SweepHealth,
    Undelivered,
)
from bot.views.home import FailureDay, HomeCard, HomeFacts, LiveRun, Retryable, SetUp, Step, Told
from tests.unit.blocks import strategies as some
from tests.unit.blocks import worst
from tests.unit.blocks.test_every_card import SAFE, assert_clean, often

pytestmark = pytest.mark.slow

CHANNEL = re.compile(r"<#C0[A-Z0-9]+>")
CHANNELS = st.sampled_from(("C0OPS", "C0DESK", "C0MINE"))
REASONS = st.none() | st.sampled_from(("is_archived", "token_revoked")) | worst.text()


def healths() -> st.SearchStrategy[HealthCard]:
    channels = st.builds(
        ChannelHealth, CHANNELS, st.booleans(), worst.maybe_time(), REASONS, worst.maybe_time()
    )
    undelivered = st.builds(Undelivered, CHANNELS, worst.text(), worst.numbers(), worst.times())
    return st.builds(
        HealthCard,
        as_of=worst.times(),
        channels=worst.tuples(channels, 15),
        undelivered=worst.tuples(undelivered, 15),
        held=worst.tuples(st.builds(Held, worst.text(), worst.numbers()), 3),
        backlog=st.just(()),
        engine=st.builds(EngineHealth, unsent=worst.numbers(), unsent_since=worst.maybe_time()),
        connection=st.none() | st.builds(ConnectionHealth, st.booleans()),
        sweeps=worst.tuples(
            st.builds(SweepHealth, worst.text(), worst.maybe_time(), st.booleans(), st.booleans()), 4
        ),
    )


def live_runs() -> st.SearchStrategy[LiveRun]:
    counted = st.none() | worst.numbers()
    return st.builds(
        LiveRun,
        some.mailboxes(),
        st.sampled_from(v.RunKind),
        worst.times(),
        worst.maybe_time(),
        counted,
        counted,
    )


def facts() -> st.SearchStrategy[HomeFacts]:
    steps = st.builds(Step, st.sampled_from(SetUp), st.booleans(), worst.tuples(worst.text(), 5))
    return st.builds(
        HomeFacts,
        overview=some.overviews(),
        causes=some.failure_groups(),
        retryable=st.dictionaries(worst.ids(), st.builds(Retryable, worst.numbers(), st.booleans())),
        waiting=st.dictionaries(worst.text(), worst.numbers()),
        running=worst.tuples(live_runs(), 5),
        running_total=worst.numbers(),
        days=st.lists(
            st.builds(FailureDay, st.dates(), worst.numbers(), worst.numbers()),
            max_size=14,
            unique_by=lambda day: f"{day.day.day} {day.day:%b}",
        ).map(tuple),
        health=healths(),
        steps=worst.tuples(steps, 6),
    )


def home_cards() -> st.SearchStrategy[HomeCard]:
    told = st.builds(Told, CHANNELS, st.booleans(), st.booleans(), st.booleans(), st.booleans())
    many = st.builds(IncidentRetried, worst.text(), worst.numbers(), worst.numbers(), worst.maybe_time())
    started = st.none() | some.retries_started() | many
    return st.builds(
        HomeCard,
        facts(),
        st.sampled_from(v.Role),
        worst.tuples(told, 15),
        st.booleans(),
        started,
        retried_at_once=st.integers(1, 10**6),
    )


@often
@given(home_cards(), st.booleans())
def test_every_home_is_one_that_slack_takes(card: HomeCard, safe: bool) -> None:  # noqa: FBT001
    shown = home(card, Look(safe=safe))
    assert_publishable(shown)
    allowed = SAFE if safe else SAFE | {"data_visualization"}
    assert {block["type"] for block in shown.blocks} <= allowed


@often
@given(worst.text(), st.sets(worst.actors(), max_size=8))
def test_every_closed_home_is_one_that_slack_takes(why: str, admins: set[str]) -> None:
    assert_publishable(closed(why, admins))


def assert_publishable(shown: Home) -> None:
    assert check_view(shown.view) == []
    text = json.dumps(shown.view)
    assert len(text) <= 250_000
    assert_clean(json.loads(CHANNEL.sub("#", text))["blocks"])
