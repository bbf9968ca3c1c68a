"""What another replica commits between two statements of ours, as PostgreSQL lets it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from bot.domain.events import Event
from bot.ports.delivery import Shown, Told
from bot.store import Database
from bot.store.recording import record
from tests.integration.store.words import Store, at, item_failed, item_synced

BARRIER = 1234567
PAUSE = f"""
    CREATE OR REPLACE FUNCTION pause() RETURNS boolean LANGUAGE plpgsql VOLATILE AS
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared({BARRIER}); RETURN true; END $$
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """SQLite lets nobody write between two statements of a transaction."""
    return postgres_url


@contextmanager
def once_after(database: Database, words: str, happens: Callable[[], None]) -> Iterator[None]:
    """Let something happen right after the first statement that holds these words."""
    waiting = [happens]

    def executed(_connection: Connection, _cursor: object, statement: str, *_more: Any) -> None:
        if words in statement and waiting:
            waiting.pop()()

    with database.writing() as connection:
        engine = connection.engine
    event.listen(engine, "after_cursor_execute", executed)
    yield
    event.remove(engine, "after_cursor_execute", executed)
    assert not waiting


def recording(store: Store, *events: Event) -> Callable[[], None]:
    def happens() -> None:
        with store.database.writing() as connection:
            record(connection, store.envelopes(events), at(1))

    return happens


async def test_an_alert_that_opens_while_a_sweep_begins_is_posted_by_the_next(store: Store) -> None:
    await store.wanted_by("C1")
    with once_after(store.database, "SELECT alert.id", recording(store, item_failed(1))):
        assert await store.due(1) == ()
    assert [delivery.channel for delivery in await store.due(2)] == ["C1"]


@contextmanager
def while_it_chooses(database: Database, words: str, happens: Callable[[], None]) -> Iterator[None]:
    """Let something happen when the statement with these words has its snapshot, and no row yet."""
    with database.writing() as connection:
        engine = connection.engine
        connection.execute(text(PAUSE))

    def slowed(_c: object, _cursor: object, statement: str, parameters: object, *_more: object) -> Any:
        return statement.replace(words, f"pause() AND {words}", 1), parameters

    def meanwhile() -> None:
        until_someone_waits(barrier)
        happens()
        barrier.execute(text("SELECT pg_advisory_unlock_all()"))

    with engine.connect() as barrier, ThreadPoolExecutor(1) as threads:
        barrier.execute(text(f"SELECT pg_advisory_lock({BARRIER})"))
        event.listen(engine, "before_cursor_execute", slowed, retval=True)
        done = threads.submit(meanwhile)
        yield
        event.remove(engine, "before_cursor_execute", slowed)
        done.result()


def until_someone_waits(barrier: Connection) -> None:
    waiting = text(
        f"SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND objid = {BARRIER}"
    )
    deadline = monotonic() + 10
    while barrier.execute(waiting).first() is None:
        assert monotonic() < deadline, "no statement came by"


async def test_what_changes_while_a_sweep_settles_is_not_taken_for_shown(store: Store) -> None:
    await store.wanted_by("C1")
    await store.record(item_failed(1))
    (delivery,) = await store.due(2)
    shown = Shown("1.1", "digest", Told(1, at(2)), sent=True)
    await store.alert_messages.shown(delivery, shown, at(2))
    with while_it_chooses(store.database, "alert.dirty AND (", recording(store, item_synced(3))):
        (healed,) = await store.due(4)
    assert healed.card.cleared_at == at(3)


async def test_an_overview_is_true_though_a_mailbox_heals_while_it_is_read(store: Store) -> None:
    await store.record(item_failed(1))
    with once_after(store.database, "mailbox.open_failures DESC", recording(store, item_synced(2))):
        overview = await store.details.overview(at(2), failing=5)
    assert [(one.open_failures, one.code) for one in overview.failing] == [(1, "dest_too_large")]
