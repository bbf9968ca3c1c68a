"""How a channel wants to be told: the values, without what decides by them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo


class Mode(StrEnum):
    """EDIT: one message for an alert, edited as things change. THREAD: and a reply for what is new or healed.
    DIGEST: no alerts, only the digest.
    """

    EDIT = "edit"
    THREAD = "thread"
    DIGEST = "digest"


class Urgency(IntEnum):
    """WARNING heals by itself, ERROR waits for somebody, CRITICAL is about a whole connection."""

    WARNING = 1
    ERROR = 2
    CRITICAL = 3

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to `end` by the clock of `zone`, an IANA name; over midnight where `end` is the earlier.

    What is at least as urgent as `breaks` is posted all the same.
    """

    zone: str
    start: time
    end: time
    breaks: Urgency = Urgency.CRITICAL

    def until(self, now: datetime) -> datetime | None:
        """When the quiet that reigns at `now` ends; None where there is none."""
        zone = ZoneInfo(self.zone)
        here = now.astimezone(zone)
        if not self._is_within(here.time()):
            return None
        day = here.date() if here.time() < self.end else here.date() + timedelta(days=1)
        return datetime.combine(day, self.end, zone)

    def _is_within(self, at: time) -> bool:
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


class Cadence(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """Every day, or every `weekday` (Monday is 0), at `at` by the clock of `zone`."""

    cadence: Cadence
    zone: str
    at: time
    weekday: int = 0


class MuteKind(StrEnum):
    MAILBOX = "mailbox"
    POLICY = "policy"
    CAUSE = "cause"
    CHANNEL = "channel"
