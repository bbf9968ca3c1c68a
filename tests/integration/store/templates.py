"""A database that is filled once; each test gets a copy of its file."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.store import Database
from tests.integration.store.words import Store


def filled(empty: Path, folder: Path, fill: Callable[[Store], Awaitable[None]]) -> Path:
    path = folder / "syncbot.db"
    shutil.copy(empty, path)
    asyncio.run(_fill(path, fill))
    return path


async def _fill(path: Path, fill: Callable[[Store], Awaitable[None]]) -> None:
    async with _opened(path) as store:
        await fill(store)


@asynccontextmanager
async def copied(template: Path, folder: Path) -> AsyncIterator[Store]:
    path = folder / "copy.db"
    shutil.copy(template, path)
    async with _opened(path) as store:
        yield store


@asynccontextmanager
async def _opened(path: Path) -> AsyncIterator[Store]:
    database = Database(f"sqlite:///{path}")
    yield Store(database)
    await database.close()
