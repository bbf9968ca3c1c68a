"""The least that a sync can be: fetch, post, and one durable row for each message."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp
from sqlalchemy import select
from yarl import URL

from bot.engine.gmail import Gmail, Quotas
from bot.engine.gmail.adding import Uploads
from bot.engine.graph import Graph
from bot.engine.graph.links import Links, path
from bot.engine.ledger import Grouped
from bot.store import Database
from bot.store.engine_tables import mail_item
from bot.store.tables import mailbox
from tests.bench.stand_ins import StandIns
from tests.bench.syncing import PLENTY

_BOUNDARY: Final = "0123456789abcdef0123456789abcdef"
_HEAD: Final = (
    f"--{_BOUNDARY}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n"
    f'{{"labelIds": ["INBOX", "UNREAD"]}}\r\n--{_BOUNDARY}\r\nContent-Type: message/rfc822\r\n'
    "Content-Transfer-Encoding: binary\r\n\r\n"
).encode()
_TAIL: Final = f"\r\n--{_BOUNDARY}--\r\n".encode()
_SYNCED: Final = (
    select(mail_item.c.source_id, mailbox.c.source, mailbox.c.destination)
    .join_from(mail_item, mailbox)
    .where(mail_item.c.destination_id.is_not(None))
    .order_by(mail_item.c.id.desc())
)

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Errand:
    """One message: its id, where it is, and the headers with the tokens for either side."""

    message: str
    source: URL
    reading: dict[str, str]
    writing: dict[str, str]


class Bare:
    """`at_once` messages are under way together."""

    def __init__(self, folder: Path, http: aiohttp.ClientSession, at: StandIns, at_once: int) -> None:
        self._http, self._at, self._at_once = http, at, at_once
        self._upload = Uploads(at.gmail_url).url("multipart", is_sent=False)
        self._graph = Graph(http, at.microsoft, url=at.graph_url, login_url=at.login_url)
        quotas = Quotas(PLENTY, PLENTY)
        self._gmail = Gmail(http, at.google, url=at.gmail_url, quotas=quotas, largest_message=PLENTY)
        self._rows: Grouped[Row, None] = Grouped(self._commit)
        self._connection = sqlite3.connect(folder / "bare.db", check_same_thread=False)
        self._connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE item (source, destination);"
        )

    def close(self) -> None:
        self._connection.close()

    async def errands(self, database: Database, count: int) -> list[Errand]:
        """The messages that were synced last, with all that the loop need not be timed for."""
        rows = await database.read(lambda connection: connection.execute(_SYNCED.limit(count)).all())
        links, token = Links(self._at.graph_url), await self._graph.token()
        reading = {"Prefer": 'IdType="ImmutableId"', "Authorization": f"Bearer {token}"}
        writing = {user: await self._writing(user) for user in {row.destination for row in rows}}
        return [
            Errand(
                row.source_id, links.to(_value(row.source, row.source_id)), reading, writing[row.destination]
            )
            for row in rows
        ]

    async def run(self, errands: Sequence[Errand]) -> None:
        waiting = iter(errands)
        await asyncio.gather(*(self._work(waiting) for _ in range(self._at_once)))

    async def _writing(self, user: str) -> dict[str, str]:
        about = {"Content-Type": f"multipart/related; boundary={_BOUNDARY}"}
        return about | {"Authorization": f"Bearer {await self._gmail.token(user)}"}

    async def _work(self, waiting: Iterator[Errand]) -> None:
        for errand in waiting:
            async with self._http.get(errand.source, headers=errand.reading) as answer:
                assert answer.status == 200, await answer.text()
                mime = await answer.read()
            body = b"".join((_HEAD, mime, _TAIL))
            async with self._http.post(self._upload, data=body, headers=errand.writing) as answer:
                assert answer.status == 200, await answer.text()
                arrived = json.loads(await answer.read())["id"]
            await self._rows.add((errand.message, arrived))

    async def _commit(self, rows: list[Row]) -> list[None]:
        await asyncio.to_thread(self._insert, rows)
        return [None] * len(rows)

    def _insert(self, rows: list[Row]) -> None:
        with self._connection:
            self._connection.executemany("INSERT INTO item VALUES (?, ?)", rows)


def _value(user: str, message: str) -> str:
    return path("users", user, "messages", message, "$value")
