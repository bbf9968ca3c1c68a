"""A stand-in of Graph with one application and one mailbox, and the engine's client of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.domain.connections import Keeper, Microsoft365, SecretRef
from bot.domain.mail import FolderPage, MessagePage
from bot.engine.graph import Graph
from bot.engine.graph.wire import TIMEOUT
from bot.engine.sides import Source
from bot.sandbox.graph import Folder, GraphStandIn, Mailbox

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "22222222-2222-4222-8222-222222222222"
SECRET = "a-secret"
SECRET_NAME = "GRAPH_TEST_SECRET"
ADDRESS = "ann@contoso.example"
CONNECTION = Microsoft365("main", TENANT, CLIENT, secret=SecretRef(Keeper.ENV, SECRET_NAME))
MIME = b"Message-ID: <one@contoso.example>\r\nFrom: Ben <ben@x.example>\r\nSubject: Hi\r\n\r\nText\r\n"


@dataclass
class Site:
    """`time` is what the stand-in goes by; the client's own clock is `seconds`."""

    time: datetime = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    seconds: float = 0.0
    stand_in: GraphStandIn = field(init=False)
    http: aiohttp.ClientSession = field(init=False)
    user: Mailbox = field(init=False)
    graph: Graph = field(init=False)

    def client(self, connection: Microsoft365 = CONNECTION, *, patience_s: float = 60) -> Graph:
        return Graph(
            self.http,
            connection,
            url=self.stand_in.url,
            login_url=self.stand_in.login_url,
            monotonic=lambda: self.seconds,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=patience_s),
        )

    def pass_by(self, duration: timedelta) -> None:
        self.time += duration
        self.seconds += duration.total_seconds()

    @property
    def source(self) -> Source:
        return self.graph.mailbox(ADDRESS)

    @property
    def inbox(self) -> Folder:
        return self.user.folder("inbox")

    async def folders(self, cursor: str | None = None) -> tuple[list[FolderPage], str]:
        pages = []
        while True:
            pages.append(await self.source.folder_page(cursor))
            cursor = pages[-1].cursor
            if pages[-1].is_last:
                return pages, cursor

    async def messages(self, folder: Folder, cursor: str | None = None) -> tuple[list[MessagePage], str]:
        pages = []
        while True:
            pages.append(await self.source.message_page(folder.id, cursor))
            cursor = pages[-1].cursor
            if pages[-1].is_last:
                return pages, cursor


@pytest.fixture
async def site(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    monkeypatch.setenv(SECRET_NAME, SECRET)
    site = Site()
    async with GraphStandIn(now=lambda: site.time) as site.stand_in, aiohttp.ClientSession() as site.http:
        site.stand_in.world.add_app(TENANT, CLIENT, secret=SECRET)
        site.user = site.stand_in.world.add_user(ADDRESS)
        site.graph = site.client(patience_s=TIMEOUT.sock_read or 60)
        yield site
