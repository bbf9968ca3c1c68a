"""The database: one connection that writes and several that read, each in threads of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from contextvars import copy_context
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from bot.store import postgres, sqlite
from bot.store.addressing import parsed
from bot.store.migrating import upgraded

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 8
_TRIES = 3
_COLLISIONS = ("40001", "40P01")
"""PostgreSQL's codes for two transactions in each other's way: one of them may simply begin again."""


class Database:
    """Runs plain functions on a connection, each in one transaction, outside the event loop.

    There are as many threads as connections, so that work waits for a thread, in order, and never for a
    connection. On SQLite a single thread writes.

    Raises:
        BadSettings: for a URL that cannot be used.
    """

    def __init__(self, url: str) -> None:
        self.url = parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        engines = sqlite.engines if self.is_sqlite else postgres.engines
        self._writer, self._reader = engines(self.url, THREADS)
        self._writers = ThreadPoolExecutor(1 if self.is_sqlite else THREADS, "store-write")
        self._readers = ThreadPoolExecutor(THREADS, "store-read")

    def reading(self) -> AbstractContextManager[Connection]:
        return self._reader.begin()

    def writing(self) -> AbstractContextManager[Connection]:
        return self._writer.begin()

    async def read(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        call = partial(_in_transaction, self._reader, lambda connection: query(connection, *args, **kwargs))
        return await self._run(self._readers, call)

    async def write(
        self, command: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        call = partial(_in_transaction, self._writer, lambda connection: command(connection, *args, **kwargs))
        return await self._run(self._writers, call)

    async def migrate(self) -> None:
        """Bring the tables up to date. Replicas that start together take turns.

        Raises:
            BadSettings: the database cannot be reached, or a newer version of syncbot made it.
        """
        await self._run(self._writers, partial(upgraded, self._writer))

    async def close(self) -> None:
        """Wait for what still runs, then close every connection."""
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        for threads in (self._writers, self._readers):
            threads.shutdown(wait=True)
        for engine in (self._writer, self._reader):
            engine.dispose()

    async def _run(self, threads: ThreadPoolExecutor, call: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads, copy_context().run, call)


def _in_transaction(engine: Engine, call: Callable[[Connection], T]) -> T:
    for _ in range(_TRIES - 1):
        try:
            return _once(engine, call)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in _COLLISIONS:
                raise
    return _once(engine, call)


def _once(engine: Engine, call: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return call(connection)
