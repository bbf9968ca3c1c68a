"""Which labels a folder of the source becomes at the destination."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, groupby
from unicodedata import category, normalize

from bot.domain.mail import DeletedItems, Junk, KnownFolder, MailRules, WellKnown, Work
from bot.engine.places import INBOX, LONGEST_LABEL, SENT, SPAM, TRASH, Place, Plan, clipped

PREFIX = "Outlook "
"""Stands before the name of a folder that Gmail reserves for itself."""

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
            place = _called(replace(place, name=_unique(kept.get(folder), place.name, taken)), tree[folder])
        found.places[folder] = place


def _called(place: Place, folder: KnownFolder) -> Place:
    """The other name that its label got, as long as its own is the one that was refused."""
    return replace(place, called=folder.label_called if folder.label_name == place.name else None)


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
    return clipped(PREFIX + "/".join(levels))


def numbered(name: str, number: int) -> str:
    """For the second and later ones of a name."""
    suffix = f" ({number})" if number > 1 else ""
    return clipped(name, LONGEST_LABEL - len(suffix)) + suffix


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
        if place and place.path:
            names.append(place.path)
            break
        if folder.well_known is not WellKnown.INBOX:
            names.append(_segment(folder.name))
    path = "/".join(reversed(names))
    return clipped(PREFIX + path if _is_reserved(path) else path)


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
