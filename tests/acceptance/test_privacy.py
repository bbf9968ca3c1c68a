"""What users wrote leaves the process only towards people who may read it."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import Connection, Table, select

from bot.clock import SystemClock
from bot.config import LogFormat, SlackMode
from bot.logs import QUIET, configure
from bot.sandbox.slack.record import RecordedCall
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL, OMAR, VERA
from bot.store.tables import audit, metadata
from tests import once
from tests.acceptance.engine import POLICY, failed_item, mailbox
from tests.acceptance.failures.world import ANN, Letter, World, opened, policy
from tests.acceptance.house import House, accepted, house, words

SUBJECT, SENDER, BODY = "Zebra-7431 merger", "whistle-7431@secret.example", "Quokka-7431 is to be sold"
MARKS = ("Zebra-7431", "whistle-7431", "Quokka-7431")
NUMBER = 4711
LENA = "lena@northwind.example"
ABOUT_ALL = ("failures", "audit", "health", "subscriptions", "policies", "digest", "mute", "status", "list")
READERS = frozenset({ADA.id, OMAR.id})
"""They may see subjects."""


@dataclass(frozen=True)
class Firm:
    home: House
    world: World


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """The real log, at INFO."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    configure("INFO", LogFormat.JSON, addresses=False)
    yield capsys
    once.plain_tracebacks()
    root.handlers = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
async def firm(
    tmp_path: Path,
    sqlite_url: str,
    logged: pytest.CaptureFixture[str],
) -> AsyncIterator[Firm]:
    """Ann has one letter that Gmail rejects; the bot, which begins once the log does, syncs her by itself."""
    async with opened(tmp_path, sqlite_url, people=(), engines=0) as world:
        world.clock.time = SystemClock().now()
        world.add_person(ANN)
        inbox = world.graph.world.mailboxes[ANN].folder("inbox")
        world.letters[NUMBER] = Letter(NUMBER, world.graph.world.deliver(inbox, _letter()))
        await world.apply({"staff": policy("staff")}, {ANN: "staff"})
        addresses = {"graph_url": world.graph.url, "microsoft_login_url": world.graph.login_url}
        more: dict[str, Any] = addresses | {"gmail_url": world.gmail.url, "engine_url": None}
        async with house(SlackMode.HTTP, sqlite_url, **more) as home:
            yield Firm(home, world)


def _letter() -> bytes:
    return (
        f"From: Whistle <{SENDER}>\r\nMessage-ID: <{NUMBER}@old.example>\r\nSubject: {SUBJECT}\r\n"
        f"Date: {SystemClock().now():%a, %d %b %Y %H:%M:%S +0000}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        f"--b\r\n\r\n{BODY}\r\n--b\r\n"
        'Content-Disposition: attachment; filename="run.exe"\r\n\r\nx\r\n--b--\r\n'
    ).encode()


async def test_no_mark_of_a_message_reaches_a_channel_a_log_the_metrics_or_the_audit_log(
    firm: Firm, logged: pytest.CaptureFixture[str]
) -> None:
    home = firm.home
    alert = await home.alert("1 sync failure", ANN)
    accepted(await home.click(alert, "errors.view", user=OMAR.id))
    modal = await home.modal(SUBJECT, user=OMAR.id)
    accepted(await home.click(modal, "failure.retry", user=OMAR.id))
    await home.alert("The last retry failed")
    await _look_around(home, ANN)
    await _quoted_by_an_engine_outside(home)
    log = logged.readouterr().err

    shown = [call for call in home.slack.calls if not _is_private(home, call)]
    assert len(shown) > 5
    assert _marks([call.args for call in shown]) == set()
    assert _marks(await _metrics(home)) == set()
    assert _marks(await _audit(firm)) == set()
    assert "sync" in log
    assert _marks(log) == set()
    assert ANN not in log


async def test_the_search_would_find_them(firm: Firm) -> None:
    """They are there: in the database, and in what operators read."""
    home = firm.home
    await home.alert("1 sync failure", ANN)
    card = await home.command(f"/sync errors {ANN}", user=OMAR.id)

    assert _marks(words(card)) == {"Zebra-7431", "whistle-7431"}
    assert _marks([call.args for call in home.slack.calls]) == {"Zebra-7431", "whistle-7431"}
    rows = [await firm.world.database.read(_text_of, table) for table in metadata.sorted_tables]
    assert _marks(rows) == {"Zebra-7431", "whistle-7431"}


async def _look_around(home: House, address: str) -> None:
    """All cards of one mailbox, by everybody; what may be shared is shared with the channel."""
    for user in (ADA.id, OMAR.id, VERA.id):
        for verb in ("status", "history", "errors"):
            card = await home.command(f"/sync {verb} {address}", user=user)
            if verb == "errors":
                assert bool(_marks(words(card))) == (user in READERS)
            accepted(await home.click(card, "card.share", user=user))
        for text in (*ABOUT_ALL, f"audit {address}"):
            await home.command(f"/sync {text}", user=user)


async def _quoted_by_an_engine_outside(home: House) -> None:
    """Its own words may quote a message."""
    quoting = f"400: the message {SUBJECT!r} of {SENDER} says {BODY!r}"
    told = {"subject": SUBJECT, "sender": SENDER, "message": quoting}
    await home.engine.report(POLICY, mailbox(), failed_item(**told), failed_item("item-2", code="x", **told))
    await home.alert("2 sync failures", LENA, count=2)
    await _look_around(home, LENA)


def _is_private(home: House, call: RecordedCall) -> bool:
    """Whether only one person who may see subjects gets to read it."""
    if call.method.startswith("views."):
        return True
    is_ephemeral = call.args.get("response_type") == "ephemeral" or call.method == "chat.postEphemeral"
    return is_ephemeral and not _is_to_vera(home, call)


def _is_to_vera(home: House, call: RecordedCall) -> bool:
    hers = {m.text for channel in (GENERAL, ALERTS) for m in home.slack.world.messages(channel, VERA.id)}
    everybodys = {
        m.text for channel in (GENERAL, ALERTS) for m in home.slack.world.messages(channel, OMAR.id)
    }
    return call.args.get("text") in hers - everybodys


def _text_of(connection: Connection, table: Table) -> str:
    return str(connection.execute(select(table)).all())


def _marks(what: object) -> set[str]:
    text = what if isinstance(what, str) else json.dumps(what, default=str)
    return {mark for mark in MARKS if mark.casefold() in text.casefold()}


async def _metrics(home: House) -> str:
    async with aiohttp.ClientSession() as http, http.get(f"{home.bot_url}/metrics") as answer:
        assert answer.status == 200
        text = await answer.text()
    assert "syncbot_" in text
    return text


async def _audit(firm: Firm) -> str:
    lines = await firm.world.database.read(lambda c: c.execute(select(audit.c.message, audit.c.event)).all())
    assert lines
    return str(lines)
