"""Clicks: one function a control, found by its action id."""

import re
from collections.abc import Callable
from typing import TypeVar

from slack_bolt.async_app import AsyncApp

from blocks import cards, retrying
from blocks.actions import Action
from blocks.values import CardValue, ChoiceValue, EntryValue, FailureValue, IncidentValue, MailboxValue, Value
from bot.domain.values import AlertId, FailureId, MailboxId, Role
from bot.errors import StaleButton
from bot.ports import RetryTarget
from bot.views import CardKind, CardRef
from handlers.answers import Answers
from handlers.boundary import Boundary, Handler, Route
from handlers.gesture import Gesture, Origin

_ANY = re.compile(r".*", re.DOTALL)
_OLD = "This button is from an older version. Ask for the card again with `/sync status`."

V = TypeVar("V", bound=Value)


def register(app: AsyncApp, boundary: Boundary) -> None:
    app.action(_ANY)(boundary.listener(Gesture.of_interaction, route))


def route(gesture: Gesture) -> Route:
    """Raises StaleButton for an action that no longer exists."""
    name = gesture.pressed.action_id.partition(":")[0] if gesture.pressed else ""
    try:
        return ROUTES[Action(name)]
    except (ValueError, KeyError):
        raise StaleButton(_OLD) from None


async def retry_failure(answers: Answers) -> None:
    value = _value(answers, FailureValue)
    target = RetryTarget(MailboxId(value.mailbox), failures=(FailureId(value.failure),))
    await _retry(answers, target, value.page)


async def retry_all(answers: Answers) -> None:
    value = _value(answers, MailboxValue)
    await _retry(answers, RetryTarget(MailboxId(value.mailbox)), value.page)


async def sync_now(answers: Answers) -> None:
    value = _value(answers, MailboxValue)
    await _retry(answers, RetryTarget(MailboxId(value.mailbox), whole_mailbox=True), value.page)


def viewer(kind: CardKind) -> Handler:
    """Opens a card of the mailbox in a modal."""

    async def view(answers: Answers) -> None:
        ref = CardRef(kind, mailbox=MailboxId(_value(answers, MailboxValue).mailbox))
        await answers.modal(lambda: answers.open(ref))

    return view


async def view_incident(answers: Answers) -> None:
    ref = CardRef(CardKind.LIST, incident=AlertId(_value(answers, IncidentValue).alert))
    await answers.modal(lambda: answers.open(ref))


async def retry_incident(answers: Answers) -> None:
    """The message shows how far it is; how many of them this click took, only the asker needs to know."""
    incident = AlertId(_value(answers, IncidentValue).alert)
    started = await answers.services.storms.retry(incident, answers.gesture.asker)
    await answers.message(retrying.of_incident(started))


async def show_details(answers: Answers) -> None:
    entry = _value(answers, EntryValue).entry
    await _turn(answers, _with_entry(_shown(answers), entry))


async def refresh(answers: Answers) -> None:
    await _show(answers, _value(answers, CardValue).ref)


async def turn_page(answers: Answers) -> None:
    await _turn(answers, _value(answers, CardValue).ref)


async def share(answers: Answers) -> None:
    loaded = await answers.services.cards.shareable(_value(answers, CardValue).ref)
    safe = answers.services.safe_blocks
    await answers.message(cards.message_of(loaded.model, loaded.ref, safe=safe, shared=True), in_channel=True)


async def choose(answers: Answers) -> None:
    value = _value(answers, ChoiceValue)
    await _turn(answers, CardRef(_kind(value.purpose), mailbox=MailboxId(value.mailbox)))


_OPENING = (Action.ERRORS_VIEW, Action.HISTORY_VIEW, Action.INCIDENT_VIEW, Action.STATUS_VIEW)
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
        (Action.INCIDENT_RETRY, retry_incident, Role.OPERATOR),
        (Action.HISTORY_DETAILS, show_details, Role.VIEWER),
        (Action.CARD_REFRESH, refresh, Role.VIEWER),
        (Action.CARD_SHARE, share, Role.VIEWER),
        (Action.PAGE_PREVIOUS, turn_page, Role.VIEWER),
        (Action.PAGE_NEXT, turn_page, Role.VIEWER),
        (Action.MAILBOX_CHOOSE, choose, Role.VIEWER),
    )
}


async def _turn(answers: Answers, ref: CardRef) -> None:
    """Show something else in the same place, even where that was redrawn since the click."""
    await _show(answers.over_anything(), ref)


async def _show(answers: Answers, ref: CardRef) -> None:
    loaded = await answers.open(ref)
    await answers.card(loaded)
    await answers.follow(loaded)


async def _retry(answers: Answers, target: RetryTarget, page: int | None) -> None:
    """Ask for the retry, and show it where the click was. In a channel the alert itself shows it."""
    started = await answers.services.retries.request(target, answers.gesture.asker)
    if answers.gesture.origin is Origin.CHANNEL_MESSAGE:
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
    view = answers.gesture.view
    return _decoded(CardValue.decode, view.private_metadata if view else "").ref


def _value(answers: Answers, kind: type[V]) -> V:
    pressed = answers.gesture.pressed
    return _decoded(kind.decode, pressed.carried if pressed else "")


def _decoded(decode: Callable[[str], V], text: str) -> V:
    try:
        return decode(text)
    except ValueError:
        raise StaleButton(_OLD) from None


def _with_entry(ref: CardRef, entry: str | None) -> CardRef:
    return CardRef(ref.kind, ref.mailbox, ref.page, ref.status, ref.policy, ref.query, entry)


def _kind(purpose: str) -> CardKind:
    try:
        return CardKind(purpose)
    except ValueError:
        raise StaleButton(_OLD) from None
