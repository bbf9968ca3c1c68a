"""What was asked of the stand-in, as far as a test wants to look back."""

from collections import Counter, deque
from collections.abc import Iterator
from typing import NamedTuple

REMEMBERED = 10_000
DROPPED = 0
"""The status of a request whose connection was dropped instead of answered."""


class Entry(NamedTuple):
    method: str
    path: str
    status: int


class Requests:
    """The newest requests, and counters of all: by verb, by name of the API method, by status."""

    def __init__(self) -> None:
        self._recent: deque[Entry] = deque(maxlen=REMEMBERED)
        self.by_name: Counter[str] = Counter()
        self.by_status: Counter[int] = Counter()

    def add(self, entry: Entry, name: str) -> None:
        self._recent.append(entry)
        self.by_name[name] += 1
        self.by_status[entry.status] += 1

    @property
    def total(self) -> int:
        return self.by_status.total()

    def clear(self) -> None:
        self._recent.clear()
        self.by_name.clear()
        self.by_status.clear()

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._recent)

    def __len__(self) -> int:
        return len(self._recent)
