"""`/sync subscribe`, `unsubscribe` and `subscriptions`, and the buttons and the form under them."""

from blocks import subscription_form
from blocks import subscriptions as card
from blocks.actions import Action, Callback
from blocks.surface import Modal
from blocks.values import ChannelValue
from bot.domain.values import Role
from bot.errors import BadCommand
from handlers.answers import Answers, whatever_shown
from handlers.boundary import Route
from handlers.carried import carried, kept
from handlers.forms import Form
from handlers.gesture import Gesture, Origin
from handlers.grammar import parse
from handlers.subscription_state import chosen, complaints
from handlers.wishing import parse_wish


async def subscribe(answers: Answers) -> None:
    """By what was typed; nothing typed subscribes to everything, and changes nothing that is there."""
    gesture, routing = answers.gesture, answers.services.routing
    channel, typed = _channel(gesture), parse(gesture.text).text
    known = None if typed else await routing.of(channel)
    if known:
        await answers.message(card.already(known))
        return
    await answers.message(card.subscribed(await routing.subscribe(channel, parse_wish(typed), gesture.asker)))


async def unsubscribe(answers: Answers) -> None:
    gesture = answers.gesture
    ended = await answers.services.routing.unsubscribe(_channel(gesture), gesture.asker)
    await answers.message(card.unsubscribed(ended))


async def subscriptions(answers: Answers) -> None:
    await answers.message(card.message(await answers.services.routing.overview(answers.gesture.asker)))


async def edit(answers: Answers) -> None:
    channel = carried(answers.gesture, ChannelValue).channel

    async def load() -> Modal:
        form = await answers.services.routing.form(channel, answers.gesture.asker)
        return subscription_form.modal(form)

    await answers.modal(load)


async def remove(answers: Answers) -> None:
    gesture = answers.gesture
    channel = carried(gesture, ChannelValue).channel
    ended = await answers.services.routing.unsubscribe(channel, gesture.asker)
    if gesture.origin is Origin.OWN_MESSAGE:
        await _redrawn(answers)
    else:
        await answers.say(card.unsubscribed(ended), card.unsubscribed_modal(ended))


async def save(answers: Answers) -> None:
    gesture = answers.gesture
    channel = kept(gesture, ChannelValue).channel

    async def load() -> Modal:
        return card.saved(await answers.services.routing.change(channel, chosen(gesture), gesture.asker))

    if gesture.view:
        await answers.fill(whatever_shown(gesture.view), load)


ACTIONS = {
    Action.SUBSCRIPTION_EDIT: Route(edit, Role.ADMIN, Action.SUBSCRIPTION_EDIT.value, opens=True),
    Action.SUBSCRIPTION_REMOVE: Route(remove, Role.ADMIN, Action.SUBSCRIPTION_REMOVE.value),
}
FORMS = {Callback.SUBSCRIPTION_SAVE: Form(Route(save, Role.ADMIN, "save a subscription"), complaints)}


def _channel(gesture: Gesture) -> str:
    """Where it was typed. Raises BadCommand for a direct message: only its two people could look after it."""
    channel = gesture.channel or ""
    if not channel.startswith(("C", "G")):
        raise BadCommand("Alerts go to channels. Type this in the channel that should get them.")
    return channel


async def _redrawn(answers: Answers) -> None:
    shown = card.message(await answers.services.routing.overview(answers.gesture.asker))
    await answers.message(shown, replaces=True)
