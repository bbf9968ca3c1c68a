"""What subscribing and muting need: the names that people type, and a word in the channel itself."""

from collections.abc import Collection
from typing import Protocol

from bot.views.routing import Named, SubscriptionView


class Vocabulary(Protocol):
    """What filters and mutes may name."""

    async def policies(self) -> tuple[Named, ...]:
        """All, by name."""
        ...

    async def domains(self) -> tuple[str, ...]:
        """Of every mailbox's source address, in lower case."""
        ...

    async def mailboxes(self, keys: Collection[str]) -> tuple[Named, ...]:
        """Those that exist, by their source address, which is their name."""
        ...

    async def mailboxes_of(self, ids: Collection[str]) -> tuple[Named, ...]: ...


class Announcer(Protocol):
    """A word to everybody in a channel. It raises DeliveryFailed, which shows that nothing can be posted."""

    async def announce(self, wanted: SubscriptionView) -> None: ...

    async def withdraw(self, channel: str, by: str) -> None: ...
