"""An office that stands still: nothing happens in it but what a test does."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.office import Office


@pytest.fixture
def still(tmp_path: Path) -> Office:
    """Without a network."""
    return Office(tmp_path, speed=1)


@pytest.fixture
async def office(still: Office) -> AsyncIterator[Office]:
    await still.start()
    yield still
    await still.stop()
