"""What the one who asked reads: notices, forms, what a click came to."""

from collections.abc import Iterator

from blocks import help as manual
from blocks import notice, retrying
from blocks.surface import Message, Modal
from bot.views import IncidentRetried, RetryStarted
from handlers.grammar import COMMANDS
from tests.gallery.shots import Shot, drawn
from tests.unit.blocks import examples as a


def shots() -> Iterator[Shot]:
    commands = tuple((spec.usage, spec.effect, spec.example) for spec in COMMANDS.values())
    yield from drawn("help", {"all": manual.message(commands), "one": manual.message(commands[:1])})
    yield from drawn("retry", _retries())
    yield from drawn("notice", _notices())


def _retries() -> dict[str, Message]:
    started = {
        "one item": RetryStarted(a.ALICE, "b", 1, 0),
        "some already": RetryStarted(a.ALICE, "b", 3, 2),
        "nothing new": RetryStarted(a.ALICE, "b", 0, 1),
        "whole mailbox": RetryStarted(a.ALICE, "b", 1, 0, whole_mailbox=True),
    }
    incident = IncidentRetried("Google refused the credentials", 500, 9_000, a.NOON + a.HOUR)
    return {state: retrying.message(one) for state, one in started.items()} | {
        "incident": retrying.of_incident(incident)
    }


def _notices() -> dict[str, Message | Modal]:
    refused = "Only operators may retry. Ask an admin to put your id, U0VERA, into SYNCBOT_OPERATORS."
    return {
        "sentence": notice.sentence("There is no command “stauts”. Did you mean `/sync status`?"),
        "refusal": notice.refusal(refused),
        "unexpected": notice.unexpected("3f2a9c01"),
        "sentence in a modal": notice.sentence_modal("None of the 3 addresses in this message is synced."),
        "refusal in a modal": notice.refusal_modal(refused),
        "unexpected in a modal": notice.unexpected_modal("3f2a9c01"),
        "loading": notice.loading(),
        "form": notice.lookup_form(),
        "form filled in": notice.lookup_form("alice@contoso.com"),
    }
