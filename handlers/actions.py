"""Clicks: one function a control, found by its action id."""

import re
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp

from blocks import cards, dismissing, errors_sheet, report, retrying
from blocks.actions import Action
from blocks.surface import Modal
from blocks.values import (
    CardValue,
    CauseValue,
    ChoiceValue,
    EntryValue,
    FailureValue,
    HistoryValue,
    IncidentValue,
    MailboxValue,
    NarrowValue,
    RetryValue,
)
from bot.domain.values import AlertId, FailureId, MailboxId, Role
from bot.errors import StaleButton
from bot.ports import RetryTarget
from bot.views import EVERYTHING, CardKind, CardRef, ErrorList, Narrowing
from handlers import handling, home, muting, policies, subscribing
from handlers.answers import Answers
from handlers.boundary import Boundary, Handler, Route
from handlers.carried import OLD, carried, kept
from handlers.gesture import Gesture, Origin

_ANY = re.compile(r".*", re.DOTALL)


def register(app: AsyncApp, boundary: Boundary) -> None:
    app.action(_ANY)(boundary.listener(Gesture.of_interaction, route))


def route(gesture: Gesture) -> Route:
    """Raises StaleButton for an action that no longer exists."""
    name = gesture.pressed.action_id.partition(":")[0] if gesture.pressed else ""
    if name == Action.ALERT_HANDLE:
        return handling.route(gesture)
    try:
        return ROUTES[Action(name)]
    except (ValueError, KeyError):
        raise StaleButton(OLD) from None


async def retry_failure(answers: Answers) -> None:
    value = carried(answers.gesture, FailureValue)
    target = RetryTarget(MailboxId(value.mailbox), failures=(FailureId(value.failure),))
    await _retry(answers, target, value.page)


async def retry_all(answers: Answers) -> None:
    value = carried(answers.gesture, MailboxValue)
    await _retry(answers, RetryTarget(MailboxId(value.mailbox)), value.page)


async def retry_chosen(answers: Answers) -> None:
    """What is chosen stays chosen: only modals let people choose, and know it."""
    value = carried(answers.gesture, RetryValue)
    folder = None if value.folder is None else FailureId(value.folder)
    failures = tuple(map(FailureId, value.failures)) or None
    narrowing = EVERYTHING if failures else Narrowing(value.code, folder)
    await _retry(answers, RetryTarget(MailboxId(value.mailbox), failures, narrowing=narrowing), value.page)


async def sync_now(answers: Answers) -> None:
    value = carried(answers.gesture, MailboxValue)
    await _retry(answers, RetryTarget(MailboxId(value.mailbox), whole_mailbox=True), value.page)


def viewer(kind: CardKind) -> Handler:
    """Opens a card of the mailbox in a modal."""

    async def view(answers: Answers) -> None:
        ref = CardRef(kind, mailbox=MailboxId(carried(answers.gesture, MailboxValue).mailbox))
        await answers.modal(lambda: answers.open(ref))

    return view


async def open_card(answers: Answers) -> None:
    ref = carried(answers.gesture, CardValue).ref
    await answers.modal(lambda: answers.open(ref))


async def view_incident(answers: Answers) -> None:
    ref = CardRef(CardKind.LIST, incident=AlertId(carried(answers.gesture, IncidentValue).alert))
    await answers.modal(lambda: answers.open(ref))


async def retry_incident(answers: Answers) -> None:
    """The message shows how far it is; how many of them this click took, only the asker needs to know."""
    incident = AlertId(carried(answers.gesture, IncidentValue).alert)
    started = await answers.services.storms.retry(incident, answers.gesture.asker)
    await answers.message(retrying.of_incident(started))


async def retry_cause(answers: Answers) -> None:
    started = await answers.services.storms.retry_cause(
        carried(answers.gesture, CauseValue).code, answers.gesture.asker
    )
    if answers.gesture.origin is Origin.HOME:
        await answers.services.homes.open(answers.gesture.asker, started)
    else:
        await answers.message(retrying.of_incident(started))


