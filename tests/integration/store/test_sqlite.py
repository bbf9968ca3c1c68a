"""SQLite as the bot opens it."""

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from types import ModuleType

import pytest
from sqlalchemy import make_url

OPENING, ROUNDS = 4, 200


@pytest.fixture
def shipped() -> ModuleType:
    """The module as it is shipped: the tests' own databases do not wait for the disk."""
    spec = importlib.util.find_spec("bot.store.sqlite")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_commit_on_sqlite_waits_for_the_disk(shipped: ModuleType, tmp_path: Path) -> None:
    writer, reader = shipped.engines(make_url(f"sqlite:///{tmp_path}/own.db"), 1)
    with writer.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
    writer.dispose()
    reader.dispose()


def test_all_who_open_a_new_file_at_once_may(shipped: ModuleType, tmp_path: Path) -> None:
    """Each begins its log; SQLite refuses some of them at once, however long they would wait."""
    barrier = Barrier(OPENING)

    def opened(path: Path) -> str:
        writer, reader = shipped.engines(make_url(f"sqlite:///{path}"), 1)
        barrier.wait()
        connection = writer.raw_connection()
        mode: str = connection.cursor().execute("PRAGMA journal_mode").fetchone()[0]
        connection.close()
        writer.dispose()
        reader.dispose()
        return mode

    with ThreadPoolExecutor(OPENING) as threads:
        for n in range(ROUNDS):
            assert set(threads.map(opened, [tmp_path / f"{n}.db"] * OPENING)) == {"wal"}
