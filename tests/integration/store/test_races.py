"""What another replica commits between two statements of ours, as PostgreSQL lets it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot.domain.events import Event
from bot.store import Database
from bot.store.recording import record
from tests.integration.store.words import Store, at, item_failed, item_synced

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


async def test_an_overview_is_true_though_a_mailbox_heals_while_it_is_read(store: Store) -> None:
    await store.record(item_failed(1))
    with once_after(store.database, "mailbox.open_failures DESC", recording(store, item_synced(2))):
        overview = await store.details.overview(at(2), failing=5)
    assert [(one.open_failures, one.code) for one in overview.failing] == [(1, "dest_too_large")]
