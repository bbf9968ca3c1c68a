"""Everybody's two mailboxes, and the weeks of mail that they begin with."""

from datetime import datetime, timedelta
from random import Random

from bot.sandbox.gmail import GmailStandIn
from bot.sandbox.gmail.mailbox import Mailbox as GmailMailbox
from bot.sandbox.graph import Folder, GraphStandIn, Mailbox, Message
from bot.sandbox.office.cast import ARCHIVE, DELETED, EVERYBODY, INBOX, SENT, Person
from bot.sandbox.office.letters import Letter
from bot.sandbox.office.writing import Writer

PAST_DAYS = 24
MESSAGES = 26
RECENT = timedelta(days=2)
_FOLDERS = (INBOX, "own", SENT, ARCHIVE, DELETED)
_SHARES = (11, 7, 4, 3, 1)
_READ_ON_THE_DAY, _FLAGGED = 0.4, 0.08


class Staff:
    def __init__(self, graph: GraphStandIn, gmail: GmailStandIn, chance: Random) -> None:
        self.graph = graph
        self.gmail = gmail
        self.people = {person.key: person for person in EVERYBODY}
        self.writer = Writer(chance, EVERYBODY)
        self._chance = chance
        for person in EVERYBODY:
            self._employ(person)

    def source(self, person: Person) -> Mailbox:
        return self.graph.world.mailboxes[person.source.lower()]

    def destination(self, person: Person) -> GmailMailbox:
        return self.gmail.world.user(person.destination)

    def own_folders(self, person: Person) -> list[Folder]:
        """Those that the person made."""
        return [each for each in self.source(person).folders.values() if each.well_known is None]

    def put(
        self, folder: Folder, letter: Letter, *, is_read: bool = False, is_flagged: bool = False
    ) -> Message:
        return self.graph.world.deliver(
            folder, letter, received_at=letter.sent_at, is_read=is_read, is_flagged=is_flagged
        )

    def _employ(self, person: Person) -> None:
        self.gmail.world.add_user(person.destination)
        self.graph.world.add_user(person.source, language=person.language)
        for path in person.folders:
            self._add_folders(person, path)
        now = self.graph.world.now()
        for moment in sorted(self.writer.past(now, PAST_DAYS) for _ in range(MESSAGES)):
            self._file(person, moment, is_old=now - moment > RECENT)

    def _add_folders(self, person: Person, path: str) -> None:
        mailbox = self.source(person)
        above = mailbox.root
        for name in path.split("/"):
            known = mailbox.well_known.get(name) if above is mailbox.root else None
            there = next((each for each in above.children if each.name == name), None)
            above = known or there or self.graph.world.add_folder(name, above)

    def _file(self, person: Person, moment: datetime, *, is_old: bool) -> None:
        [name] = self._chance.choices(_FOLDERS, _SHARES)
        own = name == "own"
        folder = (
            self._chance.choice(self.own_folders(person)) if own else self.source(person).well_known[name]
        )
        is_sent = name == SENT
        letter = self.writer.sent_by(person, moment) if is_sent else self.writer.letter(person, moment)
        is_read = is_sent or is_old or self._chance.random() < _READ_ON_THE_DAY
        self.put(folder, letter, is_read=is_read, is_flagged=not is_sent and self._chance.random() < _FLAGGED)
