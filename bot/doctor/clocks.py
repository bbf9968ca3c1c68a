"""Our clock against those of the services: signatures and signed tokens hold for minutes only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp

from bot.doctor.course import Check, Course
from bot.doctor.findings import Verdict, fine, skipped, wrong
from bot.ports import Clock

MOST: Final = timedelta(seconds=30)
_PATIENCE: Final = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True, slots=True)
class Clocks:
    """`services` has their addresses by name. A refusal, too, carries a Date (RFC 9110, 6.6.1)."""

    http: aiohttp.ClientSession
    clock: Clock
    services: Mapping[str, str]

    @property
    def courses(self) -> tuple[Course, ...]:
        """One for each service, so that none waits for another."""
        return tuple(Course("Clock", (self._check(name, url),)) for name, url in self.services.items())

    def _check(self, name: str, url: str) -> Check:
        return Check(f"against {name}", lambda: self._compared(name, url))

    async def _compared(self, name: str, url: str) -> Verdict:
        asked_at = self.clock.now()
        try:
            async with self.http.head(url, allow_redirects=False, timeout=_PATIENCE) as answer:
                theirs = _date(answer.headers.get("Date", ""))
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            return skipped(f"{name} was not reached ({type(error).__name__}).")
        if theirs is None:
            return skipped(f"{name} does not say what time it is.")
        return _judged(asked_at + (self.clock.now() - asked_at) / 2 - theirs, name)


def _judged(ahead: timedelta, name: str) -> Verdict:
    seconds = abs(round(ahead.total_seconds()))
    if abs(ahead) <= MOST:
        return fine(f"It agrees with that of {name} within {max(seconds, 1)} s.")
    way = "fast" if ahead > timedelta(0) else "slow"
    return wrong(
        f"It is {seconds} seconds {way} by that of {name}, which breaks signatures and sign-ins.",
        "Let the system keep its time by NTP (`timedatectl set-ntp true`).",
    )


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
