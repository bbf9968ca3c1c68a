"""Where the failures of a mailbox began: docs/discussions/history.md."""

from datetime import datetime, timedelta

BEFORE = timedelta(days=1)
"""What was done at most so long before the failures began may be why."""

AT_MOST = timedelta(days=7)
"""Where the last good run is older than a day, whatever came after it may be, but no further back."""

AFTER = timedelta(hours=1)
"""By then somebody who was about to repair something has shown it."""


def around(began_at: datetime, good_at: datetime | None) -> tuple[datetime, datetime]:
    """From when to when what people did is told."""
    earliest = began_at - BEFORE
    since = earliest if good_at is None else min(earliest, good_at)
    return max(since, began_at - AT_MOST), began_at + AFTER
