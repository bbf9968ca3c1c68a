"""When a mailbox is synced next: evenly spread, at a time of its own within its policy's interval."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b

SHORTEST_REST = 0.5
"""The share of its interval that a mailbox rests at least between the end of a run and its next one."""


def phase(mailbox_key: str) -> float:
    """A mailbox's place within its interval, 0 to 1: the same at every start, and evenly spread."""
    return int.from_bytes(blake2b(mailbox_key.encode(), digest_size=8).digest()) / 2**64


def next_sync_at(ended_at: datetime, interval: timedelta, mailbox_key: str) -> datetime:
    """The mailbox's next own time that leaves it the shortest rest. `ended_at` and the answer are in UTC."""
    earliest = (ended_at + SHORTEST_REST * interval).timestamp()
    seconds = interval.total_seconds()
    offset = phase(mailbox_key) * seconds
    slot = -((offset - earliest) // seconds)
    return datetime.fromtimestamp(slot * seconds + offset, UTC)
