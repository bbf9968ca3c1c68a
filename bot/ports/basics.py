"""Time, and waking the sweeps."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime: ...


class Doorbell(Protocol):
    """Wakes the sweeps early. Ringing twice, or losing a ring, is harmless: rows are the truth."""

    def ring(self) -> None: ...
