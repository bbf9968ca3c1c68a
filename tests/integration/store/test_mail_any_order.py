"""Whatever the order in which the pages of different folders are read, and however often: one journal.

A source tells the changes of one folder in order, but pages come again, and folders are read one after the
other, so that a message that moves is seen in two folders for a while, or in none.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.domain.events import Envelope, Event
from bot.domain.mail import MessagePage, SourceMessage
from bot.ports.journal import Entry
from bot.store import Database, mail_listing, mail_schedule, mail_steps, recording
from bot.store.mail_items import due
from tests.integration.store.journal_words import employ, imported, intents, message, messages
from tests.integration.store.words import at, mailbox, policy

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("SYNCBOT_EXAMPLES", "40"))
FOLDERS = ("a", "b", "c")
NAMES = ("m", "n")
_numbers = count()

moves = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from([*FOLDERS, *FOLDERS, None, "read", "flag"])),
    max_size=12,
)


@dataclass
class Source:
    """Where each message is; each folder's changes are told in order, some on one page."""

    places: dict[str, str] = field(default_factory=dict)
    flags: dict[str, dict[str, bool]] = field(default_factory=dict)
    changes: dict[str, list[tuple[str, SourceMessage | None]]] = field(default_factory=dict)
    versions: "count[int]" = field(default_factory=lambda: count(1))

    def play(self, name: str, action: str | None) -> None:
        flags = self.flags.setdefault(name, {"read": False, "flagged": False})
        place = self.places.get(name)
        if action in ("read", "flag"):
            flag = "read" if action == "read" else "flagged"
            flags[flag] = not flags[flag]
            self._tell(place, name)
        elif action != place:
            if place is not None:
                self.changes.setdefault(place, []).append((name, None))
            self.places[name] = action or ""
            if not action:
                del self.places[name]
            self._tell(action, name)

    def _tell(self, place: str | None, name: str) -> None:
        if place is not None:
            found = message(name, version=str(next(self.versions)), **self.flags[name])
            self.changes.setdefault(place, []).append((name, found))

    def pages(self, folder: str, size: int) -> list[MessagePage]:
        told = self.changes.get(folder, [])
        return [_page(told[start : start + size]) for start in range(0, len(told), size)]


def _page(told: Sequence[tuple[str, SourceMessage | None]]) -> MessagePage:
    """Like a source, a page tells the last that it knows of each message."""
    last = dict(told)
    removed = [name for name, found in last.items() if found is None]
    return messages(*(found for found in last.values() if found is not None), removed=removed, last=False)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    before=moves,
    after=moves,
    sizes=st.tuples(*[st.integers(1, 3)] * 3),
    chosen=st.data(),
    synced=st.booleans(),
)
def test_any_order_and_repetition_of_pages_ends_in_the_same_journal(
    database: Database,
    before: list[tuple[str, str | None]],
    after: list[tuple[str, str | None]],
    sizes: tuple[int, int, int],
    chosen: Any,
    *,
    synced: bool,
) -> None:
    source, journal = Source(), Reader(database)
    for action in before:
        source.play(*action)
    journal.read_all(source, (1, 1, 1), chosen)
    journal.check(source)
    if synced:
        journal.sync()
    for action in after:
        source.play(*action)
    journal.read_all(source, sizes, chosen)
    journal.check(source)


class Reader:
    """A mailbox of its own, whose folders are read in an order that is drawn."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.key = f"m{next(_numbers)}"
        self.told = dict.fromkeys(FOLDERS, 0)
        events: tuple[Event, ...] = (policy(), mailbox(key=self.key))
        with database.writing() as connection:
            envelopes = [Envelope(self.key, f"e{n}", event) for n, event in enumerate(events)]
            recording.record(connection, envelopes, at(0))
            employ(connection, 0, 30)
            lease = mail_schedule.Lease("A", at(10**6))
            candidates = mail_schedule.chosen(connection, at(0), 1)
            (self.work,) = mail_schedule.claim(connection, candidates, lease, at(0), 1)

    def read_all(self, source: Source, sizes: tuple[int, ...], chosen: Any) -> None:
        """Each folder's new pages in order, each perhaps again after it, turn by turn between folders."""
        waiting = {}
        for name, size in zip(FOLDERS, sizes, strict=True):
            told = source.changes.get(name, [])
            news = Source(changes={name: told[self.told[name] :]})
            waiting[name] = [
                page for page in news.pages(name, size) for _ in range(chosen.draw(st.integers(1, 2)))
            ]
            self.told[name] = len(told)
        while remaining := [name for name, pages in waiting.items() if pages]:
            folder = chosen.draw(st.sampled_from(remaining))
            self._do(mail_listing.save_messages, self.work, folder, waiting[folder].pop(0))

    def sync(self) -> None:
        with self.database.writing() as connection:
            found = due(connection, self.work.mailbox, at(0), after=0, limit=100, blocked=())
            wanted = [item for item in found if item.state == "new"]
            mail_steps.write(connection, (), intents(wanted))
            entry = Entry(self.work, tuple(imported(item) for item in wanted))
            mail_steps.write(connection, [entry])

    def check(self, source: Source) -> None:
        rows = self.query("SELECT * FROM mail_item WHERE mailbox_id = :m")
        there = {row["source_id"]: row for row in rows if not row["removed"]}
        assert {name: row["folder"] for name, row in there.items()} == source.places
        for name, row in there.items():
            flags = {"read": bool(row["is_read"]), "flagged": bool(row["is_flagged"])}
            assert flags == source.flags[name]
            assert row["state"] == _expected(row)
        assert {row["state"] for row in rows if row["removed"]} <= {"removed"}
        assert self.query("SELECT * FROM mail_sighting WHERE mailbox_id = :m") == []

    def query(self, query: str) -> list[dict[str, Any]]:
        with self.database.reading() as connection:
            found = connection.execute(text(query), {"m": self.work.mailbox}).mappings()
            return [dict(row) for row in found]

    def _do(self, command: Any, *args: Any) -> None:
        with self.database.writing() as connection:
            command(connection, *args)


def _expected(row: dict[str, Any]) -> str:
    if row["destination_id"] is None:
        return "new"
    shown = (row["shown_folder"], row["shown_read"], row["shown_flagged"])
    return "done" if shown == (row["folder"], row["is_read"], row["is_flagged"]) else "changed"
