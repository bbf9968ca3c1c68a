"""Which labels a folder of the source becomes at the destination."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from bot.domain.mail import DeletedItems, Junk, KnownFolder, MailRules, Shown, WellKnown

LONGEST_LABEL = 225
"""Characters of a label's whole path that Gmail takes."""

PREFIX = "Outlook "
"""Stands before the name of a folder that Gmail reserves for itself."""

INBOX, SENT, TRASH, SPAM, UNREAD, STARRED = "INBOX", "SENT", "TRASH", "SPAM", "UNREAD", "STARRED"
"""Gmail's system labels that have a counterpart in Outlook."""

_OURS = frozenset({INBOX, TRASH, SPAM, UNREAD, STARRED})
"""System labels that may be put on and taken off; SENT may not (Gmail API guide, "Manage labels")."""

_RESERVED = frozenset(
    {
        *("inbox", "spam", "trash", "bin", "unread", "starred", "important", "sent", "sent mail", "draft"),
        *("drafts", "chat", "chats", "all mail", "scheduled", "snoozed", "muted", "outbox", "voicemail"),
        *("primary", "social", "promotions", "updates", "forums", "purchases", "reservations"),
    }
)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where mail of a folder goes. `name`: the label's path, None where a system label is enough."""

    system: frozenset[str] = frozenset()
    name: str | None = None
    is_sent: bool = False


@dataclass(slots=True)
class Plan:
    """A place for each folder that is synced; folders that are not in it are skipped."""

    places: dict[str, Place] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    """Ids of the labels that exist by now, by folder."""

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
        flags = {UNREAD} - ({UNREAD} if shown.is_read else set()) | ({STARRED} if shown.is_flagged else set())
        return place.system | ({label} if label else set()) | flags

    def difference(self, before: Shown | None, after: Shown) -> tuple[frozenset[str], frozenset[str]]:
        """Labels to put on, and to take off: a message need not have those that are taken off."""
        wanted = self.of(after)
        earlier = self.of(before) if before else frozenset()
        return wanted - {SENT}, (earlier | _OURS) - wanted - {SENT}


def plan(folders: Sequence[KnownFolder], rules: MailRules) -> Plan:
    """The places of all folders. Names are unique without regard to case, and stable while folders stay."""
    tree = {folder.id: folder for folder in folders if not folder.is_removed}
    found, taken = Plan(), dict[str, str]()
    for folder in tree.values():
        place = _place(folder, tree, rules)
        if place is None:
            continue
        if place.name:
            place = Place(place.system, _unique(place.name, folder.id, taken), place.is_sent)
        found.places[folder.id] = place
        if folder.label and place.name:
            found.labels[folder.id] = folder.label
    return found


def safe_name(name: str) -> str:
    """A name for a label whose own one was refused."""
    return _clipped(PREFIX + name)


_SKIPPED = frozenset({WellKnown.DRAFTS, WellKnown.OUTBOX, WellKnown.SYNC_ISSUES})


def _place(folder: KnownFolder, tree: dict[str, KnownFolder], rules: MailRules) -> Place | None:
    line = list(_line(folder, tree))
    kinds = {each.well_known for each in line}
    if folder.well_known is WellKnown.ROOT or kinds & _SKIPPED:
        return None
    if WellKnown.DELETED in kinds:
        return Place(frozenset({TRASH})) if rules.deleted_items is DeletedItems.TRASH else None
    if WellKnown.JUNK in kinds:
        return Place(frozenset({SPAM})) if rules.junk is Junk.SPAM else None
    return _OF_WELL_KNOWN.get(folder.well_known) or Place(name=_path(line))


_OF_WELL_KNOWN: dict[WellKnown | None, Place] = {
    WellKnown.INBOX: Place(frozenset({INBOX})),
    WellKnown.SENT: Place(frozenset({SENT}), is_sent=True),
    WellKnown.ARCHIVE: Place(),
}


def _line(folder: KnownFolder, tree: dict[str, KnownFolder]) -> Iterator[KnownFolder]:
    """The folder and what it is in, up to the top. A tree that bites its tail ends where it would repeat."""
    seen: set[str] = set()
    at: KnownFolder | None = folder
    while at and at.id not in seen and at.well_known is not WellKnown.ROOT:
        seen.add(at.id)
        yield at
        at = tree.get(at.parent) if at.parent else None


def _path(line: Sequence[KnownFolder]) -> str:
    """The inbox is no part of a path: at the destination nothing can be inside it."""
    names = [_segment(each.name) for each in reversed(line) if each.well_known is not WellKnown.INBOX]
    path = "/".join(names)
    return _clipped(PREFIX + path if _is_reserved(names[0]) else path)


def _is_reserved(name: str) -> bool:
    return name.casefold() in _RESERVED or name.upper().startswith("CATEGORY_")


def _segment(name: str) -> str:
    """A slash would make two levels of one folder."""
    return " ".join(_UNPRINTABLE.sub(" ", name).replace("/", "-").split()) or "Unnamed"


def _clipped(path: str) -> str:
    if len(path) <= LONGEST_LABEL:
        return path
    mark = blake2b(path.encode(), digest_size=4).hexdigest()
    return f"{path[: LONGEST_LABEL - len(mark) - 2].rstrip('/ ')}… {mark}"[:LONGEST_LABEL]


def _unique(name: str, folder: str, taken: dict[str, str]) -> str:
    candidate, number = name, 1
    while taken.setdefault(candidate.casefold(), folder) != folder:
        number += 1
        candidate = _clipped(f"{name} ({number})")
    return candidate
