"""What pages of changes make of one message, in whatever order the pages of its folders are read."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.mail import ItemState, Shown


@dataclass(frozen=True, slots=True)
class Sighting:
    """How one folder shows a message; `generation` is that of the folder's listing."""

    folder: str
    version: str | None
    is_read: bool
    is_flagged: bool
    generation: int

    @property
    def wanted(self) -> Shown:
        return Shown(self.folder, self.is_read, self.is_flagged)


@dataclass(frozen=True, slots=True)
class Tracked:
    """A message of the journal while a page is merged into it.

    Each folder tells only of itself: `elsewhere` are folders that showed the message before `place` did, and
    have not told yet that it left. Once every folder is read to its end, one of them is left, or none.
    """

    id: int | None
    source_id: str
    message_id: str | None
    received_at: datetime | None
    place: Sighting
    state: ItemState = ItemState.NEW
    removed: bool = False
    shown: Shown | None = None
    destination_id: str | None = None
    intent_at: datetime | None = None
    attempts: int = 0
    retry_at: datetime | None = None
    elsewhere: dict[str, Sighting] = field(default_factory=dict)

    def appears(self, seen: Sighting) -> "Tracked":
        others = {folder: one for folder, one in self.elsewhere.items() if folder != seen.folder}
        if not self.removed and seen.folder != self.place.folder:
            others[self.place.folder] = self.place
        return self._at(seen, others)

    def leaves(self, folder: str) -> "Tracked":
        """Only out of a folder that has it: of any other one it has moved out before."""
        others = {name: one for name, one in self.elsewhere.items() if name != folder}
        if self.removed or self.place.folder != folder:
            return replace(self, elsewhere=others)
        if others:
            place = others.pop(next(iter(sorted(others))))
            return self._at(place, others)
        state = self.state if self.state is ItemState.GONE else ItemState.REMOVED
        return replace(self, removed=True, state=state, retry_at=None)

    def _at(self, place: Sighting, others: dict[str, Sighting]) -> "Tracked":
        state = self._state_at(place)
        moved = replace(self, place=place, removed=False, elsewhere=others, state=state)
        if state is self.state:
            return moved
        return replace(moved, attempts=self.attempts if state is ItemState.SENDING else 0, retry_at=None)

    def _state_at(self, place: Sighting) -> ItemState:
        if not self.removed and self._stays(place):
            return self.state
        if self.destination_id is None:
            return ItemState.NEW if self.intent_at is None else ItemState.SENDING
        return ItemState.DONE if self.shown == place.wanted else ItemState.CHANGED

    def _stays(self, place: Sighting) -> bool:
        """What is on its way goes on; a failure waits for another version, what is gone for any change."""
        if self.state in (ItemState.NEW, ItemState.SENDING):
            return True
        if self.state is ItemState.FAILED:
            return place.version == self.place.version
        return self.state is ItemState.GONE and replace(place, generation=self.place.generation) == self.place
