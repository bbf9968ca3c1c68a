"""Events taken in over HTTP, signature to durable row, against a bare loop over the same JSON."""

import asyncio
import base64
import io
import json
import secrets
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp
import uvicorn
from prometheus_client import CollectorRegistry

from bot.clock import SystemClock
from bot.queue.embedded import EventDoorbell
from bot.serve import listen
from bot.services.recording import Recording
from bot.store import Database, SqlRecorder
from bot.web.app import EventsPart, build
from bot.web.health import Check
from bot.wire.signing import Signer, Verifier
from tests.bench.measuring import Figure, in_turn

Json = dict[str, Any]
EVENTS = 200
ROUNDS = 15
SECRET = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


async def figures(folder: Path) -> list[Figure]:
    async with _client(folder) as client:
        signer, bare = Signer(SECRET, setting="bench"), sqlite3.connect(folder / "bare.db")
        bare.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE event (id, data);")
        await _send(client, signer, [policy(), mailbox()])

        async def ours() -> None:
            await _send(client, signer, _batch())

        async def alone() -> None:
            await asyncio.to_thread(_insert, folder / "bare.db", json.dumps(_batch()))

        taken = await in_turn(ours, alone, ROUNDS)
        bare.close()
    return [_compared(*taken)]


def _compared(ours: list[float], bare: list[float]) -> Figure:
    rates = [EVENTS / median(seconds) for seconds in (ours, bare)]
    return Figure(
        f"events a second by POST /v1/events, {EVENTS} a batch; bare: parse, insert, one durable commit",
        f"{rates[0]:,.0f} /s",
        f"{rates[1]:,.0f} /s",
        f"{rates[0] / rates[1]:.2f} of the rate",
    )


@asynccontextmanager
async def _client(folder: Path) -> AsyncIterator[aiohttp.ClientSession]:
    database = Database(f"sqlite:///{folder}/ingest.db")
    await database.migrate()
    clock = SystemClock()
    recording = Recording(SqlRecorder(database), EventDoorbell(), clock)
    part = EventsPart(recording.record, Verifier([SECRET], setting="bench"), clock.now)
    app = build(checks=_no_checks, registry=CollectorRegistry(), events_part=part)
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    async with aiohttp.ClientSession(f"http://127.0.0.1:{listening.getsockname()[1]}") as client:
        yield client
    server.should_exit = True
    await serving
    await database.close()


async def _no_checks() -> list[Check]:
    return []


async def _send(client: aiohttp.ClientSession, signer: Signer, batch: list[Json]) -> None:
    body = json.dumps(batch).encode()
    headers = {
        "content-type": "application/cloudevents-batch+json",
        **signer.headers(secrets.token_hex(8), body),
    }
    async with client.post("/v1/events", data=io.BytesIO(body), headers=headers) as answer:
        assert answer.status == 202, await answer.text()


def _insert(path: Path, body: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        connection.executemany(
            "INSERT INTO event VALUES (?, ?)",
            [(one["id"], json.dumps(one["data"])) for one in json.loads(body)],
        )
    connection.close()


def _event(kind: str, data: Json) -> Json:
    return {
        "specversion": "1.0",
        "id": secrets.token_hex(8),
        "source": "https://engine.example/bench",
        "type": kind,
        "time": datetime.now(UTC).isoformat(),  # noqa: TID251 - a bench has no other clock
        "data": data,
    }


def _batch() -> list[Json]:
    """Half of it runs that end, half of it items that fail."""
    return [event for _ in range(EVENTS // 2) for event in (completed(), failed())]


def completed() -> Json:
    counts = [{"service": "email", "changes": 3, "bytes": 4_000, "failed": 0}]
    return _event("sync.completed", {"mailbox": "m", "run": secrets.token_hex(6), "services": counts})


def failed() -> Json:
    data = {"mailbox": "m", "service": "email", "item": secrets.token_hex(4), "code": "dest_rejected"}
    return _event("item.failed", data | {"message": "400 invalidArgument", "folder": "Inbox", "size": 4_000})


def policy() -> Json:
    return _event(
        "policy.upserted", {"policy": "p", "name": "Staff", "frequency": {"every": 1, "unit": "hour"}}
    )


def mailbox() -> Json:
    soon = datetime.now(UTC) + timedelta(hours=1)  # noqa: TID251
    addresses = {"source": "user@northwind.example", "destination": "user@tailspin.example"}
    return _event(
        "mailbox.upserted", {"mailbox": "m", "policy": "p", "next_sync_at": soon.isoformat()} | addresses
    )
