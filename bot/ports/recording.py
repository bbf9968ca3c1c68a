"""Recording what engines report."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.events import Envelope


class Recorded(StrEnum):
    """What became of an event. PARKED: it waits for the mailbox or policy that it speaks of."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    PARKED = "parked"


class Recorder(Protocol):
    async def record(self, envelopes: Sequence[Envelope], now: datetime) -> list[Recorded]:
        """Apply events in order, in one transaction; the answer has one entry an event."""
        ...
