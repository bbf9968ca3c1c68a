"""Microsoft Graph by one connection: its token, and the mailboxes that it may read."""

import time
from collections.abc import Callable

import aiohttp

from bot.domain.connections import Microsoft365
from bot.engine.graph.links import Links
from bot.engine.graph.login import Login
from bot.engine.graph.mailbox import GraphMailbox
from bot.engine.graph.tokens import Tokens
from bot.engine.graph.wire import TIMEOUT, Wire
from bot.engine.sides import Source


class Graph:
    """`url` is that of Graph with its version, `login_url` that of Microsoft Entra."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        connection: Microsoft365,
        *,
        url: str,
        login_url: str,
        monotonic: Callable[[], float] = time.monotonic,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._links = Links(url)
        self._tokens = Tokens(Login(connection, login_url, self._links.scope).granted, monotonic)
        self._wire = Wire(http, self._tokens, timeout=timeout)
        self._mailboxes: dict[str, GraphMailbox] = {}

    async def token(self) -> str:
        """Raises Fault: source_auth where Microsoft Entra does not take the credentials."""
        return await self._tokens.token()

    def mailbox(self, address: str) -> Source:
        """The same one for the same address, so that whoever uses it keeps to its limits together."""
        return self._mailboxes.setdefault(address, GraphMailbox(address, self._wire, self._links))
