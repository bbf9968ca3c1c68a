"""An alert's menu, and the form that dismisses failed items."""

from blocks import dismissing
from blocks import handling as told
from blocks.actions import Action, Callback
from blocks.surface import Modal
from blocks.values import AlertValue, DismissValue, FailureValue, MailboxValue
from bot.domain.handling import Deed
from bot.domain.values import AlertId, FailureId, MailboxId, Role
from bot.errors import StaleButton
from bot.services.handling import Chosen
from bot.views import CardKind, CardRef
from handlers.answers import Answers, whatever_shown
from handlers.boundary import Handler, Route
from handlers.carried import OLD, carried, kept
from handlers.forms import Errors, Form
from handlers.gesture import Gesture

_NONE_CHOSEN = "Choose the items to dismiss, or all of them."
_BOTH_CHOSEN = "Choose either all of them, or single ones."


def route(gesture: Gesture) -> Route:
    """By the entry of the menu. Raises StaleButton for one that no longer exists."""
    return DEEDS[carried(gesture, AlertValue).deed]


async def deal(answers: Answers) -> None:
    """The message shows what was done; only who came second is told anything."""
    value = carried(answers.gesture, AlertValue)
    outcome = await answers.services.handling.deal(
        AlertId(value.alert), value.deed, answers.gesture.asker, seen=value.seen
    )
    if not outcome.is_done:
        await answers.message(told.too_late(outcome))


async def dismiss_of_alert(answers: Answers) -> None:
    await _ask(answers, _mailbox(answers))


async def dismiss_some(answers: Answers) -> None:
    await _ask(answers, MailboxId(carried(answers.gesture, MailboxValue).mailbox))


async def dismiss_one(answers: Answers) -> None:
    value = carried(answers.gesture, FailureValue)
    await _ask(answers, MailboxId(value.mailbox), FailureId(value.failure))


def viewer(kind: CardKind) -> Handler:
    async def view(answers: Answers) -> None:
        ref = CardRef(kind, mailbox=_mailbox(answers))
        await answers.modal(lambda: answers.open(ref))

    return view


async def dismiss(answers: Answers) -> None:
    """What is left takes the place of the form, unless it stands upon that list already."""
    gesture = answers.gesture
    if gesture.view is None:
        return
    chosen = _chosen(gesture)
    decided = await answers.services.handling.dismiss(chosen, _reason(gesture), gesture.asker)
    if gesture.view.previous_view_id:
        await answers.desk.update_view(whatever_shown(gesture.view), dismissing.done(decided))
        return
    loaded = await answers.open(CardRef(CardKind.ERRORS, mailbox=chosen.mailbox))
    await answers.over_anything().card(loaded, dismissing.result(decided))


DEEDS: dict[Deed, Route] = {
    **{
        deed: Route(deal, Role.OPERATOR, f"{Action.ALERT_HANDLE}: {deed}")
        for deed in Deed
        if deed not in (Deed.DISMISS, Deed.VIEW_STATUS, Deed.VIEW_HISTORY)
    },
    Deed.DISMISS: Route(dismiss_of_alert, Role.OPERATOR, "alert.dismiss", opens=True),
    Deed.VIEW_STATUS: Route(viewer(CardKind.STATUS), Role.VIEWER, "alert.view_status", opens=True),
    Deed.VIEW_HISTORY: Route(viewer(CardKind.HISTORY), Role.VIEWER, "alert.view_history", opens=True),
}


def _mailbox(answers: Answers) -> MailboxId:
    """An incident has none of its own, and so none of the entries that need one."""
    mailbox = carried(answers.gesture, AlertValue).mailbox
    if mailbox is None:
        raise StaleButton(OLD)
    return MailboxId(mailbox)


async def _ask(answers: Answers, mailbox: MailboxId, chosen: FailureId | None = None) -> None:
    async def load() -> Modal:
        found = await answers.services.handling.dismissable(mailbox, answers.gesture.asker)
        return dismissing.form(found, chosen)

    await answers.modal(load)


def _chosen(gesture: Gesture) -> Chosen:
    value, picked = kept(gesture, DismissValue), _picked(gesture)
    mailbox = MailboxId(value.mailbox)
    if value.failure is not None:
        return Chosen(mailbox, (FailureId(value.failure),))
    if picked == [dismissing.ALL]:
        return Chosen(mailbox, upto=FailureId(value.upto))
    return Chosen(
        mailbox, tuple(FailureId(int(each)) for each in picked if each.isascii() and each.isdigit())
    )


def _picked(gesture: Gesture) -> list[str]:
    entered = gesture.view.state.entered(Action.DISMISS_ITEMS) if gesture.view else None
    return [option.value for option in entered.selected_options] if entered else []


def _reason(gesture: Gesture) -> str:
    entered = gesture.view.state.entered(Action.DISMISS_REASON) if gesture.view else None
    return " ".join((entered.value or "").split()) if entered else ""


def _wrong(gesture: Gesture) -> Errors:
    picked, errors = _picked(gesture), Errors()
    if dismissing.ALL in picked and len(picked) > 1:
        errors[dismissing.ITEMS_BLOCK] = _BOTH_CHOSEN
    elif not picked and not _is_about_one(gesture):
        errors[dismissing.ITEMS_BLOCK] = _NONE_CHOSEN
    if too_short := dismissing.too_short(_reason(gesture)):
        errors[dismissing.REASON_BLOCK] = too_short
    return errors


def _is_about_one(gesture: Gesture) -> bool:
    """A form that cannot be read is told of by its handler: there is no field to blame."""
    try:
        return kept(gesture, DismissValue).failure is not None
    except StaleButton:
        return True


FORMS = {Callback.DISMISS_SUBMIT: Form(Route(dismiss, Role.OPERATOR, "dismiss failures"), _wrong)}
