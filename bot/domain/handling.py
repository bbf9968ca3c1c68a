"""What people do about an alert as a whole, and how long a snooze lasts."""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

UTC_NAME: Final = "UTC"
MORNING: Final = time(8)


class Deed(StrEnum):
    """Stands in the menus of posted messages: never rename one."""

    ACKNOWLEDGE = "acknowledge"
    TAKE_BACK = "take_back"
    SNOOZE_HOUR = "snooze_1h"
    SNOOZE_HOURS = "snooze_4h"
    SNOOZE_TOMORROW = "snooze_tomorrow"
    WAKE = "wake"
    DISMISS = "dismiss"
    VIEW_STATUS = "view_status"
    VIEW_HISTORY = "view_history"


SNOOZES: Final = (Deed.SNOOZE_HOUR, Deed.SNOOZE_HOURS, Deed.SNOOZE_TOMORROW)
_LENGTHS = {Deed.SNOOZE_HOUR: timedelta(hours=1), Deed.SNOOZE_HOURS: timedelta(hours=4)}


def snoozed_until(deed: Deed, now: datetime, zone: str | None) -> datetime:
    """When it wakes. `zone`, an IANA name, says whose morning; one that nobody knows counts as UTC."""
    length = _LENGTHS.get(deed)
    if length is not None:
        return now + length
    where = _zone(zone or UTC_NAME)
    tomorrow = now.astimezone(where).date() + timedelta(days=1)
    return datetime.combine(tomorrow, MORNING, where).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(UTC_NAME)
