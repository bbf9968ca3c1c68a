"""The two sides of a sync as the engine needs them: a mailbox to read, and one to write.

Every method raises Fault, and nothing else that is expected.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.domain.mail import Description, FolderPage, MessagePage, WellKnown


@dataclass(frozen=True, slots=True)
class Mime:
    """A message as bytes. `size` is what the source announced, None where it did not.

    `first` is its beginning, all of it where `rest` is None. `rest` may be read once, while the message is
    open; its pieces are of any length but never empty.
    """

    size: int | None
    first: bytes = b""
    rest: AsyncIterator[bytes] | None = None

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """All of it, once."""
        if self.first:
            yield self.first
        if self.rest is not None:
            async for piece in self.rest:
                yield piece


class Source(Protocol):
    """One mailbox at the source. Cursors are opaque, and None asks for everything."""

    async def well_known(self) -> Mapping[str, WellKnown]:
        """Ids of the well-known folders that this mailbox has."""
        ...

    async def folder_page(self, cursor: str | None) -> FolderPage:
        """Raises CursorLost besides Fault."""
        ...

    async def message_page(self, folder: str, cursor: str | None) -> MessagePage:
        """Raises CursorLost besides Fault."""
        ...

    def open(self, message: str) -> AbstractAsyncContextManager[Mime]: ...

    async def describe(self, message: str) -> Description: ...

    async def folder_of(self, message: str) -> str | None:
        """Where the message is now; None where it no longer exists."""
        ...


@dataclass(frozen=True, slots=True)
class Label:
    id: str
    name: str
    is_system: bool


class Destination(Protocol):
    """One mailbox at the destination."""

    async def labels(self) -> tuple[Label, ...]: ...

    async def create_label(self, name: str) -> Label: ...

    async def rename_label(self, label: str, name: str) -> Label: ...

    async def delete_label(self, label: str) -> None:
        """Messages keep their other labels. A label that is gone already is fine."""
        ...

    async def put(self, mime: Mime, labels: Collection[str], *, is_sent: bool) -> tuple[str, int]:
        """Import a message; its id there, and the bytes that were sent. Sent mail is inserted as such.

        The bytes arrive unaltered. Raises Fault with `is_certain` False where the answer was lost.
        """
        ...

    async def find(self, message_id: str) -> tuple[str, ...]:
        """Ids of messages with this Message-ID, wherever they are, in the trash and spam too."""
        ...

    async def labels_of(self, message: str) -> frozenset[str]:
        """Ids of the labels that a message has; none where it is gone."""
        ...

    async def modify(self, message: str, *, add: Collection[str], remove: Collection[str]) -> None:
        """Put labels on, and take others off. A message that is gone has nothing to adjust, which is fine."""
        ...

    async def trash(self, message: str) -> None:
        """A message that is gone already is fine."""
        ...
