"""Which labels a folder of the source becomes at the destination."""

import re
from collections import Counter
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import count, groupby
from unicodedata import category, normalize

from bot.domain.mail import DeletedItems, Junk, KnownFolder, MailRules, Shown, WellKnown, Work

LONGEST_LABEL = 225
"""UTF-16 units of a label's whole path: Gmail's own pages take no more, the API's documents are silent."""

PREFIX = "Outlook "
"""Stands before the name of a folder that Gmail reserves for itself."""

INBOX, SENT, TRASH, SPAM, UNREAD, STARRED = "INBOX", "SENT", "TRASH", "SPAM", "UNREAD", "STARRED"
"""Gmail's system labels that have a counterpart in Outlook."""

_OURS = frozenset({INBOX, TRASH, SPAM, UNREAD, STARRED})
"""System labels that may be put on and taken off; SENT may not (Gmail API guide, "Manage labels")."""

_RESERVED = frozenset(
    {
        *("inbox", "sent", "draft", "spam", "trash", "unread", "starred", "important", "chat"),
        *("chats", "drafts", "bin", "sent mail", "allmail", "all mail", "archive", "archived", "muted"),
        *("migrated", "todo", "todos", "buzz", "voicemail", "outbox", "scheduled", "snoozed"),
        *("primary", "social", "promotions", "updates", "forums", "purchases", "reservations"),
    }
)
"""As the top of a path. Gmail refuses what its system labels are called
(https://developers.google.com/workspace/gmail/api/guides/labels), and names that no document lists:
https://github.com/GAM-team/got-your-back has met most of them (issues 82, 316, 350, pull request 324), lieer
"voicemail". It also refuses what it calls them in the user's language (issues 135, 429, 442): those are
learned from the refusal.
"""

_JOINERS = "\u200c\u200d"
"""Invisible, but they hold letters of some scripts together, and the parts of an emoji."""

_UNNAMED = "Unnamed"
_NUMBER = re.compile(r" \(([1-9][0-9]{0,5})\)$")


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
        flags = {UNREAD} - ({UNREAD} if shown.is_read else set()) | ({STARRED} if shown.is_flagged else set())
        return place.system | ({label} if label else set()) | flags

    def difference(self, before: Shown | None, after: Shown) -> tuple[frozenset[str], frozenset[str]]:
        """Labels to put on, and to take off: a message need not have those that are taken off.

        Only what changed at the source, so that what somebody did at the destination stays. All, where
        nobody knows how the message is shown (`before` is None).
        """
        wanted = self.of(after)
        if before is None:
            return wanted - {SENT}, _OURS - wanted
        earlier = self.of(before) | self._worn(before)
        return wanted - earlier - {SENT}, earlier - wanted - {SENT}

    def correction(self, worn: Collection[str], after: Shown) -> tuple[frozenset[str], frozenset[str]]:
        """Labels to put on, and to take off, where nobody knows whose labels a message wears. None that is
        somebody else's is taken off.
        """
        wanted = self.of(after)
        ours = _OURS.union(self.former.values(), self.labels.values())
        return wanted.difference(worn) - {SENT}, ours.intersection(worn) - wanted

    def _worn(self, shown: Shown) -> frozenset[str]:
        label = self.former.get(shown.folder)
        return frozenset({label} if label else ())


def plan(folders: Sequence[KnownFolder], rules: MailRules, *, keeps_address: bool = True) -> Plan:
    """The places of all folders, whatever order they come in.

    Gmail marks inserted mail as sent only where the user's own address is in From (Gmail API guide, "Manage
    labels"). `keeps_address`: the mailbox has the same address on both sides; where it has not, sent mail
    gets a label of its own, so that it can be found.

    Names are unique without regard to case, as Gmail's are
    (https://github.com/gauteh/lieer/issues/207). A folder keeps the name that its label has, where it fits.
    """
    tree = {folder.id: folder for folder in folders if not folder.is_removed}
    found = Plan(former={folder.id: folder.label for folder in folders if folder.label})
    taken: dict[str, int] = {}
    lines = sorted((tuple(_line(folder, tree)) for folder in tree.values()), key=_depth)
    for _, level in groupby(lines, key=_depth):
        places = _placed(level, rules, found.places)
        _add(found, places if keeps_address else _sent_labelled(places, tree), tree, taken)
    found.labels = {
        id_: found.former[id_] for id_, place in found.places.items() if place.name and id_ in found.former
    }
    return found


def plan_of(work: Work, folders: Sequence[KnownFolder]) -> Plan:
    return plan(folders, work.rules, keeps_address=work.source == work.destination)


def _placed(
    level: Iterator[Sequence[KnownFolder]], rules: MailRules, above: Mapping[str, Place]
) -> dict[str, Place]:
    """Those of one level, by the places of those above. Two of them may want one name."""
    places = {line[0].id: _place(line, rules, above) for line in level if line}
    return {folder: place for folder, place in places.items() if place is not None}


def _sent_labelled(places: Mapping[str, Place], tree: Mapping[str, KnownFolder]) -> dict[str, Place]:
    return {
        folder: replace(place, name=_path([tree[folder]], {})) if place.is_sent else place
        for folder, place in places.items()
    }


