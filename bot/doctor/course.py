"""Checks that are made one after the other; courses are made side by side."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.doctor.findings import REACH, Finding, State, Verdict, failed, skipped, wrong
from bot.engine.fault import Fault
from bot.errors import SyncbotError

PATIENCE: Final = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Check:
    """`is_ground`: where it is not fine, those after it in its course have nothing to stand on."""

    name: str
    ask: Callable[[], Awaitable[Verdict]]
    is_ground: bool = False
    patience: timedelta = PATIENCE


@dataclass(frozen=True, slots=True)
class Course:
    subject: str
    checks: tuple[Check, ...] = field(default=())


async def examined(course: Course) -> tuple[Finding, ...]:
    """A finding for each check, whatever happens."""
    found: list[Finding] = []
    missing = ""
    for check in course.checks:
        verdict = skipped(f"Not asked, since “{missing}” is not fine.") if missing else await _verdict(check)
        found.append(Finding(course.subject, check.name, verdict))
        if check.is_ground and not missing and verdict.state is not State.FINE:
            missing = check.name
    return tuple(found)


async def _verdict(check: Check) -> Verdict:
    """Nothing that a check raises may keep the others from being made, and no foreign text is repeated."""
    try:
        async with asyncio.timeout(check.patience.total_seconds()):
            return await check.ask()
    except TimeoutError:
        return wrong(f"No answer within {check.patience.total_seconds():g} seconds.", REACH)
    except Fault as fault:
        return failed(fault)
    except SyncbotError as error:
        return wrong(error.sentence)
    except Exception as error:  # noqa: BLE001 - see above
        return wrong(
            f"The check itself broke off ({type(error).__name__}).",
            "Please report this; nothing is known about what was to be checked.",
        )
