"""What follows from each code of the failure catalogue, attempt by attempt."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import CATALOGUE, Healing
from bot.engine.fault import Fault
from bot.engine.verdict import (
    IN_A_ROW,
    LONGEST_PAUSE,
    MOST_ATTEMPTS,
    THROTTLES_IN_A_ROW,
    Blame,
    GiveUp,
    Skip,
    Streak,
    Wait,
    verdict,
    wait_until,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

ALWAYS = {
    "source_item_gone": Skip,
    "source_mime_conversion": GiveUp,
    "source_content_corrupt": GiveUp,
    "source_mailbox_unavailable": Blame,
    "source_mailbox_full": Blame,
    "source_user_missing": Blame,
    "source_auth": Blame,
    "source_forbidden": Blame,
    "dest_too_large": GiveUp,
    "dest_rejected": GiveUp,
    "dest_label_limit": GiveUp,
    "dest_service_off": Blame,
    "dest_user_missing": Blame,
    "dest_auth": Blame,
    "dest_scope": Blame,
    "dest_policy": Blame,
    "dest_api_off": Blame,
    "dest_storage_full": Blame,
    "source_move_in_progress": Blame,
    "dest_daily_quota": Blame,
    "overdue": Blame,
}
"""What is no failure, does not pass by itself, or lasts for hours: no attempt changes it."""

PASSING = {
    *("source_throttled", "source_busy"),
    *("dest_label_invalid", "dest_label_gone", "dest_label_conflict"),
    *("dest_throttled", "dest_unavailable"),
    *("network", "interrupted"),
}
"""Tried ten times."""


def seconds(fault: Fault, attempts: int, jitter: float = 0) -> float:
    return (wait_until(fault, attempts, NOON, jitter) - NOON).total_seconds()


def test_the_tables_hold_every_code_but_the_one_for_what_no_rule_fits() -> None:
    assert CATALOGUE.keys() - {"overdue"} == (ALWAYS.keys() | PASSING | {"unknown"}) - {"overdue"}


def test_what_does_not_pass_costs_no_second_attempt() -> None:
    cases = [(code, tries) for code in ALWAYS.keys() & CATALOGUE.keys() for tries in (1, 2, 9, 10, 11)]
    found = {(code, tries): verdict(Fault(code, "text"), tries, NOON, 0) for code, tries in cases}
    assert found == {(code, tries): ALWAYS[code]() for code, tries in cases}


@pytest.mark.parametrize("code", sorted(PASSING))
def test_what_passes_is_tried_ten_times_and_what_was_repaired_in_vain_three(code: str) -> None:
    fault = Fault(code, "text")
    most = 3 if CATALOGUE[code].healing is Healing.REPAIRED else 10
    for attempts in range(1, most):
        assert isinstance(verdict(fault, attempts, NOON, 0.5), Wait)
    assert verdict(fault, most, NOON, 0.5) == GiveUp()
    assert verdict(fault, most + 1, NOON, 0.5) == GiveUp()


@pytest.mark.parametrize("code", ["unknown", "a code of tomorrow"])
def test_what_no_rule_fits_is_tried_once_more(code: str) -> None:
    fault = Fault(code, "text")
    assert verdict(fault, 1, NOON, 0) == Wait(NOON + timedelta(seconds=1))
    assert verdict(fault, 2, NOON, 0) == GiveUp()


@pytest.mark.parametrize("asked", [0, 1, 61, 900])
@pytest.mark.parametrize("code", ["source_throttled", "dest_throttled", "dest_unavailable", "unknown"])
def test_what_the_provider_asks_for_is_obeyed_to_the_second(code: str, asked: int) -> None:
    fault = Fault(code, "text", retry_after=timedelta(seconds=asked))
    assert verdict(fault, 1, NOON, 0.7) == Wait(NOON + timedelta(seconds=asked))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        *((code, Blame()) for code in ("source_throttled", "dest_throttled", "network")),
        *((code, GiveUp()) for code in ("dest_unavailable", "unknown")),
    ],
)
def test_what_takes_longer_than_a_pause_is_left_to_the_next_run(code: str, expected: Blame | GiveUp) -> None:
    for asked, attempts in product((901, 3600, 86_400), (1, MOST_ATTEMPTS)):
        fault = Fault(code, "text", retry_after=timedelta(seconds=asked))
        assert verdict(fault, attempts, NOON, 0.7) == expected, (asked, attempts)
    assert timedelta(seconds=900) == LONGEST_PAUSE


def test_what_is_no_longer_there_is_not_missed_however_long_the_provider_wants_to_be_left_alone() -> None:
    assert verdict(Fault("source_item_gone", "text", retry_after=timedelta(days=1)), 1, NOON, 0) == Skip()


def test_a_wait_that_is_asked_for_gives_no_permanent_failure_another_try() -> None:
    fault = Fault("dest_rejected", "text", retry_after=timedelta(seconds=5))
    assert verdict(fault, 1, NOON, 0) == GiveUp()


def test_waits_double_up_to_a_minute() -> None:
    waits = [seconds(Fault("network", "text"), attempts) for attempts in (0, *range(1, 10), 10**9)]
    assert waits == [1, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_jitter_takes_up_to_half_of_a_wait(attempts: int, jitter: float) -> None:
    longest = seconds(Fault("network", "text"), attempts)
    assert longest / 2 <= seconds(Fault("network", "text"), attempts, jitter) <= longest


def test_ten_faults_of_the_mailbox_one_after_the_other_stop_it() -> None:
    streak = Streak()
    for _ in range(IN_A_ROW - 1):
        streak.blame(Fault("dest_auth", "text"))
        assert not streak.stops
    last = Fault("dest_scope", "text")
    streak.blame(last)
    assert streak.stops
    assert streak.last is last
    assert not streak.rests


def test_a_few_throttles_one_after_the_other_make_the_mailbox_rest() -> None:
    streak = Streak()
    for _ in range(THROTTLES_IN_A_ROW - 1):
        streak.wait(Fault("dest_throttled", "text"))
        assert not streak.rests
    streak.wait(Fault("source_busy", "text"))
    assert streak.rests
    assert not streak.stops


def test_a_few_items_with_trouble_of_their_own_do_not_make_the_mailbox_rest_but_ten_do() -> None:
    streak = Streak()
    for _ in range(IN_A_ROW - 1):
        streak.wait(Fault("unknown", "text"))
        assert not streak.rests
    last = Fault("dest_unavailable", "text")
    streak.wait(last)
    assert (streak.rests, streak.stops, streak.last) == (True, False, last)


def test_throttles_count_as_waits_too() -> None:
    streak = Streak()
    for _ in range(THROTTLES_IN_A_ROW - 1):
        streak.wait(Fault("dest_throttled", "text"))
    for _ in range(IN_A_ROW - THROTTLES_IN_A_ROW):
        streak.wait(Fault("unknown", "text"))
    assert not streak.rests
    streak.wait(Fault("unknown", "text"))
    assert streak.rests


def test_a_success_ends_all_streaks_and_is_remembered() -> None:
    streak = Streak()
    for _ in range(IN_A_ROW):
        streak.blame(Fault("dest_auth", "text"))
        streak.wait(Fault("network", "text"))
    assert not streak.progressed
    streak.success()
    assert (streak.stops, streak.rests, streak.last) == (False, False, None)
    streak.blame(Fault("dest_auth", "text"))
    streak.wait(Fault("network", "text"))
    assert (streak.has_moved, streak.progressed) == (True, True)


def test_a_listing_is_progress_though_no_message_went_through() -> None:
    streak = Streak(has_listed=True)
    assert (streak.progressed, streak.has_moved) == (True, False)
