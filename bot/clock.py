"""The one place that reads the time."""

from datetime import UTC, datetime


class SystemClock:
    """Real time, aware and in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - this is the Clock
