"""`/sync mute` and `/sync unmute`, and the button that ends a mute."""

from blocks import mutes as card
from blocks import subscriptions
from blocks.actions import Action
from blocks.values import MuteValue
from bot.domain.values import Role
from bot.domain.wishes import MuteKind
from bot.errors import StaleButton
from handlers.answers import Answers
from handlers.boundary import Route
from handlers.carried import carried
from handlers.grammar import parse
from handlers.hushing import parse_mute, parse_target


async def mute(answers: Answers) -> None:
    """What was typed; nothing typed shows what is muted."""
    gesture, muting = answers.gesture, answers.services.routing.muting
    typed = parse(gesture.text).text
    if not typed:
        await answers.message(card.message(await muting.live(), may_end=True))
        return
    hush = parse_mute(typed, gesture.channel)
    target = hush.target
    muted = await muting.mute(target.kind, target.typed, hush.until, hush.reason, gesture.asker)
    await answers.message(card.muted(muted))


async def unmute(answers: Answers) -> None:
    gesture = answers.gesture
    target = parse_target(parse(gesture.text).text, gesture.channel)
    ended = await answers.services.routing.muting.unmute(target.kind, target.typed, gesture.asker)
    await answers.message(card.unmuted(ended, target.typed))


async def end(answers: Answers) -> None:
    """The list it stands in is drawn anew."""
    value, routing = carried(answers.gesture, MuteValue), answers.services.routing
    await routing.muting.end(_kind(value.kind), value.key, answers.gesture.asker)
    overview = await routing.overview(answers.gesture.asker)
    await answers.message(subscriptions.message(overview), replaces=True)


ACTIONS = {Action.MUTE_END: Route(end, Role.OPERATOR, Action.MUTE_END.value)}


def _kind(word: str) -> MuteKind:
    try:
        return MuteKind(word)
    except ValueError:
        raise StaleButton("This button is from an older version. Ask again with `/sync mute`.") from None
