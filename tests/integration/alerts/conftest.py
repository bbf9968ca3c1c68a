"""A scene for each test, on both databases."""

from collections.abc import AsyncIterator

import pytest

from bot.store import Database
from tests.integration.alerts.scene import Scene, opened


@pytest.fixture
async def scene(database: Database) -> AsyncIterator[Scene]:
    async with opened(database) as made:
        yield made


@pytest.fixture
async def blind(database: Database) -> AsyncIterator[Scene]:
    """No channel's history may be read."""
    async with opened(database, can_read=False) as made:
        yield made