def _add(
    found: Plan, places: Mapping[str, Place], tree: Mapping[str, KnownFolder], taken: dict[str, int]
) -> None:
    """Those that have their label go first, then the others by their ids."""
    kept = _kept({folder: place.name for folder, place in places.items() if place.name}, tree, taken)
    for folder in sorted(places, key=lambda folder: (folder not in kept, folder)):
        place = places[folder]
        if place.name:
            place = replace(place, name=_unique(kept.get(folder), place.name, taken))
        found.places[folder] = place


def _kept(
    wanted: Mapping[str, str], tree: Mapping[str, KnownFolder], taken: Mapping[str, int]
) -> dict[str, str]:
    """Names of labels that still fit their folders; over again, since one may have its number for another."""
    wishes = Counter(map(str.casefold, wanted.values()))
    held = {*taken, *(name for name, folders in wishes.items() if folders > 1)}
    kept: dict[str, str] = {}
    more = True
    while more:
        rest = ((id_, tree[id_].label_name, name) for id_, name in wanted.items() if id_ not in kept)
        found = {id_: label for id_, label, name in rest if label and _fits(label, name, held)}
        more = bool(found)
        kept |= found
        held |= {label.casefold() for label in found.values()}
    return kept


def _fits(label: str, name: str, held: Container[str]) -> bool:
    """A number fits while another folder wants or has the name: else the folder itself may have had it."""
    number = _NUMBER.search(label)
    is_numbered = number is not None and label == numbered(name, int(number[1]))
    return label == name or (is_numbered and name.casefold() in held)


def safe_name(name: str) -> str:
    """A name for a label whose own one was refused."""
    levels = ("".join(filter(str.isprintable, level)).strip() or _UNNAMED for level in name.split("/"))
    return _clipped(PREFIX + "/".join(levels))


def numbered(name: str, number: int) -> str:
    """For the second and later ones of a name."""
    suffix = f" ({number})" if number > 1 else ""
    return _clipped(name, LONGEST_LABEL - len(suffix)) + suffix


_SKIPPED = frozenset({WellKnown.DRAFTS, WellKnown.OUTBOX, WellKnown.SYNC_ISSUES})


def _place(line: Sequence[KnownFolder], rules: MailRules, above: Mapping[str, Place]) -> Place | None:
    kinds = {each.well_known for each in line}
    if kinds & _SKIPPED:
        return None
    if WellKnown.DELETED in kinds:
        return Place(frozenset({TRASH})) if rules.deleted_items is DeletedItems.TRASH else None
    if WellKnown.JUNK in kinds:
        return Place(frozenset({SPAM})) if rules.junk is Junk.SPAM else None
    return _OF_WELL_KNOWN.get(line[0].well_known) or Place(name=_path(line, above))


_OF_WELL_KNOWN: dict[WellKnown | None, Place] = {
    WellKnown.INBOX: Place(frozenset({INBOX})),
    WellKnown.SENT: Place(frozenset({SENT}), is_sent=True),
    WellKnown.ARCHIVE: Place(),
}


def _line(folder: KnownFolder, tree: Mapping[str, KnownFolder]) -> Iterator[KnownFolder]:
    """The folder and what it is in, up to the top. A tree that bites its tail ends where it would repeat."""
    seen: set[str] = set()
    at: KnownFolder | None = folder
    while at and at.id not in seen and at.well_known is not WellKnown.ROOT:
        seen.add(at.id)
        yield at
        at = tree.get(at.parent) if at.parent else None


def _depth(line: Sequence[KnownFolder]) -> int:
    """Levels of its path: of folders at different depths no two want the same name."""
    return sum(folder.well_known is not WellKnown.INBOX for folder in line)


def _path(line: Sequence[KnownFolder], above: Mapping[str, Place]) -> str:
    """The inbox is no part of a path: at the destination nothing can be inside it."""
    names: list[str] = []
    for folder in line:
        place = above.get(folder.id)
        if place and place.name:
            names.append(place.name)
            break
        if folder.well_known is not WellKnown.INBOX:
            names.append(_segment(folder.name))
    path = "/".join(reversed(names))
    return _clipped(PREFIX + path if _is_reserved(path) else path)


def _is_reserved(path: str) -> bool:
    top = path.partition("/")[0]
    return top.casefold() in _RESERVED or top.upper().startswith("CATEGORY_")


def _segment(name: str) -> str:
    """A slash would make two levels of one folder."""
    shown = "".join(map(_shown, normalize("NFC", name))).replace("/", "-")
    text = " ".join(shown.split())
    return text if text.strip(_JOINERS + " ") else _UNNAMED


def _shown(character: str) -> str:
    kind = category(character)
    if kind in ("Cc", "Cs"):
        return " "
    return "" if kind == "Cf" and character not in _JOINERS else character


def _clipped(path: str, longest: int = LONGEST_LABEL) -> str:
    units = path.encode("utf-16-le")
    if len(units) <= 2 * longest:
        return path
    mark = "… " + blake2b(path.encode(), digest_size=4).hexdigest()
    return units[: 2 * (longest - len(mark))].decode("utf-16-le", "ignore").rstrip("/ ") + mark


def _unique(kept: str | None, name: str, taken: dict[str, int]) -> str:
    """`taken`: names without regard to case, and up to which number each has been given away."""
    if kept and kept.casefold() not in taken:
        taken[kept.casefold()] = 1
        return kept
    bare = name.casefold()
    numbers = count(taken.get(bare, 0) + 1)
    number = next(each for each in numbers if numbered(name, each).casefold() not in taken)
    found = numbered(name, number)
    taken[bare] = number
    taken.setdefault(found.casefold(), 1)
    return found
