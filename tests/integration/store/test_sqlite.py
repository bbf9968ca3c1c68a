"""SQLite as the bot opens it."""

import importlib.util
from pathlib import Path

from sqlalchemy import make_url


def test_a_commit_on_sqlite_waits_for_the_disk(tmp_path: Path) -> None:
    """As the module is shipped: the tests' own databases do not wait."""
    spec = importlib.util.find_spec("bot.store.sqlite")
    assert spec
    assert spec.loader
    shipped = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shipped)
    writer, reader = shipped.engines(make_url(f"sqlite:///{tmp_path}/own.db"), 1)
    with writer.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
    writer.dispose()
    reader.dispose()
