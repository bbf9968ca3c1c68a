"""Courses of checks: what stops one, and what stops none."""

import asyncio
from datetime import timedelta

from bot.doctor.course import Check, Course, examined
from bot.doctor.findings import State, Verdict, fine, skipped, wrong
from bot.engine.fault import Fault
from bot.errors import BadSettings


async def well() -> Verdict:
    return fine("Well.")


async def ill() -> Verdict:
    return wrong("Ill.", "Rest.")


async def hanging() -> Verdict:
    await asyncio.Event().wait()
    raise AssertionError


async def texts(*checks: Check) -> list[tuple[State, str]]:
    found = await examined(Course("Part", checks))
    return [(each.verdict.state, each.verdict.text) for each in found]


async def test_a_check_that_is_wrong_stops_no_other() -> None:
    assert await texts(Check("one", ill), Check("two", well)) == [
        (State.WRONG, "Ill."),
        (State.FINE, "Well."),
    ]


async def test_what_stands_on_a_check_that_is_not_fine_is_not_asked() -> None:
    async def unset() -> Verdict:
        return skipped("Not set.")

    told = await texts(
        Check("one", unset, is_ground=True), Check("two", ill, is_ground=True), Check("three", well)
    )
    assert told == [
        (State.SKIPPED, "Not set."),
        (State.SKIPPED, "Not asked, since “one” is not fine."),
        (State.SKIPPED, "Not asked, since “one” is not fine."),
    ]


async def test_a_check_that_hangs_is_wrong_after_its_patience() -> None:
    told = await texts(Check("one", hanging, patience=timedelta(milliseconds=10)), Check("two", well))
    assert told == [(State.WRONG, "No answer within 0.01 seconds."), (State.FINE, "Well.")]


async def test_a_fault_is_told_in_the_catalogues_words_and_the_providers() -> None:
    async def fails() -> Verdict:
        raise Fault("dest_service_off", "Gmail answered 400")

    [found] = await examined(Course("Part", (Check("one", fails),)))
    assert found.verdict == wrong(
        "Gmail is switched off for the destination user: Gmail answered 400",
        "Switch it on, or assign a licence.",
    )


async def test_an_expected_error_is_told_as_its_sentence() -> None:
    async def fails() -> Verdict:
        raise BadSettings("Mend this.")

    assert await texts(Check("one", fails)) == [(State.WRONG, "Mend this.")]


async def test_of_an_unexpected_error_only_its_kind_is_told() -> None:
    async def fails() -> Verdict:
        raise RuntimeError("a-secret")

    [(state, text)] = await texts(Check("one", fails))
    assert (state, text) == (State.WRONG, "The check itself broke off (RuntimeError).")
