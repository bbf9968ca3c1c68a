"""What channels are told: who wants what, what is muted, and what people did about an alert."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.routing import Mute, Subscription
from bot.domain.values import AlertId, FailureId, MailboxId
from bot.domain.wishes import MuteKind
from bot.views import AlertState, Dismissable


class Subscriptions(Protocol):
    """One for each channel. A change has every open alert looked at again, and is audited."""

    async def all(self) -> tuple[Subscription, ...]:
        """By channel. That of a setting is among them unless the channel has one of its own."""
        ...

    async def of(self, channel: str) -> Subscription | None: ...

    async def save(self, subscription: Subscription, *, by: str, now: datetime) -> None: ...

    async def remove(self, channel: str, *, by: str, now: datetime) -> bool:
        """False where there was none. What was posted is still brought up to date."""
        ...


class Mutes(Protocol):
    """A change has every open alert looked at again, and is audited."""

    async def live(self, now: datetime) -> tuple[Mute, ...]:
        """Those that have not ended, the newest first."""
        ...

    async def add(self, mute: Mute) -> None:
        """Replaces one of the same kind and key."""
        ...

    async def remove(self, kind: MuteKind, key: str, *, by: str, now: datetime) -> bool: ...


class Handling(Protocol):
    """What people do about an alert or its failures. Each is audited and shown on the message."""

    async def acknowledge(self, alert: AlertId, *, seen: int, by: str, now: datetime) -> bool:
        """False where it is cleared, or somebody has already.

        It is of what was shown: `seen` failures, or mailboxes of an incident. What comes later is new since.
        """
        ...

    async def unacknowledge(self, alert: AlertId, *, by: str, now: datetime) -> bool:
        """False where it is cleared, or nobody has."""
        ...

    async def snooze(self, alert: AlertId, *, until: datetime | None, by: str, now: datetime) -> bool:
        """None wakes it; False where it is cleared, or is so already, until whenever.

        A snoozed alert is posted nowhere new and told in no thread until then.
        """
        ...

    async def wake_due(self, now: datetime) -> bool:
        """Wake alerts whose snooze is over, and end mutes in time; whether there were any."""
        ...

    async def dismiss(
        self, failures: Sequence[FailureId], *, reason: str, by: str, now: datetime
    ) -> Collection[FailureId]:
        """Accept the loss; those that were unresolved. A retry that is under way ends as refused."""
        ...

    async def restore(
        self, failures: Sequence[FailureId], *, by: str, now: datetime
    ) -> Collection[FailureId]:
        """Take a dismissal back, unless the item failed anew or was synced since; those restored."""
        ...


class ToHandle(Protocol):
    """What there is to be handled, with subjects and senders: services redact."""

    async def state(self, alert: AlertId) -> AlertState | None: ...

    async def dismissable(self, mailbox: MailboxId, limit: int) -> Dismissable | None:
        """At most `limit` of its failed items; None where the mailbox does not exist."""
        ...

    async def unresolved(self, mailbox: MailboxId, upto: FailureId) -> tuple[FailureId, ...]:
        """Its failed items, without those that failed for the first time after `upto` did."""
        ...
