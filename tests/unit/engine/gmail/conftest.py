"""A stand-in with two users and without limits, and the client that is tested against it."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.engine.gmail import Gmail, Quotas
from bot.engine.sides import Destination
from bot.sandbox.gmail import UNLIMITED, GmailStandIn
from bot.sandbox.gmail.rules import MAX_MESSAGE
from tests.unit.engine.gmail.mails import ANN, BEN, CHUNK, connection, write_key

PLENTY = Quotas(units_per_user=10_000_000, units_per_project=10_000_000)


@pytest.fixture(scope="session")
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def quick_keys(private_key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Making a key takes longer than most tests. A renewed one still has another id, by which it is known."""
    monkeypatch.setattr("bot.sandbox.gmail.keys.rsa.generate_private_key", lambda **_: private_key)


@pytest.fixture
async def standin(quick_keys: None) -> AsyncIterator[GmailStandIn]:
    async with GmailStandIn(limits=UNLIMITED) as standing:
        standing.world.add_user(ANN)
        standing.world.add_user(BEN)
        yield standing


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def key(standin: GmailStandIn, tmp_path: Path) -> Path:
    path = tmp_path / "key.json"
    write_key(path, standin)
    return path


@pytest.fixture
async def gmail(standin: GmailStandIn, http: aiohttp.ClientSession, key: Path) -> Gmail:
    return Gmail(http, connection(key), url=standin.url, quotas=PLENTY, largest_message=MAX_MESSAGE)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks as small as Gmail takes them, of which three are soon sent."""
    monkeypatch.setattr("bot.engine.gmail.resumable.CHUNK", CHUNK)
    monkeypatch.setattr("bot.engine.gmail.adding.SIMPLE", CHUNK)


@pytest.fixture
def ann(gmail: Gmail) -> Destination:
    return gmail.mailbox(ANN)
