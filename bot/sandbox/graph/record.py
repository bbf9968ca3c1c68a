"""What was asked of the stand-in: one description a request, and the record of the last ones."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass

REMEMBERED = 10_000


@dataclass(slots=True)
class Call:
    """`kind` is the endpoint: token, folders, folder, folder-delta, delta, message, value, user, batch.

    In a hook after the handling `status` is set. `drop` closes the connection without an answer.
    """

    method: str
    path: str
    kind: str = ""
    app: str = ""
    user: str = ""
    message_id: str | None = None
    status: int = 0
    is_dropped: bool = False

    def drop(self) -> None:
        self.is_dropped = True


class Requests:
    """The last 10,000 as (method, path, status); status 0 was never answered. Counters count them all."""

    def __init__(self) -> None:
        self.recent: deque[tuple[str, str, int]] = deque(maxlen=REMEMBERED)
        self.by_kind: Counter[str] = Counter()
        self.by_status: Counter[int] = Counter()

    @property
    def total(self) -> int:
        return self.by_status.total()

    def __iter__(self) -> Iterator[tuple[str, str, int]]:
        return iter(self.recent)

    def __len__(self) -> int:
        return len(self.recent)

    def add(self, call: Call) -> None:
        self.recent.append((call.method, call.path, call.status))
        self.by_kind[call.kind] += 1
        self.by_status[call.status] += 1

    def clear(self) -> None:
        self.recent.clear()
        self.by_kind.clear()
        self.by_status.clear()
