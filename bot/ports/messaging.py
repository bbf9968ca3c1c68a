"""Open cards, and messages in Slack."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.values import MailboxId, WatchId
from bot.views import CardModel, CardRef, ChannelCard


class WatchKind(StrEnum):
    VIEW = "view"
    RESPONSE = "response"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Watch:
    """An open card of one person that follows its mailbox. `target` is a view id or a response_url.

    Or the person's Home tab, which follows them all: `digest` is that of what it shows.
    """

    id: WatchId
    kind: WatchKind
    target: str
    hash: str | None
    user: str
    ref: CardRef
    uses_left: int
    version: int
    digest: str | None = None


class Watches(Protocol):
    async def follow(
        self,
        watch: Watch,
        *,
        mailbox: MailboxId | None,
        expires_at: datetime,
        not_before: datetime | None = None,
    ) -> None:
        """Redraw once the mailbox is newer than `watch.version`; replaces an earlier watch on the target.

        Without a mailbox it is due from `not_before` on, whatever has changed.
        Of a reader's messages about one mailbox only the newest is followed: each click on a message brings
        another response_url, and two watches would draw two pages in turn.
        `watch.id` is ignored.
        """
        ...

    async def lease_due(self, now: datetime, *, until: datetime, limit: int) -> tuple[Watch, ...]: ...

    async def shown(
        self,
        watch: Watch,
        *,
        hash: str | None,  # noqa: A002 - Slack's word
        digest: str | None = None,
        not_before: datetime | None = None,
    ) -> None: ...

    async def postpone(self, watch: Watch, *, until: datetime, hash: str | None) -> None:  # noqa: A002
        """Redraw later, over `hash` (None: over whatever the view shows by then), unless followed anew."""
        ...

    async def drop(self, target: str) -> None: ...


SLOWEST_CALL = timedelta(seconds=30)
"""Every call of a Messenger ends within this: a lease that ends sooner is left to the next sweep."""


class Messenger(Protocol):
    """Slack, as far as the use cases know it.

    Raises:
        DeliveryFailed: with `retry_after` where waiting helps; MessageGone, ViewMoved.
    """

    def digest(self, card: ChannelCard) -> str:
        """Changes exactly when what people would see changes."""
        ...

    async def post_alert(self, channel: str, card: ChannelCard, mention: str | None) -> str:
        """Post and return the message's ts. `mention` is the id of a user or user group to be notified."""
        ...

    async def edit_alert(self, channel: str, ts: str, card: ChannelCard) -> None: ...

    async def replace_card(self, watch: Watch, card: CardModel) -> str | None:
        """Redraw an open card; returns the view's new hash where there is one."""
        ...
