"""`/sync policies` and `/sync policy`, and the button that enables or disables one."""

import re

from blocks import policies as card
from blocks.actions import Action
from blocks.values import CardValue, PolicyValue
from bot.domain.values import PolicyId, Role
from bot.views import CardKind, CardRef
from handlers.answers import Answers
from handlers.boundary import Route
from handlers.carried import carried, kept
from handlers.grammar import parse
from handlers.typed import one_of

ORDERS = {"enable": True, "disable": False}
_QUOTED = re.compile(r"[\"“„‟'\u2018](.+)[\"“”‟'\u2019]")


def parse_switch(text: str) -> tuple[str, bool]:
    """The policy's name, quoted or not, and whether it is to be active. Raises BadCommand."""
    name, _, order = text.rpartition(" ")
    quoted = _QUOTED.fullmatch(name.strip())
    return quoted[1].strip() if quoted else name.strip(), ORDERS[one_of(order, ORDERS, "order")]


async def listed(answers: Answers) -> None:
    await answers.card(await answers.open(CardRef(CardKind.POLICIES)))


async def by_name(answers: Answers) -> None:
    name, active = parse_switch(parse(answers.gesture.text).text)
    switched = await answers.services.switching.by_name(name, answers.gesture.asker, active=active)
    await answers.message(card.switched(switched))


async def switch(answers: Answers) -> None:
    """The list that it stands in is drawn anew; a message has no room for what came of a second click."""
    value = carried(answers.gesture, PolicyValue)
    switched = await answers.services.switching.switch(
        PolicyId(value.policy), answers.gesture.asker, active=value.active
    )
    await answers.card(await answers.open(_clicked(answers, value.page)), card.result(switched))
    if not answers.gesture.view and not switched.is_new:
        await answers.message(card.switched(switched))


ACTIONS = {Action.POLICY_SWITCH: Route(switch, Role.ADMIN, Action.POLICY_SWITCH.value)}


def _clicked(answers: Answers, page: int) -> CardRef:
    if answers.gesture.view:
        return kept(answers.gesture, CardValue).ref
    return CardRef(CardKind.POLICIES, page=page)
