"""Places at the destination, and the labels that a message has, gets and loses there."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from bot.domain.mail import Shown

LONGEST_LABEL = 225
"""UTF-16 units of a label's whole path: Gmail's own pages take no more, the API's documents are silent."""

INBOX, SENT, TRASH, SPAM, UNREAD, STARRED = "INBOX", "SENT", "TRASH", "SPAM", "UNREAD", "STARRED"
"""Gmail's system labels that have a counterpart in Outlook."""

_OURS = frozenset({INBOX, TRASH, SPAM, UNREAD, STARRED})
"""System labels that may be put on and taken off; SENT may not (Gmail API guide, "Manage labels")."""


_FLAGS = {
    (True, False): frozenset[str](),
    (False, False): frozenset({UNREAD}),
    (True, True): frozenset({STARRED}),
    (False, True): frozenset({UNREAD, STARRED}),
}
"""By whether a message is read, and whether it is flagged."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where mail of a folder goes. `name`: the label's path, None where a system label is enough.

    `called`: the path that the label has where the destination refused its name.
    """

    system: frozenset[str] = frozenset()
    name: str | None = None
    is_sent: bool = False
    called: str | None = None

    @property
    def path(self) -> str | None:
        return self.called or self.name

    @property
    def code(self) -> str:
        """Its system labels, as the journal keeps them."""
        return " ".join(sorted(self.system))


@dataclass(slots=True)
class Plan:
    """A place for each folder that is synced; folders that are not in it are skipped."""

    places: dict[str, Place] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    """Ids of the labels that exist by now, by folder."""
    former: dict[str, str] = field(default_factory=dict)
    """The same of every folder that ever had one: its mail may still wear it."""

    def skips(self, folder: str) -> bool:
        return folder not in self.places

    @property
    def unlabelled(self) -> frozenset[str]:
        """Folders whose label does not exist yet: their mail has to wait."""
        return frozenset(
            folder for folder, place in self.places.items() if place.name and folder not in self.labels
        )

    def of(self, shown: Shown) -> frozenset[str]:
        """Ids of the labels of a message that is shown so."""
        place = self.places.get(shown.folder, Place())
        label = self.labels.get(shown.folder)
        return place.system | ({label} if label else set()) | _flags(shown)

    def difference(self, before: Shown, after: Shown) -> tuple[frozenset[str], frozenset[str]]:
        """Labels to put on, and to take off: a message need not have those that are taken off.

        Only what changed at the source, so that what somebody did at the destination stays.
        """
        wanted = self.of(after)
        earlier = self.of(before) | self._worn(before)
        return wanted - earlier - {SENT}, earlier - wanted - {SENT}

    def correction(
        self, worn: Collection[str], after: Shown, before: Shown | None = None
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Labels to put on, and to take off, where nobody knows whose labels a message wears. None that is
        somebody else's is taken off. Flags stay as they are where they are as they were `before`.
        """
        wanted = self.of(after)
        ours = _OURS.union(self.former.values(), self.labels.values())
        kept = {SENT} if before is None else {SENT, UNREAD, STARRED} - (_flags(before) ^ _flags(after))
        return wanted.difference(worn) - kept, ours.intersection(worn) - wanted - kept

    def call(self, folder: str, called: str | None) -> None:
        """The folder's label has got this name for its own; labels inside it are named accordingly."""
        place = self.places[folder]
        self.places[folder] = replace(place, called=called)
        above, now = f"{place.path}/", f"{called or place.name}/"
        for inside, each in self.places.items() if now != above else ():
            if each.name and each.name.startswith(above):
                self.places[inside] = replace(each, name=clipped(now + each.name[len(above) :]))

    def _worn(self, shown: Shown) -> frozenset[str]:
        label = self.former.get(shown.folder)
        return frozenset({label} if label else ())


def _flags(shown: Shown) -> frozenset[str]:
    return _FLAGS[shown.is_read, shown.is_flagged]


def clipped(path: str, longest: int = LONGEST_LABEL) -> str:
    units = path.encode("utf-16-le")
    if len(units) <= 2 * longest:
        return path
    mark = "… " + blake2b(path.encode(), digest_size=4).hexdigest()
    return units[: 2 * (longest - len(mark))].decode("utf-16-le", "ignore").rstrip("/ ") + mark