async def restore(answers: Answers) -> None:
    """The list of what is dismissed is shown again, without what was taken back, over what a sweep drew."""
    value = carried(answers.gesture, FailureValue)
    mailbox, failure = MailboxId(value.mailbox), FailureId(value.failure)
    decided = await answers.services.handling.restore(mailbox, failure, answers.gesture.asker)
    there = CardRef(CardKind.ERRORS, mailbox=mailbox, page=value.page or 1, dismissed=True)
    loaded = await answers.open(_shown(answers) if answers.gesture.view else there)
    await answers.over_anything().card(loaded, dismissing.taken_back(decided))
    await answers.follow(loaded)


async def show_details(answers: Answers) -> None:
    entry = carried(answers.gesture, EntryValue).entry
    await _turn(answers, replace(_shown(answers), entry=entry))


async def filter_history(answers: Answers) -> None:
    value = carried(answers.gesture, HistoryValue)
    await _turn(answers, CardRef(CardKind.HISTORY, mailbox=MailboxId(value.mailbox), outcome=value.outcome))


async def refresh(answers: Answers) -> None:
    await _show(answers, carried(answers.gesture, CardValue).ref)


async def turn_page(answers: Answers) -> None:
    await _turn(answers, carried(answers.gesture, CardValue).ref)


async def export(answers: Answers) -> None:
    """To the asker alone, whoever looks on; the list says that it was sent."""
    ref = carried(answers.gesture, CardValue).ref
    if ref.mailbox is None:
        raise StaleButton(OLD)
    sent = await answers.services.exporting.errors(ref.mailbox, ref.narrowing, answers.gesture.asker)
    loaded = await answers.open(ref)
    await answers.over_anything().card(loaded, errors_sheet.result(sent))


async def show_report(answers: Answers) -> None:
    ref = carried(answers.gesture, CardValue).ref

    async def load() -> Modal:
        listed = (await answers.open(ref)).model
        if not isinstance(listed, ErrorList):
            raise StaleButton(OLD)
        return report.modal(listed)

    await answers.modal(load)


async def choose_cause(answers: Answers) -> None:
    await _narrow(answers, code=carried(answers.gesture, NarrowValue).code)


async def choose_folder(answers: Answers) -> None:
    folder = carried(answers.gesture, NarrowValue).folder
    await _narrow(answers, folder=None if folder is None else FailureId(folder))


async def choose_order(answers: Answers) -> None:
    await _narrow(answers, order=carried(answers.gesture, NarrowValue).order)


async def share(answers: Answers) -> None:
    loaded = await answers.services.cards.shareable(carried(answers.gesture, CardValue).ref)
    safe = answers.services.safe_blocks
    await answers.message(cards.message_of(loaded.model, loaded.ref, safe=safe, shared=True), in_channel=True)


async def choose(answers: Answers) -> None:
    value = carried(answers.gesture, ChoiceValue)
    await _turn(answers, CardRef(_kind(value.purpose), mailbox=MailboxId(value.mailbox)))


