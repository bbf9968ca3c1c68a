"""What people at the office write: the same letters for the same seed and time."""

import email.utils
from datetime import datetime, timedelta
from random import Random

from bot.sandbox.company.cast import SENDERS, SUBJECTS
from bot.sandbox.graph.mime import Address
from bot.sandbox.office.cast import Person
from bot.sandbox.office.letters import Letter

_MORE_SUBJECTS = (
    "Minutes of Monday's meeting",
    "Re: Minutes of Monday's meeting",
    "Order 4711 confirmed",
    "Delivery note 88-1203",
    "Lunch on Thursday?",
    "Re: Lunch on Thursday?",
    "Holiday list, please check",
    "Budget 2027, first draft",
    "Parking spaces from December",
    "Angebot Nr. 2026-118",
    "Devis pour la nouvelle ligne",
    "会議の議事録",
    "Protokół odbioru hali B",
    "Welcome pack for new colleagues",
    "Your parcel is at reception",
    "Fire drill on the 12th, 10:30",
    "Fwd: Tender documents, part 2",
    "Customer visit: agenda",
    "Re: Customer visit: agenda",
    "Maintenance window this weekend",
)
_AILING = {
    "Board pack, confidential",
    "Drawings, second set",
    "New release of the installer",
    "Scan from the 3rd floor printer",
}
"""Of the messages that something is wrong with: no other has them, so that each is told apart."""

_USUAL_SUBJECTS = tuple(each for each in SUBJECTS if each not in _AILING) + _MORE_SUBJECTS * 2
_OPENINGS = ("Hello", "Good morning", "Dear all", "Hi", "Guten Tag", "Bonjour")
_SENTENCES = (
    "Please find below what we agreed on yesterday.",
    "The supplier confirmed the date, but not the price.",
    "Could you have a look before Thursday?",
    "I have put the figures into the usual sheet.",
    "We still wait for the signature of the board.",
    "The drawings changed on page four only.",
    "If nobody objects, we go ahead on Monday.",
    "Viele Grüße aus der Halle B.",
    "Merci de confirmer votre présence.",
    "お手数ですが、ご確認をお願いいたします。",
)
_ATTACHMENTS = ("drawings.pdf", "figures.xlsx", "Protokoll.docx", "写真.jpg")
_WITH_ATTACHMENT, _FROM_OUTSIDE = 0.2, 0.6
_OFFICE_HOURS = (7, 19)


class Writer:
    """`office` are the addresses that mail inside the house is from."""

    def __init__(self, chance: Random, people: tuple[Person, ...]) -> None:
        self._chance = chance
        self._people = people
        self._count = 0

    def letter(self, to: Person, sent_at: datetime, *, subject: str | None = None) -> Letter:
        sender = self._stranger() if self._chance.random() < _FROM_OUTSIDE else self._colleague(to)
        return self._written(sender, address_of(to), sent_at, subject)

    def sent_by(self, sender: Person, sent_at: datetime) -> Letter:
        return self._written(address_of(sender), self._stranger(), sent_at, None)

    def between(self, sender: Person, to: Person, sent_at: datetime) -> Letter:
        return self._written(address_of(sender), address_of(to), sent_at, None)

    def past(self, now: datetime, days: float) -> datetime:
        """Some moment within the last days, at an hour at which people work, and never to come."""
        at = now - timedelta(days=self._chance.uniform(0.05, days))
        at = at.replace(hour=self._chance.randint(*_OFFICE_HOURS), microsecond=0)
        return at if at < now else at - timedelta(days=1)

    def _written(self, sender: Address, to: Address, sent_at: datetime, subject: str | None) -> Letter:
        self._count += 1
        host = sender[1].partition("@")[2].lower()
        return Letter(
            sender,
            to,
            subject or self._chance.choice(_USUAL_SUBJECTS),
            self._text(),
            sent_at,
            f"<{sent_at:%Y%m%d%H%M%S}.{self._count}@{host}>",
            self._chance.choice(_ATTACHMENTS) if self._chance.random() < _WITH_ATTACHMENT else None,
        )

    def _text(self) -> str:
        body = "\n".join(self._chance.sample(_SENTENCES, 3))
        return f"{self._chance.choice(_OPENINGS)},\n\n{body}\n"

    def _stranger(self) -> Address:
        return email.utils.parseaddr(self._chance.choice(SENDERS))

    def _colleague(self, to: Person) -> Address:
        return address_of(self._chance.choice([each for each in self._people if each is not to]))


def address_of(person: Person) -> Address:
    return person.name, person.source
