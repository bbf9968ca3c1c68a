"""Items of one mailbox that are being moved side by side."""

import asyncio
from dataclasses import dataclass, field

from bot.domain.mail import Item
from bot.engine.transfer import Transfer


@dataclass(slots=True)
class UnderWay:
    """How many items are being moved now."""

    count: int = 0
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def one_ended(self) -> None:
        self._ended.clear()
        await self._ended.wait()

    async def until_moved(self, transfer: Transfer, item: Item) -> None:
        try:
            await transfer.move(item)
        finally:
            self.count -= 1
            self._ended.set()
