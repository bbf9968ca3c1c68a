"""Keeping open cards true: a card that somebody looks at is redrawn when its mailbox changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.domain.access import Asker
from bot.domain.values import Role, WatchId
from bot.errors import DeliveryFailed, MessageGone, SyncbotError, ViewMoved
from bot.ports import SLOWEST_CALL, Clock, Messenger, Watch, Watches, WatchKind
from bot.services.cards import Cards, Loaded
from bot.services.home import EVERY, Homes
from bot.services.pacing import Pace
from bot.views import CardModel

VIEW_LIFE = timedelta(hours=8)
RESPONSE_LIFE = timedelta(minutes=29)
"""A response_url lives for 30 minutes (docs.slack.dev, "Handling user interaction")."""

RESPONSE_USES = 3
"""Of the five that a response_url allows; the others are for answers to clicks."""

VIEW_EVERY = timedelta(seconds=2)
"""How often an open modal is redrawn at most: what goes on tells of itself more often than anybody reads."""

RESPONSE_EVERY = timedelta(seconds=5)
"""As long as that the next of an answer's few redraws waits, so that it shows more than the one before."""

VIEW_USES = 1_000_000
_LIFE = {
    WatchKind.VIEW: (VIEW_USES, VIEW_LIFE),
    WatchKind.RESPONSE: (RESPONSE_USES, RESPONSE_LIFE),
}
REDRAWN_AT_ONCE = 20
LEASE = 2 * SLOWEST_CALL
SETTLED = timedelta(seconds=10)
"""By then whoever changed a view has followed it anew."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Following:
    watches: Watches
    messenger: Messenger
    cards: Cards
    homes: Homes
    clock: Clock
    pace: Pace = field(default_factory=Pace)

    async def follow_view(self, view: str, view_hash: str | None, loaded: Loaded, asker: Asker) -> None:
        await self._follow(WatchKind.VIEW, view, view_hash, loaded, asker)

    async def follow_response(self, response_url: str, loaded: Loaded, asker: Asker) -> None:
        await self._follow(WatchKind.RESPONSE, response_url, None, loaded, asker)

    async def forget(self, target: str) -> None:
        await self.watches.drop(target)

    async def sweep(self) -> None:
        now = self.clock.now()
        due = await self.watches.lease_due(now, until=now + LEASE, limit=REDRAWN_AT_ONCE)
        for position, watch in enumerate(due):
            if self.clock.now() + SLOWEST_CALL > now + LEASE:
                return
            try:
                await self._redraw(watch)
            except DeliveryFailed as failure:
                await self._wait(due[position:], failure)
                return

    async def _wait(self, watches: Sequence[Watch], failure: DeliveryFailed) -> None:
        """When Slack asks to wait, all that is left waits, instead of asking again each."""
        until = self.clock.now() + timedelta(seconds=failure.retry_after or 0)
        for watch in watches:
            await self.watches.postpone(watch, until=until, hash=watch.hash)

    async def _follow(
        self, kind: WatchKind, target: str, view_hash: str | None, loaded: Loaded, asker: Asker
    ) -> None:
        """Follow from the version that was shown. A card of no one mailbox, shown in its place, ends it."""
        if loaded.ref.mailbox is None:
            await self.watches.drop(target)
            return
        now = self.clock.now()
        uses, life = _LIFE[kind]
        watch = Watch(WatchId(0), kind, target, view_hash, asker.user, loaded.ref, uses, loaded.version)
        await self.watches.follow(watch, mailbox=loaded.ref.mailbox, expires_at=now + life)

    async def _load(self, watch: Watch) -> CardModel:
        """The card, if its reader may still see it."""
        asker = Asker(watch.user)
        await self.cards.access.require(asker, Role.VIEWER, to=f"follow {watch.ref.kind}")
        return await self.cards.load(watch.ref, asker)

    async def _redraw(self, watch: Watch) -> None:
        """Draw the card again.

        After ViewMoved, whoever changed the view follows it anew. If nobody does, the change was ours and
        Slack's answer was lost: whatever the view shows is drawn over.

        Raises:
            DeliveryFailed: Slack asks to wait.
        """
        try:
            await (self._redraw_home(watch) if watch.kind is WatchKind.HOME else self._redraw_card(watch))
        except ViewMoved:
            await self.watches.postpone(watch, until=self.clock.now() + SETTLED, hash=None)
        except MessageGone:
            await self.watches.drop(watch.target)
        except DeliveryFailed as failure:
            _log.warning("card not redrawn", watch=watch.id, reason=failure.reason)
            if failure.passes:
                raise
            await self.watches.drop(watch.target)
        except SyncbotError:
            await self.watches.drop(watch.target)
        except Exception:  # noqa: BLE001 - one card that cannot be drawn must not hold up the others
            _log.exception("card cannot be redrawn", watch=watch.id)
            await self.watches.drop(watch.target)

    async def _redraw_card(self, watch: Watch) -> None:
        now, is_view = self.clock.now(), watch.kind is WatchKind.VIEW
        if is_view and not self.pace.may_redraw(now):
            await self.watches.postpone(watch, until=now + VIEW_EVERY, hash=watch.hash)
            return
        card = await self._load(watch)
        shown = await self.messenger.replace_card(watch, card)
        again_at = self.clock.now() + (VIEW_EVERY if is_view else RESPONSE_EVERY)
        await self.watches.shown(watch, hash=shown, not_before=again_at)

    async def _redraw_home(self, watch: Watch) -> None:
        shown = await self.homes.redraw(watch)
        again_at = self.clock.now() + EVERY
        await self.watches.shown(watch, hash=shown.hash, digest=shown.digest, not_before=again_at)
