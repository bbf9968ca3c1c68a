"""What the message of an alert would be, were it drawn from the rows now."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from blocks import told
from bot.domain.values import AlertId
from bot.sandbox.slack.model import Message
from bot.sandbox.slack.roster import OMAR
from bot.store.alert_cards import alert_cards
from bot.store.incident_cards import incident_cards
from bot.views import ChannelCard

MENTIONED = OMAR.id


@dataclass(frozen=True)
class Drawn:
    """`first` as it is posted with a mention, which the first edit takes away."""

    text: str
    blocks: str
    first: str = ""

    def is_shown_by(self, message: Message) -> bool:
        if message.text == self.first:
            return True
        return (message.text, plainly(message.blocks)) == (self.text, self.blocks)


def drawn(connection: Connection, alerts: Collection[AlertId]) -> dict[AlertId, Drawn]:
    cards: dict[AlertId, ChannelCard] = {
        **alert_cards(connection, alerts),
        **incident_cards(connection, alerts),
    }
    return {each: _drawn(card) for each, card in cards.items()}


def as_shown(message: Message) -> Drawn:
    return Drawn(message.text, plainly(message.blocks))


def plainly(blocks: Any) -> str:
    """Without the ids, some of which Slack gives."""
    return json.dumps(_without_ids(blocks), sort_keys=True)


def _drawn(card: ChannelCard) -> Drawn:
    message = told.message(card)
    return Drawn(message.text, plainly(message.blocks), told.message(card, MENTIONED).text)


def _without_ids(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _without_ids(value) for name, value in part.items() if name != "block_id"}
    return [_without_ids(each) for each in part] if isinstance(part, list | tuple) else part
