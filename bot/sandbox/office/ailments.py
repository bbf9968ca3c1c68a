"""What is wrong when the demo begins: one of each kind."""

from datetime import timedelta

from bot.sandbox.graph import Folder, Message
from bot.sandbox.graph.model import App
from bot.sandbox.office.cast import FABRIKAM, INBOX, Person
from bot.sandbox.office.letters import Letter
from bot.sandbox.office.papers import Papers
from bot.sandbox.office.staff import Staff
from bot.sandbox.office.troubles import (
    Attached,
    GmailOff,
    SecretExpired,
    Throttled,
    Trouble,
    Unreadable,
    Words,
    without_attachment,
)
from bot.sandbox.office.writing import address_of

HEAVY = 14_000_000
"""Bytes: above what the demo's syncbot is told that Gmail takes (bot/demo.py)."""

_SOREN = ("Søren Kjær", "soren@wingtip.example")
_ZOE = ("Zoë & Partners 💼", "office@proseware.example")
_INES = ("Inês Duarte", "ines.duarte@northwind.example")


def found(staff: Staff, papers: Papers, northwind: App, fabrikam: App) -> tuple[Trouble, ...]:
    """All of them hold."""
    made = (
        _encrypted(staff),
        _too_large(staff),
        _blocked(staff),
        _damaged(staff),
        _without_gmail(staff),
        _expired(staff, papers, fabrikam),
        _throttled(staff, northwind),
    )
    for trouble in made:
        trouble.begin()
    return made


def _encrypted(staff: Staff) -> Trouble:
    person = staff.people["priya.raman"]
    words = Words(
        "“Board pack, confidential” is encrypted",
        "it is encrypted, and Exchange cannot export it",
        "Decrypt it",
        "Encrypt it again",
    )
    letter = _letter(staff, person, _INES, "Board pack, confidential", hours=5)
    message = _put(staff, person, letter)
    return Unreadable(
        "encrypted",
        words,
        (person,),
        "ErrorMimeContentConversionFailed",
        staff.graph,
        message,
        message=message,
    )


def _damaged(staff: Staff) -> Trouble:
    person = staff.people["haruto.sato"]
    words = Words(
        "“Scan from the 3rd floor printer” is damaged",
        "it is damaged, and Exchange cannot read it",
        "Open and save it",
        "Damage it again",
    )
    letter = _letter(
        staff, person, ("", "PRINTER-3F@NORTHWIND.EXAMPLE"), "Scan from the 3rd floor printer", hours=9
    )
    message = _put(staff, person, letter)
    return Unreadable("damaged", words, (person,), "ErrorItemCorrupt", staff.graph, message, message=message)


def _too_large(staff: Staff) -> Trouble:
    person = staff.people["lena.brandt"]
    words = Words(
        "“Drawings, second set” is too large",
        "it is larger than Gmail takes",
        "Move it to Drive",
        "Attach it again",
    )
    good = _letter(staff, person, _SOREN, "Drawings, second set", hours=7)
    return _attached(staff, person, "too-large", words, good, ("drawings-2.zip", HEAVY))


def _blocked(staff: Staff) -> Trouble:
    person = staff.people["lena.brandt"]
    words = Words(
        "“New release of the installer” holds a .jar",
        "Gmail blocks its attachment, a .jar file",
        "Remove the file",
        "Put it back",
    )
    good = _letter(staff, person, _ZOE, "New release of the installer", hours=3)
    return _attached(staff, person, "blocked", words, good, ("installer.jar", 220_000))


def _without_gmail(staff: Staff) -> Trouble:
    person = staff.people["noor.haddad"]
    words = Words(
        "Gmail is switched off", "Gmail is switched off for this user", "Switch it on", "Switch it off"
    )
    return GmailOff("gmail-off", words, (person,), staff.destination(person))


def _expired(staff: Staff, papers: Papers, app: App) -> Trouble:
    words = Words(
        "Fabrikam's client secret has expired",
        "the client secret of Fabrikam's connection has expired",
        "Renew the secret",
        "Let it expire",
    )
    return SecretExpired("secret", words, FABRIKAM, staff.graph, app, papers.renew_fabrikam)


def _throttled(staff: Staff, app: App) -> Trouble:
    person = staff.people["jean-luc.moreau"]
    words = Words(
        "Microsoft 365 throttles the mailbox",
        "Microsoft 365 throttles the mailbox, which passes by itself",
        "Lift it now",
        "Throttle it again",
    )
    return Throttled("throttled", words, (person,), staff.graph, app, staff.source(person))


def _attached(
    staff: Staff, person: Person, key: str, words: Words, good: Letter, file: tuple[str, int]
) -> Trouble:
    name, weight = file
    bad = Letter(good.sender, good.to, good.subject, good.text, good.sent_at, good.message_id, name, weight)
    message = _put(staff, person, bad)
    instead = without_attachment(good, f"({name} is in the shared drive.)")
    return Attached(key, words, (person,), staff.graph, message, bad, instead, message=message)


def _letter(staff: Staff, person: Person, sender: tuple[str, str], subject: str, *, hours: int) -> Letter:
    sent_at = (staff.graph.world.now() - timedelta(hours=hours)).replace(microsecond=0)
    key = subject.split(maxsplit=1)[0].strip(",").lower()
    identity = f"<{sent_at:%Y%m%d%H%M%S}.{key}@{sender[1].partition('@')[2].lower()}>"
    text = "Hello,\n\nplease find it attached.\n"
    return Letter(sender, address_of(person), subject, text, sent_at, identity)


def _put(staff: Staff, person: Person, letter: Letter) -> Message:
    inbox: Folder = staff.source(person).well_known[INBOX]
    return staff.put(inbox, letter)
