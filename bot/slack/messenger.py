"""Fills the Messenger port: alerts in channels, and open cards that follow their mailbox."""

import hashlib
import json
from dataclasses import dataclass, replace

from blocks import cards, told
from bot.ports import Watch, WatchKind
from bot.slack.client import SlackClient
from bot.views import CardModel, ChannelCard
from handlers.payloads import OpenView

METADATA_EVENT = "syncbot_alert"


@dataclass(frozen=True, slots=True)
class SlackMessenger:
    client: SlackClient
    safe_blocks: bool

    def digest(self, card: ChannelCard) -> str:
        message = told.message(card)
        shown = json.dumps([message.text, message.blocks], sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()

    async def post_alert(self, channel: str, card: ChannelCard) -> str:
        """The metadata holds ids only: everybody in the workspace can read it."""
        metadata = {"event_type": METADATA_EVENT, "event_payload": {"alert": int(card.id)}}
        return await self.client.post(channel, told.message(card), metadata)

    async def edit_alert(self, channel: str, ts: str, card: ChannelCard) -> None:
        await self.client.edit(channel, ts, told.message(card))

    async def replace_card(self, watch: Watch, card: CardModel) -> str | None:
        if watch.kind is WatchKind.RESPONSE:
            message = cards.message_of(card, watch.ref, safe=self.safe_blocks)
            await self.client.respond(watch.target, message, replace=True)
            return None
        modal = replace(cards.modal_of(card, watch.ref, safe=self.safe_blocks), notify_on_close=True)
        shown = await self.client.update_view(OpenView(id=watch.target, hash=watch.hash), modal)
        return shown.hash
