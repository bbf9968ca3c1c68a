"""Fills the Messenger port: alerts in channels, and open cards that follow their mailbox."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from blocks import cards, subscriptions, told, undelivered
from blocks.surface import Message
from bot.domain.delivering import is_dead
from bot.domain.values import AlertId
from bot.errors import DeliveryFailed
from bot.ports import Watch, WatchKind
from bot.ports.delivery import Orphan, Outage
from bot.slack.client import SlackClient
from bot.views import CardModel, ChannelCard
from bot.views.routing import SubscriptionView
from handlers.payloads import OpenView

METADATA_EVENT = "syncbot_alert"

UNREADABLE = frozenset({"missing_scope", "no_permission", "not_allowed_token_type", "access_denied"})
"""What Slack answers where the app may read no history at all, though it may post.

https://docs.slack.dev/reference/methods/conversations.history#errors
"""

CLOCKS_DIFFER = timedelta(minutes=2)
"""By how much Slack's clock may be behind ours."""


@dataclass(frozen=True, slots=True)
class SlackMessenger:
    client: SlackClient
    safe_blocks: bool

    def digest(self, card: ChannelCard) -> str:
        message = self._message(card)
        shown = json.dumps([message.text, message.blocks], sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()

    async def post_alert(self, channel: str, card: ChannelCard, mention: str | None) -> str:
        """The metadata holds ids only: everybody in the workspace can read it."""
        return await self.client.post(channel, self._message(card, mention), _metadata(card.id))

    async def find_alert(self, channel: str, alert: AlertId, since: datetime) -> str | None:
        """Reads the channel's history, which needs `channels:history`, or `groups:history` in a private one.

        Without it nothing is found. Where a post would be refused too, nobody knows for now: that is raised.
        """
        try:
            async for message in self.client.messages(channel, since - CLOCKS_DIFFER):
                if _is_about(message, alert):
                    return str(message["ts"])
        except DeliveryFailed as failure:
            if failure.passes or (is_dead(failure.reason) and failure.reason not in UNREADABLE):
                raise
        return None

    async def reply_alert(self, channel: str, ts: str, card: ChannelCard, new: int) -> None:
        await self.client.post(channel, told.reply(card, new), thread_ts=ts)

    async def tell(self, user: str, outage: Outage) -> None:
        """By direct message, for which the user's id will do.

        https://docs.slack.dev/reference/methods/chat.postMessage#channels
        """
        told = undelivered.message(outage.channel, outage.reason, outage.since, is_whole=outage.is_whole)
        await self.client.post(user, told)

    async def announce(self, wanted: SubscriptionView) -> None:
        await self.client.post(wanted.channel, subscriptions.announcement(wanted))

    async def withdraw(self, channel: str, by: str) -> None:
        await self.client.post(channel, subscriptions.withdrawal(by))

    async def point_to_living(self, orphan: Orphan) -> None:
        living = await self.client.permalink(orphan.channel, orphan.living_ts)
        await self.client.edit(orphan.channel, orphan.ts, told.moved(living))

    async def edit_alert(self, channel: str, ts: str, card: ChannelCard) -> None:
        await self.client.edit(channel, ts, self._message(card))

    def _message(self, card: ChannelCard, mention: str | None = None) -> Message:
        return told.message(card, mention, safe=self.safe_blocks)

    async def replace_card(self, watch: Watch, card: CardModel) -> str | None:
        if watch.kind is WatchKind.RESPONSE:
            is_last = watch.uses_left <= 1
            message = cards.message_of(card, watch.ref, safe=self.safe_blocks, last=is_last)
            await self.client.respond(watch.target, message, replace=True)
            return None
        modal = replace(cards.modal_of(card, watch.ref, safe=self.safe_blocks), notify_on_close=True)
        shown = await self.client.update_view(OpenView(id=watch.target, hash=watch.hash), modal)
        return shown.hash


def _metadata(alert: AlertId) -> dict[str, Any]:
    return {"event_type": METADATA_EVENT, "event_payload": {"alert": int(alert)}}


def _is_about(message: dict[str, Any], alert: AlertId) -> bool:
    return message.get("metadata") == _metadata(alert)
