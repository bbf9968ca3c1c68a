"""A database that the command line reads, and a terminal to type into."""

import asyncio
import json
import shutil
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner, Result

from bot import cli
from bot.config import PREFIX, Settings
from bot.domain.events import Event
from bot.store import Database
from tests.integration.store.words import (
    Store,
    at,
    completed,
    email,
    item_failed,
    mailbox,
    policy,
    started,
    sync_failed,
)

NOW = at(60)
SUBJECT, SENDER, QUOTED = "Salaries 2026", "boss@org.com", "552 refused: Salaries 2026"


@dataclass
class Terminal:
    """Types commands; its clock stands still, except where a command waits."""

    url: str
    now: datetime = NOW
    runner: CliRunner = field(default_factory=CliRunner)
    ids: "count[int]" = field(default_factory=count)

    def __call__(self, *words: str) -> Result:
        return self.runner.invoke(cli.app, list(words))

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json").stdout)

    def stored(self, work: Callable[[Store], Awaitable[Any]]) -> Any:
        return asyncio.run(self.within(work))

    async def within(self, work: Callable[[Store], Awaitable[Any]]) -> Any:
        database = Database(self.url)
        try:
            return await work(Store(database, self.ids))
        finally:
            await database.close()

    def record(self, *events: Event) -> None:
        self.stored(lambda store: store.record(*events, now=self.now))

    def audit(self) -> list[tuple[str, str, str]]:
        audited: list[tuple[str, str, str]] = self.stored(lambda store: store.audit())
        return audited


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Iterator[Terminal]:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", sqlite_url)
    monkeypatch.setenv("TZ", "MEZ-1")
    monkeypatch.setattr("bot.logs.configure", lambda *_, **__: None)
    monkeypatch.setattr("getpass.getuser", lambda: "ada")
    time.tzset()
    opened = Terminal(sqlite_url)
    monkeypatch.setattr("bot.clock.SystemClock.now", lambda _self: opened.now)
    yield opened
    monkeypatch.delenv("TZ")
    time.tzset()


@pytest.fixture(scope="session")
def company_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """m1 has two failed items, m2 a failed run, m3 is fine, and two mailboxes have one address."""
    path = tmp_path_factory.mktemp("company") / "syncbot.db"
    shutil.copy(sqlite_template, path)
    secret: dict[str, Any] = {"subject": SUBJECT, "sender": SENDER, "message": QUOTED}
    Terminal(f"sqlite:///{path}").record(
        policy(),
        policy(key="silver", name="Silver"),
        *(mailbox(key=key) for key in ("m1", "m2", "m3")),
        mailbox(key="t1", source="twin@old.example", under="silver"),
        mailbox(key="t2", source="twin@old.example", under="silver"),
        started(1, "r1"),
        completed(5, "r1", services=email(1_200, 2, 5_000_000)),
        item_failed(7, folder="Inbox/Q1", size=2048, **secret),
        item_failed(8, "i2", code="dest_rejected"),
        started(1, "r2", of="m2"),
        sync_failed(6, "r2", mailbox="m2"),
        started(40, "r3", of="m3"),
        completed(50, "r3", mailbox="m3"),
    )
    return path


@pytest.fixture
def company(terminal: Terminal, company_template: Path, sqlite_url: str) -> Terminal:
    shutil.copy(company_template, make_url(sqlite_url).database or "")
    terminal.ids = count(100)
    return terminal


@dataclass
class Pauses:
    """What happens while a command waits: each pause runs the next step, and takes its time."""

    terminal: Terminal
    steps: list[Callable[[Store], Awaitable[Any]]] = field(default_factory=list)
    length: timedelta = timedelta(seconds=1)
    taken: int = 0

    async def __call__(self) -> None:
        self.taken += 1
        self.terminal.now += self.length
        if self.steps:
            await self.terminal.within(self.steps.pop(0))


@pytest.fixture
def pauses(company: Terminal, monkeypatch: pytest.MonkeyPatch) -> Pauses:
    made = Pauses(company)
    monkeypatch.setattr("bot.cli.following.pause", made)
    return made
