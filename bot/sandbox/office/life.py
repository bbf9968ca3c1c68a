"""What goes on at the office by itself: mail comes, is read, flagged, filed and thrown away."""

from collections.abc import Callable
from random import Random

from bot.sandbox.graph import Message
from bot.sandbox.office.cast import ARCHIVE, INBOX, SENT, Person
from bot.sandbox.office.staff import Staff

EVERY_SECONDS = 600.0
"""Between two happenings anywhere at the office, at speed 1."""

_SHARES = (10, 4, 5, 2, 3, 1)


class Life:
    """`spared` are messages that nobody touches but by the panel."""

    def __init__(self, staff: Staff, chance: Random, spared: frozenset[Message | None]) -> None:
        self._staff = staff
        self._chance = chance
        self._spared = spared
        self._kinds: tuple[Callable[[Person], None], ...] = (
            self._arrive,
            self._write_to_colleague,
            self._read,
            self._flag,
            self._file,
            self._throw_away,
        )

    def happen(self) -> None:
        """One thing to somebody."""
        [kind] = self._chance.choices(self._kinds, _SHARES)
        kind(self._chance.choice(list(self._staff.people.values())))

    def _arrive(self, person: Person) -> None:
        now = self._staff.graph.world.now()
        inbox = self._staff.source(person).well_known[INBOX]
        self._staff.put(inbox, self._staff.writer.letter(person, now))

    def _write_to_colleague(self, sender: Person) -> None:
        staff, now = self._staff, self._staff.graph.world.now()
        colleagues = [each for each in staff.people.values() if each is not sender]
        to = self._chance.choice(colleagues)
        letter = staff.writer.between(sender, to, now)
        staff.put(staff.source(sender).well_known[SENT], letter, is_read=True)
        staff.put(staff.source(to).well_known[INBOX], letter)

    def _read(self, person: Person) -> None:
        for message in self._some(person, lambda each: not each.is_read):
            self._staff.graph.world.set_read(message)

    def _flag(self, person: Person) -> None:
        for message in self._some(person):
            self._staff.graph.world.set_flag(message, is_flagged=not message.is_flagged)

    def _file(self, person: Person) -> None:
        own = self._staff.own_folders(person)
        target = self._chance.choice([self._staff.source(person).well_known[ARCHIVE], *own])
        for message in self._some(person, lambda each: each.is_read):
            self._staff.graph.world.move(message, target)

    def _throw_away(self, person: Person) -> None:
        for message in self._some(person, lambda each: each.is_read):
            self._staff.graph.world.delete(message)

    def _some(self, person: Person, fits: Callable[[Message], bool] = lambda _: True) -> list[Message]:
        """One message of the inbox, or none."""
        inbox = self._staff.source(person).well_known[INBOX]
        found = [each for each in inbox.messages.values() if each not in self._spared and fits(each)]
        return [self._chance.choice(found)] if found else []
