"""A store with one policy and one mailbox."""

import pytest

from bot.store import Database
from tests.integration.store.journal_words import Office
from tests.integration.store.words import Store, mailbox, policy


@pytest.fixture
async def store(database: Database) -> Store:
    """One policy (gold, hourly) and one mailbox (m1) under it."""
    opened = Store(database)
    await opened.record(policy(), mailbox())
    return opened


@pytest.fixture
async def office(store: Store) -> Office:
    """The same mailbox, due now, synced by the built-in engine."""
    opened = Office(store)
    await opened.employ()
    return opened
