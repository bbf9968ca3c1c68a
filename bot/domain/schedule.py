"""When a mailbox is synced next: evenly spread, at a time of its own within its policy's interval."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b

SHORTEST_REST = 0.5
"""The share of its interval that a mailbox rests at least between the end of a run and its next one."""

A_FEW = 20
"""First runs that may begin at one time."""

APART = timedelta(hours=1) / 10_000
"""Between the first runs of mailboxes that begin together, on average."""

_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


def phase(mailbox_key: str) -> float:
    """A mailbox's place within its interval, 0 to 1: the same at every start, and evenly spread."""
    return int.from_bytes(blake2b(mailbox_key.encode(), digest_size=8).digest()) / 2**64


def first_sync_at(begins_at: datetime, interval: timedelta, mailbox_key: str, beginners: int) -> datetime:
    """When a mailbox that was never synced is due, one of so many that begin together.

    A few begin at once; more are spread by their places, ten thousand over an hour.
    """
    window = max(beginners - A_FEW, 0) * APART
    return begins_at + phase(mailbox_key) * min(interval, window)


def next_sync_at(ended_at: datetime, interval: timedelta, mailbox_key: str) -> datetime:
    """The mailbox's next own time that leaves it the shortest rest. The answer is in UTC.

    In whole microseconds: a fraction would put it a little before its time now and then.
    """
    earliest = ended_at - _ZERO + SHORTEST_REST * interval
    offset = phase(mailbox_key) * interval
    slot = -((offset - earliest) // interval)
    return _ZERO + slot * interval + offset
