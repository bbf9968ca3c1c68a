"""What the one who asked reads: notices, forms, what a click came to."""

from collections.abc import Iterator
from dataclasses import replace

from blocks import dismissing, errors_sheet, handling, health, lookup, notice, report, retrying
from blocks import help as manual
from blocks.cards import modal_of
from blocks.surface import Message, Modal
from bot.domain.handling import Deed
from bot.domain.values import AlertId, FailureId
from bot.errors import CannotUpload
from bot.views import AlertState, Decided, Deeded, Dismissable, Handled, IncidentRetried, RetryStarted
from bot.views.exports import ErrorSheet
from bot.views.health import HealthCard
from handlers.grammar import COMMANDS
from tests.gallery.shots import Shot, drawn
from tests.unit.blocks import examples as a
from tests.unit.blocks.test_health import ARCHIVED, LOST, WELL


def shots() -> Iterator[Shot]:
    commands = tuple((spec.usage, spec.effect, spec.example) for spec in COMMANDS.values())
    yield from drawn("help", {"all": manual.message(commands), "one": manual.message(commands[:1])})
    yield from drawn("retry", _retries())
    yield from drawn("dismiss", _dismissals())
    yield Shot("too late", "acknowledged", handling.too_late(_too_late()))
    yield from drawn("health", {state: health.message(card) for state, card in _healths().items()})
    yield from drawn("export", _exports())
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


def _dismissals() -> dict[str, Message | Modal]:
    three = Dismissable(a.ALICE, (a.line(1), a.line(2), a.line(3, subject=None)), 3, FailureId(3))
    return {
        "of three": dismissing.form(three),
        "of one": dismissing.form(Dismissable(a.ALICE, (a.line(7),), 1, FailureId(7))),
        "one chosen": dismissing.form(three, FailureId(2)),
        "done": dismissing.done(Decided(a.ALICE, 3, 2, "sent by hand")),
    }


def _exports() -> dict[str, Message | Modal]:
    sheet = ErrorSheet(a.ALICE, (a.line(), a.line(2)), 2, with_subjects=False, as_of=a.NOON)
    listed = a.errors(a.line(), a.line(2))
    no_scope = CannotUpload("missing_scope", a.ALICE.source)
    return {
        "without subjects": errors_sheet.message(sheet),
        "with subjects": errors_sheet.message(replace(sheet, with_subjects=True, total=60_000)),
        "report": report.modal(a.errors(*(a.line(n) for n in range(1, 9)))),
        "sent": modal_of(listed, a.ERRORS, result=errors_sheet.result(sheet)),
        "no scope": notice.sentence_modal(no_scope.sentence),
    }


def _too_late() -> Deeded:
    by_ada = Handled(acknowledged_by="U0ADA", acknowledged_at=a.NOON)
    state = AlertState(AlertId(9), a.ALICE.source, is_cleared=False, handled=by_ada)
    return Deeded(Deed.ACKNOWLEDGE, "U0OMAR", is_done=False, state=state)


def _healths() -> dict[str, HealthCard]:
    troubled = replace(WELL, channels=(ARCHIVED,), undelivered=(LOST,))
    return {"well": WELL, "a channel takes nothing": troubled}


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
        "typeahead": lookup.modal(),
        "form filled in": notice.lookup_form("alice@contoso.com"),
    }
