"""How much is taken of each channel at once."""

from datetime import timedelta

from bot.ports.delivery import Room
from bot.services.pacing import EDITS_A_MINUTE, MINUTE, POSTS_AT_ONCE, VIEWS_A_MINUTE, Pace
from tests.unit.services.fakes import NOON


def test_a_channel_that_took_a_burst_is_full_until_it_takes_another_post() -> None:
    pace = Pace()
    for _ in range(POSTS_AT_ONCE):
        assert pace.room(NOON).full == frozenset()
        assert pace.may_post("C0A", NOON)
    assert pace.room(NOON) == Room(POSTS_AT_ONCE, EDITS_A_MINUTE, frozenset({"C0A"}))
    assert not pace.may_post("C0A", NOON)
    later = NOON + timedelta(seconds=1)
    assert pace.room(later).full == frozenset()
    assert pace.may_post("C0A", later)


def test_there_is_room_for_the_edits_that_are_left_of_a_minute() -> None:
    pace = Pace()
    for left in range(EDITS_A_MINUTE, 0, -1):
        assert pace.room(NOON).edits == left
        assert pace.may_edit(NOON)
    assert pace.room(NOON).edits == 0
    assert pace.room(NOON + MINUTE).edits == EDITS_A_MINUTE


def test_modals_are_redrawn_as_often_as_slack_takes_it_in_a_minute_and_no_more() -> None:
    pace = Pace()
    assert all(pace.may_redraw(NOON) for _ in range(VIEWS_A_MINUTE))
    assert not pace.may_redraw(NOON + MINUTE - timedelta(seconds=1))
    assert pace.may_redraw(NOON + MINUTE)
    assert VIEWS_A_MINUTE < 100
