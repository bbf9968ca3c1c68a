"""What must be true in the end, worked out from the source's world alone, and what is true instead."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.domain.mail import DeletedItems, Junk, MailRules, Removals
from bot.sandbox.gmail import GmailStandIn
from bot.sandbox.gmail.mailbox import Message as Arrived
from bot.sandbox.graph import Folder, Message
from tests.engine.letters import Letter, is_unaltered, number_of
from tests.engine.mailroom import Mailroom

_RESERVED = ("starred", "snoozed", "category_social", "archive")
"""Of the names that are given in these trials, those that Gmail keeps for itself."""


@dataclass
class Findings:
    """How many messages there are, and what is wrong with which of them, by number."""

    messages: int = 0
    lost: list[int] = field(default_factory=list)
    twice: list[int] = field(default_factory=list)
    altered: list[int] = field(default_factory=list)
    mislabelled: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)

    @property
    def are_none(self) -> bool:
        return not any((self.lost, self.twice, self.altered, self.mislabelled, self.rows))


@dataclass(frozen=True, slots=True)
class Oracle:
    """Compares one mailbox at the source with its counterpart."""

    room: Mailroom
    gmail: GmailStandIn
    address: str
    rules: MailRules

    def compare(self, found: Findings) -> None:
        arrived: dict[int, list[Arrived]] = {}
        for message in self.gmail.world.messages(self.address):
            arrived.setdefault(number_of(message.raw or b""), []).append(message)
        for number, letters in self.letters.items():
            self._compare(number, letters, arrived.pop(number, []), found)
        found.twice += arrived
        found.mislabelled += (f"there is no label {name}" for name in self._missing_labels())

    @property
    def letters(self) -> dict[int, list[Letter]]:
        kept: dict[int, list[Letter]] = {}
        for letter in self.room.letters:
            kept.setdefault(letter.number, []).append(letter)
        return kept

    def is_wanted(self, message: Message) -> bool:
        return not message.is_gone and self.labels_of(message.folder) is not None

    def _compare(self, number: int, letters: list[Letter], arrived: list[Arrived], found: Findings) -> None:
        wanted = [letter for letter in letters if self.is_wanted(letter.message)]
        found.messages += len(wanted)
        found.lost += [number] * (len(wanted) - len(arrived))
        found.twice += [number] * (len(arrived) - len(self._at_most(letters)))
        found.altered += [number] * sum(
            not is_unaltered(letters[0].mime, each.raw or b"") for each in arrived
        )
        expected = Counter(self._shown(letter.message) for letter in wanted)
        actual = Counter(frozenset(self._named(each.label_ids)) for each in arrived)
        self._compare_labels(number, expected, actual, found)

    def _at_most(self, letters: list[Letter]) -> list[Letter]:
        """What was removed may have been imported before; a draft never is."""
        return [letter for letter in letters if not letter.message.is_draft]

    def _compare_labels(
        self,
        number: int,
        expected: Counter[frozenset[str]],
        actual: Counter[frozenset[str]],
        found: Findings,
    ) -> None:
        for labels in (expected - actual).elements():
            seen = ", ".join(str(sorted(each)) for each in actual)
            found.mislabelled.append(f"{number} should have {sorted(labels)}, there is {seen or 'none'}")
        if self.rules.removals is Removals.TRASH:
            rest = (actual - expected).elements()
            left = [sorted(labels) for labels in rest if "TRASH" not in labels]
            found.mislabelled += (f"{number} should be in the trash: {labels}" for labels in left)

    # ---- what a message should have

    def _shown(self, message: Message) -> frozenset[str]:
        place = self.labels_of(message.folder) or frozenset()
        flags = {"UNREAD": not message.is_read, "STARRED": message.is_flagged}
        return place | {name for name, is_set in flags.items() if is_set}

    def labels_of(self, folder: Folder) -> frozenset[str] | None:
        """By name; None for a folder that is not synced."""
        kinds = [each.well_known for each in _upwards(folder)]
        if "drafts" in kinds or "outbox" in kinds:
            return None
        if "deleteditems" in kinds:
            return frozenset({"TRASH"}) if self.rules.deleted_items is DeletedItems.TRASH else None
        if "junkemail" in kinds:
            return frozenset({"SPAM"}) if self.rules.junk is Junk.SPAM else None
        alone = {"inbox": {"INBOX"}, "sentitems": {"SENT"}, "archive": set[str]()}
        return frozenset(alone.get(folder.well_known or "", {_path(folder)}))

    def _named(self, ids: Iterable[str]) -> Iterator[str]:
        labels = self.gmail.world.user(self.address).labels
        return (labels[id_].name for id_ in ids)

    def _missing_labels(self) -> list[str]:
        there = {label.name for label in self.gmail.world.labels(self.address)}
        synced = [folder for folder in self.room.user.folders.values() if folder is not self.room.user.root]
        return [name for folder in synced for name in self.labels_of(folder) or () if name not in there]


def _upwards(folder: Folder) -> Iterator[Folder]:
    at: Folder | None = folder
    while at is not None and at.parent is not None:
        yield at
        at = at.parent


def _path(folder: Folder) -> str:
    names = [each.name for each in _upwards(folder) if each.well_known != "inbox"]
    path = "/".join(" ".join(name.replace("/", "-").split()) for name in reversed(names))
    return f"Outlook {path}" if path.partition("/")[0].casefold() in _RESERVED else path
