"""The stand-in as a process of its own: one line when it is ready, an end on SIGTERM."""

import asyncio
import json
import os
import signal
import sys

import aiohttp

from tests.unit.sandbox.graph.clients import CLIENT, SCOPE, SECRET, TENANT

ARGUMENTS = ("--tenant", TENANT, "--client", CLIENT, "--users", "2", "--messages", "3", "--kib", "20")


async def started(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.sandbox.graph",
        *arguments,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_a_process_serves_generated_mailboxes_and_ends_on_sigterm() -> None:
    process = await started(*ARGUMENTS, "--no-limits", SANDBOX_GRAPH_SECRET=SECRET)
    assert process.stdout
    try:
        ready = json.loads(await process.stdout.readline())
        form = {
            "grant_type": "client_credentials",
            "client_id": CLIENT,
            "client_secret": SECRET,
            "scope": SCOPE,
        }
        async with aiohttp.ClientSession() as http:
            async with http.post(f"{ready['login_url']}/{TENANT}/oauth2/v2.0/token", data=form) as response:
                token = (await response.json())["access_token"]
            headers = {"Authorization": f"Bearer {token}"}
            url = f"{ready['url']}/users/user2@contoso.example/mailFolders/inbox/messages/delta"
            async with http.get(url, headers=headers) as response:
                assert len((await response.json())["value"]) == 3
    finally:
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    assert process.returncode == 0


async def test_a_process_without_its_secret_says_which() -> None:
    process = await started(*ARGUMENTS, SANDBOX_GRAPH_SECRET="")
    _, said = await process.communicate()
    assert (process.returncode, b"SANDBOX_GRAPH_SECRET" in said) == (1, True)
