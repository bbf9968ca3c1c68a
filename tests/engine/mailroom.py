"""A mailbox at the source: what is in it, and what its user does while the engine is being killed."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.sandbox.graph import Folder, GraphStandIn, Mailbox
from bot.sandbox.graph.world import World
from tests.engine.letters import LARGE, Letter, written

_PROJECTS = ("2024", "Ä/ö straße", "  Entwürfe 2 ")
_DAY = timedelta(days=1)


@dataclass
class Mailroom:
    """`numbers` gives the next number to each letter of a trial."""

    graph: GraphStandIn
    address: str
    chosen: random.Random
    numbers: Callable[[], int]
    language: str = "de"
    letters: list[Letter] = field(default_factory=list)
    user: Mailbox = field(init=False)

    def __post_init__(self) -> None:
        self.user = self.world.add_user(self.address, language=self.language)

    @property
    def world(self) -> World:
        return self.graph.world

    def furnish(self, count: int, *, with_large: bool = False) -> None:
        """Folders inside each other and inside well-known ones, reserved names, and mail in all of them.

        No two folders have one name, whichever of them are swapped or moved: labels need no numbers.
        """
        projects = self.world.add_folder("Projekte", user=self.user)
        for name in _PROJECTS:
            self.world.add_folder(f"Zu {name}", self.world.add_folder(name, projects))
        for name in ("Starred", "Snoozed", "CATEGORY_social", "[Gmail]", "Leer"):
            self.world.add_folder(name, user=self.user)
        for well_known in ("inbox", "archive", "sentitems", "deleteditems"):
            self.world.add_folder(f"Alt {well_known}", self.user.folder(well_known))
        for _ in range(count):
            self.receive()
        for _ in range(max(1, count // 12)):
            self.copy()
            self.receive("sentitems")
            self.receive("deleteditems")
            self.receive("junkemail")
            self.receive("drafts")
        if with_large:
            self.receive("inbox", size=LARGE)

    # ---- what happens to it

    def receive(self, name: str = "", *, size: int = 0) -> Letter:
        """In a folder by its well-known name or its own; in any without a name."""
        folder = self.user.folder(name) if name else self.chosen.choice(self.folders)
        sender = self.address if folder is self.user.folder("sentitems") else "Ben <ben@x.example>"
        number = self.numbers()
        return self.deliver(folder, number, written(number, self.chosen, sender=sender, size=size))

    def copy(self) -> None:
        """The same bytes once more, in another folder: one Message-ID, two messages."""
        original = self._any()
        if original:
            other = [folder for folder in self.folders if folder is not original.message.folder]
            self.deliver(self.chosen.choice(other), original.number, original.mime)

    def change(self) -> None:
        """Anything that its user may do."""
        mail = (self.receive, self._move, self._move, self._read, self._flag, self.copy)
        less = (self._delete, self._delete_for_good, self._restore)
        tree = (
            self._rename_folder,
            self._swap_names,
            self._move_folder,
            self._add_folder,
            self._remove_folder,
        )
        ways: tuple[Callable[[], object], ...] = (*mail, *less, *tree)
        self.chosen.choice(ways)()

    def _move(self) -> None:
        if letter := self._any():
            self.world.move(letter.message, self.chosen.choice(self.folders))

    def _read(self) -> None:
        if letter := self._any():
            self.world.set_read(letter.message, is_read=not letter.message.is_read)

    def _flag(self) -> None:
        if letter := self._any():
            self.world.set_flag(letter.message, is_flagged=not letter.message.is_flagged)

    def _delete(self) -> None:
        if letter := self._any():
            self.world.delete(letter.message)

    def _delete_for_good(self) -> None:
        if letter := self._any():
            self.world.delete(letter.message, hard=True)

    def _restore(self) -> None:
        deleted = list(self.user.folder("deleteditems").messages.values())
        if deleted:
            self.world.move(self.chosen.choice(deleted), self.user.folder("inbox"))

    def _rename_folder(self) -> None:
        self.world.rename_folder(self._own_folder(), f"Neu {self.numbers()}")

    def _swap_names(self) -> None:
        one, other = self._own_folder(), self._own_folder()
        taken = [{each.name for each in folder.parent.children} for folder in (one, other) if folder.parent]
        if one.parent is other.parent or not (other.name in taken[0] or one.name in taken[1]):
            name = one.name
            self.world.rename_folder(one, other.name)
            self.world.rename_folder(other, name)

    def _move_folder(self) -> None:
        """Away, back, or elsewhere. Its name is free wherever it goes."""
        folder = self.chosen.choice([each for each in self.folders if not each.well_known])
        if not folder.children:
            self.world.rename_folder(folder, f"Neu {self.numbers()}")
            others = [each for each in self.folders if each is not folder]
            self.world.move_folder(folder, self.chosen.choice([self.user.root, *others]))

    def _add_folder(self) -> None:
        parent = self.chosen.choice([self.user.root, *self.folders])
        folder = self.world.add_folder(f"Neu {self.numbers()}", parent)
        number = self.numbers()
        self.deliver(folder, number, written(number, self.chosen, sender="Ben <ben@x.example>"))

    def _remove_folder(self) -> None:
        folder = self._own_folder()
        if not folder.children:
            self.world.remove_folder(folder)

    # ---- inside

    @property
    def folders(self) -> list[Folder]:
        """Those that mail may come to and go from; what was sent stays where it is."""
        away = ("msgfolderroot", "sentitems", "drafts", "outbox")
        return [folder for folder in self.user.folders.values() if folder.well_known not in away]

    def _own_folder(self) -> Folder:
        own = [each for each in self.folders if not each.well_known and not _is_thrown_away(each)]
        return self.chosen.choice(own)

    def _any(self) -> Letter | None:
        there = [each for each in self.letters if not each.message.is_gone]
        movable = [each for each in there if each.message.folder in self.folders]
        return self.chosen.choice(movable) if movable else None

    def deliver(self, folder: Folder, number: int, mime: bytes) -> Letter:
        received_at = self.world.now() - self.chosen.randrange(20) * _DAY
        is_read, is_flagged = self.chosen.random() < 0.5, self.chosen.random() < 0.2
        is_draft = folder.well_known == "drafts"
        message = self.world.deliver(
            folder,
            mime,
            received_at=received_at,
            is_read=is_read,
            is_flagged=is_flagged,
            is_draft=is_draft,
        )
        letter = Letter(number, mime, message)
        self.letters.append(letter)
        return letter


def _is_thrown_away(folder: Folder | None) -> bool:
    """Or in a folder that is."""
    if folder is None:
        return False
    return folder.well_known in ("deleteditems", "junkemail") or _is_thrown_away(folder.parent)
