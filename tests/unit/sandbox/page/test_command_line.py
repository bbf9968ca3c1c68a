"""`python -m bot.sandbox.page` as a process."""

import asyncio
import json
import signal
import socket
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession

COMMAND = (sys.executable, "-m", "bot.sandbox.page", "--manifest")


async def started(*arguments: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*COMMAND, *arguments, stdout=pipe, stderr=pipe)


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "app.yaml"
    path.write_text("display_information: {name: syncbot}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
async def test_it_prints_its_address_serves_and_stops_at_a_signal(
    manifest: Path, name: signal.Signals
) -> None:
    process = await started(str(manifest))
    assert process.stdout
    url = json.loads(await process.stdout.readline())["url"]
    async with ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200
    process.send_signal(name)
    _, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")


async def test_a_taken_port_is_named(manifest: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        process = await started(str(manifest), "--port", port)
        _, errors = await process.communicate()
    assert process.returncode == 1
    assert errors.decode() == f"Port {port} is taken. Choose another one, or --port 0 for any.\n"


async def test_a_manifest_that_is_not_there_is_named(tmp_path: Path) -> None:
    process = await started(str(tmp_path / "none.yaml"))
    _, errors = await process.communicate()
    assert process.returncode == 2
    assert b"none.yaml cannot be read" in errors
