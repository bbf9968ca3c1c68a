"""The access token of a connection: kept until shortly before it expires, asked for once by all who wait."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

EARLY: Final = timedelta(minutes=5)
"""How long before its end a token is renewed; at half its life, if that is later."""


@dataclass(frozen=True, slots=True)
class Granted:
    token: str
    lifetime: timedelta


class Tokens:
    """`monotonic` is in seconds."""

    def __init__(self, acquire: Callable[[], Awaitable[Granted]], monotonic: Callable[[], float]) -> None:
        self._acquire = acquire
        self._monotonic = monotonic
        self._token: str | None = None
        self._good_until = 0.0
        self._acquiring: asyncio.Task[str] | None = None

    async def token(self, refused: str | None = None) -> str:
        """`refused`: one that Graph did not take; another one is given, unless somebody fetched it meanwhile.

        Raises Fault.
        """
        token = self._token
        if token is not None and token != refused and self._monotonic() < self._good_until:
            return token
        if self._acquiring is None:
            self._acquiring = asyncio.create_task(self._renew())
            self._acquiring.add_done_callback(self._acquired)
        return await asyncio.shield(self._acquiring)

    async def _renew(self) -> str:
        asked_at = self._monotonic()
        granted = await self._acquire()
        usable = max(granted.lifetime - EARLY, granted.lifetime / 2)
        self._token, self._good_until = granted.token, asked_at + usable.total_seconds()
        return granted.token

    def _acquired(self, task: asyncio.Task[str]) -> None:
        """Its error is looked at here, since all who waited for it may be gone."""
        self._acquiring = None
        if not task.cancelled():
            task.exception()
