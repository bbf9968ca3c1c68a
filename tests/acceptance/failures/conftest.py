"""The world of these tests, on SQLite."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.acceptance.failures.world import World, opened


@pytest_asyncio.fixture
async def world(tmp_path: Path, sqlite_url: str) -> AsyncIterator[World]:
    async with opened(tmp_path, sqlite_url) as made:
        yield made
