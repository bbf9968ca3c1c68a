"""The program as a process: what it loads, and how it is interrupted."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import PREFIX
from tests.unit.cli.conftest import Terminal

SERVER = ("fastapi", "uvicorn", "slack_bolt", "slack_sdk", "aiohttp", "apscheduler", "msal")
DATABASE = ("sqlalchemy", "alembic")


def loaded(*words: str, database: str = "") -> set[str]:
    """The modules that a command has loaded when it ends."""
    code = (
        "import sys, contextlib, bot.cli\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(sys.stderr):\n"
        f"    bot.cli.app({list(words)!r})\n"
        "print(*sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {f"{PREFIX}DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in ended.stdout.split()}


def test_help_loads_neither_the_server_nor_the_database() -> None:
    assert not loaded("--help") & {*SERVER, *DATABASE}


@pytest.mark.slow
def test_looking_does_not_load_the_server(company: Terminal) -> None:
    modules = loaded("status", database=company.url)
    assert not modules & set(SERVER)
    assert modules & set(DATABASE) == {"sqlalchemy"}, "the tables are current"


@pytest.mark.slow
@pytest.mark.lengthy
def test_ctrl_c_stops_the_watching_and_not_the_request(
    company: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "bot", "sync", "m3@old.example", "--wait"],
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    assert "Nothing has taken the request up yet" in running.stderr.readline()
    running.send_signal(signal.SIGINT)
    said, complained = running.communicate(timeout=30)
    assert (running.returncode, complained) == (130, "")
    assert "The request stays in place" in said
    assert company.json("status", "m3@old.example")["sync_requested"]
