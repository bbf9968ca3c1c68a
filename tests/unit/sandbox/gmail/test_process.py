"""The stand-in as a process, as the bench starts it."""

import asyncio
import json
import signal
import stat
import sys
from pathlib import Path
from typing import Any

import google.auth.transport.requests
from google.oauth2 import service_account

ROOT = Path(__file__).resolve().parents[4]


def token(key_file: Path, user: str) -> str:
    made: Any = service_account.Credentials
    scopes = ["https://www.googleapis.com/auth/gmail.modify"]
    found = made.from_service_account_file(str(key_file), scopes=scopes).with_subject(user)
    transport: Any = google.auth.transport.requests
    with transport.requests.Session() as session:
        found.refresh(transport.Request(session))
    return str(found.token)


async def test_it_tells_where_it_is_hands_out_its_key_and_ends_when_told(tmp_path: Path) -> None:
    key_file = tmp_path / "key.json"
    arguments = ["--users", "2", "--limits", "none", "--forget-bodies", "--key-file", str(key_file)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox.gmail", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    ready = json.loads(await process.stdout.readline())
    assert ready["token_url"].startswith(ready["url"])
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert await asyncio.to_thread(token, key_file, "user2@example.com")
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
