"""The message about a connection's credential that expires soon: what it stops, and how it is renewed."""

from typing import Final

from blocks import words
from blocks.kit import context, header, section, stack
from blocks.surface import Message
from blocks.text import day, foreign, one_line, when
from bot.domain.values import Credential, Ending, Step
from bot.views import CredentialCard, Expired

_WITHIN: Final = {Step.MONTH: "within 30 days", Step.WEEK: "within 7 days", Step.DAY: "within a day"}
_ENTRA: Final = "in Microsoft Entra, under *Certificates &amp; secrets*"
_RENEWAL: Final = {
    Credential.CERTIFICATE: f"Make a new one, upload it {_ENTRA}, and replace the file.",
    Credential.SECRET: f"Make a new one {_ENTRA}, and put it in place of the old one.",
    Credential.KEY: "Make a new key of the service account in Google Cloud, and replace the file.",
}
_KEYS: Final = {Credential.SECRET: "secret_expires", Credential.KEY: "key_expires"}


def message(card: CredentialCard) -> Message:
    """Made of blocks that are safe everywhere. The days left stand in its title only as steps: the same card
    is the same message the day after.
    """
    if card.cleared_at:
        return _over(card)
    return _covered(card) if card.part_of else _living(card)


def ended(told: Expired, connection: str) -> str:
    """In an incident that this is the reason of."""
    at = _on(told) if told.is_declared else when(told.at)
    return f"The {told.credential} of {foreign(connection, 120)} expired {at}."


def renewed(card: CredentialCard) -> str:
    return f"Renewed: the {_what(card)} holds again ✅"


def _living(card: CredentialCard) -> Message:
    title = f"The {card.credential} of {one_line(card.connection, 100)} {_expires(card)}"
    return Message.of(
        f"The {_what(card)} {_expires(card)}.",
        stack(
            header(title),
            context(_day(card), _needed_by(card)),
            section(_effect(card)),
            section(f"*Remedy:* {_RENEWAL[card.credential]} {_then(card)}"),
            _support(card),
        ),
    )


def _what(card: CredentialCard) -> str:
    return f"{card.credential} of {foreign(card.connection, 120)}"


def _expires(card: CredentialCard) -> str:
    return "has expired" if card.step is Step.EXPIRED else f"expires {_WITHIN[card.step]}"


def _day(card: CredentialCard) -> str:
    verb = "expired" if card.step is Step.EXPIRED else "expires"
    told = Expired(card.credential, card.expires_at, card.is_declared)
    return f"{verb} {_on(told)}" if card.is_declared else f"{verb} {when(card.expires_at)}"


def _on(told: Expired) -> str:
    """A day that somebody wrote down is the same day in every zone."""
    return f"on {day(told.at)}, as tenant.yaml says"


def _needed_by(card: CredentialCard) -> str:
    return f"{words.count(card.mailboxes, 'mailbox')} {words.verb(card.mailboxes, 'needs', 'need')} it"


def _effect(card: CredentialCard) -> str:
    if card.step is not Step.EXPIRED:
        return "If it is not renewed by then, syncing stops."
    corrected = " If it is renewed already, only the day in tenant.yaml is old." if card.is_declared else ""
    return f"Nothing is synced until it is renewed.{corrected}"


def _then(card: CredentialCard) -> str:
    key = _KEYS.get(card.credential)
    if key is None or not card.is_declared:
        return "syncbot uses it at once; nothing needs to be restarted."
    return f"Then write its last day into `{key}` in tenant.yaml, and run `syncbot apply`."


def _support(card: CredentialCard) -> dict[str, object] | None:
    if not card.support_contact:
        return None
    return context(f"If that is not yours to do: contact {foreign(card.support_contact)}.")


def _covered(card: CredentialCard) -> Message:
    told = f"The {_what(card)} has expired: an incident tells which mailboxes fail."
    return Message.of(told, stack(section(told), context(_day(card))))


def _over(card: CredentialCard) -> Message:
    told = {
        Ending.RENEWED: renewed(card),
        Ending.TOLD_ANEW: f"The {_what(card)} expires soon: a newer message tells it.",
        Ending.GONE: f"Until when the {_what(card)} holds is not known any more.",
    }[card.ending or Ending.GONE]
    return Message.of(told, stack(section(told), context(f"told {when(card.opened_at)}")))
