"""What may follow `/sync mute` and `/sync unmute`."""

from contextlib import suppress
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.wishes import MuteKind
from bot.errors import BadCommand
from bot.services.muting import Until
from handlers.hushing import Hush, Target, parse_mute, parse_target

ADA = Target(MuteKind.MAILBOX, "ada@org.example")
GOLD = Target(MuteKind.POLICY, "Gold plus")
HERE = Target(MuteKind.CHANNEL, "C0HERE")
TWO_HOURS = Until(after=timedelta(hours=2))


@pytest.mark.parametrize(
    ("typed", "hush"),
    [
        ("ada@org.example 2h", Hush(ADA, TWO_HOURS, "")),
        ("ada@org.example for 2 hours moving house", Hush(ADA, TWO_HOURS, "moving house")),
        ("mailbox=ada@org.example 2h", Hush(ADA, TWO_HOURS, "")),
        ('policy="Gold plus" 3d', Hush(GOLD, Until(after=timedelta(days=3)), "")),
        ("cause=dest_too_large 1w", Hush(Target(MuteKind.CAUSE, "dest_too_large"), Until(timedelta(7)), "")),
        ("channel 30m", Hush(HERE, Until(after=timedelta(minutes=30)), "")),
        ("channel=<#C0OTHER|other> 2h", Hush(Target(MuteKind.CHANNEL, "C0OTHER"), TWO_HOURS, "")),
        ("channel until 2026-12-01 holidays", Hush(HERE, Until(day=date(2026, 12, 1)), "holidays")),
        ("channel until 2026-12-01 18:30", Hush(HERE, Until(day=date(2026, 12, 1), at=time(18, 30)), "")),
        ("channel forever it is a test", Hush(HERE, Until(), "it is a test")),
    ],
)
def test_a_mute_is_read(typed: str, hush: Hush) -> None:
    assert parse_mute(typed, "C0HERE") == hush


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ada@org.example", "For how long?"),
        ("ada@org.example moving", "For how long?"),
        ("polcy=Gold 2h", "Did you mean `policy`?"),
        ("cause=dest_to_large 2h", "Did you mean “dest_too_large”?"),
        ("policy 2h", "Which policy?"),
        ("chanel 2h", "Did you mean `channel`?"),
        ("channel=ops 2h", "is no channel"),
        ("channel until 2026-02-30", "is no day"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_is_meant(typed: str, said: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse_mute(typed, "C0HERE")
    assert said in refused.value.sentence


@pytest.mark.parametrize(
    ("typed", "target"), [("ada@org.example", ADA), ('policy="Gold plus"', GOLD), ("channel", HERE)]
)
def test_what_is_unmuted_is_named_as_it_was_muted(typed: str, target: Target) -> None:
    assert parse_target(typed, "C0HERE") == target


def test_one_thing_is_unmuted_at_a_time() -> None:
    with pytest.raises(BadCommand, match="too much"):
        parse_target("ada@org.example 2h", "C0HERE")


@given(st.text())
def test_whatever_is_typed_nothing_but_a_sentence_comes_of_it(typed: str) -> None:
    with suppress(BadCommand):
        parse_mute(typed, "C0HERE")
