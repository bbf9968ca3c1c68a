"""Taking in what engines report."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.events import Envelope
from bot.ports import Clock, Doorbell, Recorded, Recorder


@dataclass(frozen=True, slots=True)
class Recording:
    recorder: Recorder
    doorbell: Doorbell
    clock: Clock

    async def record(self, envelopes: Sequence[Envelope]) -> list[Recorded]:
        """Apply events in order, each once; then wake whoever shows or sends what changed."""
        if not envelopes:
            return []
        recorded = await self.recorder.record(envelopes, self.clock.now())
        if Recorded.APPLIED in recorded:
            self.doorbell.ring()
        return recorded
