"""Several processes as one: a taken port is seen, and one that dies is reported."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.config import SlackMode
from bot.demo import Demo
from bot.errors import BadSettings
from bot.serve import listen
from bot.supervising import all_ready, free_port, is_free, started, until_any_ends

READY = "print('{}'); "
FOREVER = READY + "import time; time.sleep(600)"


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_is_free_unless_somebody_listens_or_it_is_none(taken: int) -> None:
    assert not is_free(taken)
    assert is_free(free_port())
    assert not is_free(70_000)
    assert not is_free(-1)


@pytest.mark.parametrize("mode", SlackMode)
async def test_the_demo_names_the_port_that_is_taken(taken: int, mode: SlackMode) -> None:
    with pytest.raises(BadSettings, match=f"Port {taken} is taken"):
        await Demo(port=taken, mode=mode, speed=1).run()


def test_the_bot_names_the_port_that_is_taken(taken: int) -> None:
    with pytest.raises(BadSettings, match=rf"port {taken}.*SYNCBOT_PORT"):
        listen("127.0.0.1", taken)


def test_an_address_that_is_not_ours_is_told_in_a_sentence() -> None:
    with pytest.raises(BadSettings, match="Cannot listen on 192"):
        listen("192.0.2.1", 0)


def test_port_zero_takes_any_that_is_free() -> None:
    with listen("127.0.0.1", 0) as listening:
        assert listening.getsockname()[1] > 0


@pytest.mark.slow
@pytest.mark.parametrize(("code", "says"), [("", "did not start"), ("print('no json')", "did not start")])
async def test_a_process_that_does_not_come_up_is_reported(tmp_path: Path, code: str, says: str) -> None:
    async with started(("-c", code), tmp_path, {}) as process:
        with pytest.raises(BadSettings, match=says):
            await all_ready([process], asyncio.Event())


@pytest.mark.slow
async def test_a_process_that_dies_is_reported_and_takes_the_others_along(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        living = await stack.enter_async_context(started(("-c", FOREVER), tmp_path, {}))
        dying = await stack.enter_async_context(started(("-c", READY), tmp_path, {}))
        await all_ready([living, dying], asyncio.Event())
        with pytest.raises(BadSettings, match="ended by itself"):
            await until_any_ends([living, dying], asyncio.Event())
    assert living.returncode is not None
    assert living.returncode != 0


@pytest.mark.slow
async def test_being_told_to_stop_is_no_trouble(tmp_path: Path) -> None:
    stopped = asyncio.Event()
    async with started(("-c", FOREVER), tmp_path, {}) as process:
        await all_ready([process], stopped)
        stopped.set()
        await until_any_ends([process], stopped)
    assert process.returncode is not None


@pytest.mark.slow
async def test_a_process_that_does_not_end_when_told_is_killed(tmp_path: Path) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + FOREVER
    async with started(("-c", deaf), tmp_path, {}, patience=0.01) as process:
        await all_ready([process], asyncio.Event())
    assert process.returncode == -signal.SIGKILL


@pytest.mark.slow
async def test_settings_of_the_surroundings_stay_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNCBOT_ADMINS", "U0MALLORY")
    code = "import json, os; print(json.dumps({k: v for k, v in os.environ.items() if 'SYNCBOT' in k}))"
    async with started(("-c", code), tmp_path, {"SYNCBOT_PORT": "0"}) as process:
        assert process.stdout
        assert await process.stdout.readline() == b'{"SYNCBOT_PORT": "0"}\n'
