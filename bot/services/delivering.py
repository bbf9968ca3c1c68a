"""Brings one channel message up to date: posts it, edits it, and tells its thread."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.routing import Decision, Mute, Standing, Subscription, Wait, decide, decide_digest
from bot.domain.values import Ending
from bot.domain.wishes import Mode
from bot.errors import DeliveryFailed
from bot.ports import Clock, Messenger
from bot.ports.delivery import AlertDelivery, AlertMessages, Letters, Shown, Told
from bot.services.pacing import POST_EVERY, Pace
from bot.views import ChannelCard, CredentialCard, DigestCard, IncidentCard

EDIT_EVERY = timedelta(seconds=2)
"""How often one message is edited at most: what happens in between comes with the next edit."""

REPLY_EVERY = timedelta(minutes=1)
"""How often a thread is told at most that something is new."""

_UNWANTED = Wait(None, "no subscription of the channel takes it")
_OTHERS_FIRST = "others are posted first"
_MORE_MAY_FOLLOW = "more may follow"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a channel wants. `to` is None where it is not subscribed any more."""

    to: Subscription | None
    mutes: Collection[Mute]

    @property
    def mention(self) -> str | None:
        return self.to.mention if self.to else None

    @property
    def threads(self) -> bool:
        return self.to is not None and self.to.mode is Mode.THREAD

    def on_post(self, delivery: AlertDelivery, now: datetime) -> Decision:
        standing = delivery.standing
        if self.to and isinstance(delivery.card, DigestCard):
            return decide_digest(self.to, self.mutes, now)
        if self.to is None or standing is None or not self.to.filter.takes(standing.facts):
            return _UNWANTED
        return decide(standing, self.to, self.mutes, now)

    def on_reply(self, standing: Standing | None, now: datetime, *, is_over: bool) -> Decision:
        """A snooze is over with what it was about."""
        if self.to is None or standing is None:
            return _UNWANTED
        snoozed_until = None if is_over else standing.snoozed_until
        standing = replace(standing, gathers=False, snoozed_until=snoozed_until)
        return decide(standing, self.to, self.mutes, now)


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Each delivery raises DeliveryFailed or a kind of it, where Slack does not take something."""

    messages: AlertMessages
    messenger: Messenger
    letters: Letters
    clock: Clock
    support_contact: str | None = None
    pace: Pace = field(default_factory=Pace)

    async def deliver(self, delivery: AlertDelivery, wishes: Wishes) -> bool:
        """False where Slack would not take it yet: nothing was done."""
        delivery = replace(delivery, card=replace(delivery.card, support_contact=self.support_contact))
        if delivery.ts is None and delivery.posting_since is not None:
            delivery = await self._looked_for(delivery, delivery.posting_since)
        if delivery.ts is None:
            return await self._post(delivery, wishes)
        return await self._edit(delivery, delivery.ts, wishes)

    def held(self, delivery: AlertDelivery, wishes: Wishes) -> Wait | None:
        """Why it is not posted now, if that is so and nothing has to be asked of Slack to know it."""
        if delivery.ts or delivery.posting_since or delivery.card.cleared_at:
            return None
        decision = wishes.on_post(delivery, self.clock.now())
        return decision if isinstance(decision, Wait) else None

    async def _looked_for(self, delivery: AlertDelivery, since: datetime) -> AlertDelivery:
        """As long as nobody can look, what was sent before may have arrived still. What is found is written
        down before it is edited: that may be refused.
        """
        try:
            ts = await self.letters.find_alert(delivery.channel, delivery.alert, since)
        except DeliveryFailed as failure:
            raise DeliveryFailed(
                failure.reason, retry_after=failure.retry_after, may_have_arrived=True
            ) from failure
        if ts is None:
            return delivery
        told = Told(delivery.count, since)
        await self.messages.found(delivery, ts, told)
        return replace(delivery, ts=ts, told=told)

    async def _post(self, delivery: AlertDelivery, wishes: Wishes) -> bool:
        now = self.clock.now()
        decision = wishes.on_post(delivery, now)
        if delivery.card.cleared_at:
            await self.messages.shown(delivery, Shown(None, None, delivery.told, sent=False), now)
        elif isinstance(decision, Wait):
            await self.messages.hold([(delivery, decision)])
        elif not self.pace.may_post(delivery.channel, now):
            return False
        elif await self.messages.posting(delivery, now):
            mention = None if isinstance(delivery.card, DigestCard) else wishes.mention
            ts = await self.messenger.post_alert(delivery.channel, delivery.card, mention)
            await self._posted(delivery, ts)
        return True

    async def _posted(self, delivery: AlertDelivery, ts: str) -> None:
        now = self.clock.now()
        digest, told = self.messenger.digest(delivery.card), Told(delivery.count, now)
        await self.messages.shown(
            delivery, Shown(ts, digest, told, sent=True, again_at=now + EDIT_EVERY), now
        )

    async def _edit(self, delivery: AlertDelivery, ts: str, wishes: Wishes) -> bool:
        digest, now = self.messenger.digest(delivery.card), self.clock.now()
        differs = digest != delivery.shown_digest
        if differs and not self.pace.may_edit(now):
            return False
        if differs:
            await self.messenger.edit_alert(delivery.channel, ts, delivery.card)
        told, wait = await self._tell_thread(delivery, ts, wishes)
        now = self.clock.now()
        sent, again_at = differs or told != delivery.told, now + EDIT_EVERY if differs else None
        await self.messages.shown(delivery, Shown(ts, digest, told, sent, again_at, wait), now)
        return True

    async def _tell_thread(
        self, delivery: AlertDelivery, ts: str, wishes: Wishes
    ) -> tuple[Told, Wait | None]:
        """What the thread was told by then, and why not all, if there is more to tell."""
        now, told, card = self.clock.now(), delivery.told, delivery.card
        if not wishes.threads:
            return replace(told, count=delivery.count, cleared=card.cleared_at is not None), None
        if not _has_news(delivery, card):
            return told, None
        wait = self._reply_waits(delivery, wishes, now)
        if wait:
            return told, wait
        await self.letters.reply_alert(delivery.channel, ts, card, delivery.count - told.count)
        return Told(delivery.count, self.clock.now(), cleared=card.cleared_at is not None), None

    def _reply_waits(self, delivery: AlertDelivery, wishes: Wishes, now: datetime) -> Wait | None:
        is_over, last = delivery.card.cleared_at is not None, delivery.told.at
        decision = wishes.on_reply(delivery.standing, now, is_over=is_over)
        if isinstance(decision, Wait):
            return decision
        if not is_over and last and now < last + REPLY_EVERY:
            return Wait(last + REPLY_EVERY, _MORE_MAY_FOLLOW)
        if not self.pace.may_post(delivery.channel, now):
            return Wait(now + POST_EVERY, _OTHERS_FIRST)
        return None


def _has_news(delivery: AlertDelivery, card: ChannelCard) -> bool:
    """Of an incident only that it doubled: it tells how many they are by itself."""
    if card.cleared_at:
        return not delivery.told.cleared and not _goes_on_elsewhere(card)
    least = 2 * delivery.told.count if isinstance(card, IncidentCard) else delivery.told.count + 1
    return delivery.count >= max(least, 1)


def _goes_on_elsewhere(card: ChannelCard) -> bool:
    """Over, but nothing to be glad of."""
    is_told_anew = isinstance(card, CredentialCard) and card.ending is not Ending.RENEWED
    return is_told_anew or isinstance(card, DigestCard)
