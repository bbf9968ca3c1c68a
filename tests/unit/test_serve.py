"""The bot as a process: told to stop, it ends what it has begun and closes what it has opened."""

import asyncio
import signal
from pathlib import Path

import pytest

from bot.supervising import all_ready, started


@pytest.mark.slow
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
async def test_a_bot_that_is_told_to_stop_closes_its_database_first(
    tmp_path: Path, told: signal.Signals
) -> None:
    """SQLite's log is folded into the database by whoever closes it last."""
    settings = {
        "SYNCBOT_DATABASE_URL": f"sqlite:///{tmp_path}/syncbot.db",
        "SYNCBOT_SLACK_MODE": "http",
        "SYNCBOT_SLACK_BOT_TOKEN": "xoxb-none",
        "SYNCBOT_SLACK_SIGNING_SECRET": "none",
        "SYNCBOT_PORT": "0",
    }
    async with started(("-m", "bot", "run"), tmp_path, settings) as process:
        await all_ready([process], asyncio.Event())
        assert (tmp_path / "syncbot.db-wal").exists()
        process.send_signal(told)
        assert await process.wait() == 0
    assert not (tmp_path / "syncbot.db-wal").exists()
