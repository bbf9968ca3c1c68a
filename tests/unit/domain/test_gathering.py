"""An alert about a connection alone waits for others like it; one reported late is looked at twice."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.routing import (
    GATHERING,
    SECOND_LOOK,
    Decision,
    Facts,
    Post,
    Standing,
    Subscription,
    Wait,
    decide,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FACTS = Facts(frozenset({"m1"}), frozenset({"org.com"}), frozenset({"gold"}), frozenset({"source_auth"}))
SOON = timedelta(seconds=1)


def decided(age: timedelta, *, gathers: bool = True, was_held: bool = False) -> Decision:
    standing = Standing(FACTS, NOON - age, gathers=gathers, was_held=was_held)
    return decide(standing, Subscription("C1"), (), NOON)


@pytest.mark.parametrize(
    ("age", "was_held", "waits"),
    [
        (timedelta(0), False, GATHERING),
        (timedelta(0), True, GATHERING),
        (GATHERING - SOON, False, SECOND_LOOK),
        (GATHERING - SOON, True, SOON),
        (timedelta(days=1), False, SECOND_LOOK),
    ],
)
def test_it_waits_until_others_may_have_followed_and_were_looked_for(
    age: timedelta, *, was_held: bool, waits: timedelta
) -> None:
    assert decided(age, was_held=was_held) == Wait(NOON + waits, "others like it may follow")


def test_it_is_posted_once_nobody_followed() -> None:
    assert decided(GATHERING, was_held=True) == Post()


def test_what_is_no_connections_waits_for_nobody() -> None:
    assert decided(timedelta(0), gathers=False) == Post()