_OPENING = (
    Action.CARD_OPEN,
    Action.ERRORS_REPORT,
    Action.ERRORS_VIEW,
    Action.FAILURE_DISMISS,
    Action.HISTORY_VIEW,
    Action.INCIDENT_VIEW,
    Action.MAILBOX_DISMISS,
    Action.STATUS_VIEW,
)
ROUTES: dict[Action, Route] = {
    action: Route(handler, role, action.value, opens=action in _OPENING)
    for action, handler, role in (
        (Action.FAILURE_RETRY, retry_failure, Role.OPERATOR),
        (Action.MAILBOX_RETRY_ALL, retry_all, Role.OPERATOR),
        (Action.MAILBOX_SYNC, sync_now, Role.OPERATOR),
        (Action.ERRORS_VIEW, viewer(CardKind.ERRORS), Role.VIEWER),
        (Action.HISTORY_VIEW, viewer(CardKind.HISTORY), Role.VIEWER),
        (Action.STATUS_VIEW, viewer(CardKind.STATUS), Role.VIEWER),
        (Action.INCIDENT_VIEW, view_incident, Role.VIEWER),
        (Action.CAUSE_RETRY, retry_cause, Role.OPERATOR),
        (Action.INCIDENT_RETRY, retry_incident, Role.OPERATOR),
        (Action.HISTORY_DETAILS, show_details, Role.VIEWER),
        (Action.HISTORY_FILTER, filter_history, Role.VIEWER),
        (Action.ERRORS_SHOW, turn_page, Role.VIEWER),
        (Action.ERRORS_CAUSE, choose_cause, Role.VIEWER),
        (Action.ERRORS_FOLDER, choose_folder, Role.VIEWER),
        (Action.ERRORS_ORDER, choose_order, Role.VIEWER),
        (Action.ERRORS_RETRY, retry_chosen, Role.OPERATOR),
        (Action.ERRORS_EXPORT, export, Role.VIEWER),
        (Action.ERRORS_REPORT, show_report, Role.VIEWER),
        (Action.FAILURE_DISMISS, handling.dismiss_one, Role.OPERATOR),
        (Action.FAILURE_RESTORE, restore, Role.OPERATOR),
        (Action.MAILBOX_DISMISS, handling.dismiss_some, Role.OPERATOR),
        (Action.CARD_OPEN, open_card, Role.VIEWER),
        (Action.CARD_REFRESH, refresh, Role.VIEWER),
        (Action.HOME_REFRESH, home.show, Role.VIEWER),
        (Action.CARD_SHARE, share, Role.VIEWER),
        (Action.PAGE_PREVIOUS, turn_page, Role.VIEWER),
        (Action.PAGE_NEXT, turn_page, Role.VIEWER),
        (Action.MAILBOX_CHOOSE, choose, Role.VIEWER),
        (Action.LOOKUP_MAILBOX, choose, Role.VIEWER),
        (Action.CARD_SWITCH, turn_page, Role.VIEWER),
    )
} | {**subscribing.ACTIONS, **muting.ACTIONS, **policies.ACTIONS}


async def _turn(answers: Answers, ref: CardRef) -> None:
    """Show something else in the same place, even where that was redrawn since the click."""
    await _show(answers.over_anything(), ref)


async def _narrow(answers: Answers, **chosen: Any) -> None:  # noqa: ANN401 - fields of the reference
    """What else was chosen stays, by the modal; the list begins anew."""
    await _turn(answers, replace(_shown(answers), page=1, **chosen))


async def _show(answers: Answers, ref: CardRef) -> None:
    loaded = await answers.open(ref)
    await answers.card(loaded)
    await answers.follow(loaded)


async def _retry(answers: Answers, target: RetryTarget, page: int | None) -> None:
    """Ask for the retry, and show it where the click was. In a channel the alert itself shows it."""
    started = await answers.services.retries.request(target, answers.gesture.asker)
    if answers.gesture.origin is Origin.CHANNEL_MESSAGE:
        return
    if answers.gesture.origin is Origin.HOME:
        await answers.services.homes.open(answers.gesture.asker, started)
        return
    loaded = await answers.open(_clicked(answers, target.mailbox, page))
    await answers.card(loaded, retrying.result(started))
    await answers.follow(loaded)


def _clicked(answers: Answers, mailbox: MailboxId, page: int | None) -> CardRef:
    """The card that the click was on: a modal says it itself, a message by the page in its buttons."""
    if answers.gesture.view:
        return _shown(answers)
    return CardRef(CardKind.ERRORS if page else CardKind.STATUS, mailbox=mailbox, page=page or 1)


def _shown(answers: Answers) -> CardRef:
    return kept(answers.gesture, CardValue).ref


def _kind(purpose: str) -> CardKind:
    try:
        return CardKind(purpose)
    except ValueError:
        raise StaleButton(OLD) from None
