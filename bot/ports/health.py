"""What is asked about the health of syncbot itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.views.health import ChannelHealth, EngineHealth, Held, Undelivered, Waiting


@dataclass(frozen=True, slots=True)
class HealthRecord:
    """What rows tell, all of one moment."""

    channels: tuple[ChannelHealth, ...]
    undelivered: tuple[Undelivered, ...]
    held: tuple[Held, ...]
    backlog: tuple[Waiting, ...]
    engine: EngineHealth


class HealthRecords(Protocol):
    async def read(self) -> HealthRecord:
        """Channels that ever got something, or failed to; `needs_somebody` is left to whoever asks."""
        ...


@dataclass(frozen=True, slots=True)
class Beat:
    """What one sweep of this process last did."""

    name: str
    began_at: datetime
    ended_at: datetime | None
    failed: bool
