"""Which tests run, in which order; and databases: each test gets an empty one, on SQLite or PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.store import Database
from bot.store.tables import metadata
from tests import disks, once, order
from tests.postgres import created, execute, migrate, started_server

settings.register_profile("syncbot", deadline=None)  # a busy machine is no fault of ours
settings.load_profile("syncbot")
settings.register_profile("quick", deadline=None, max_examples=20)
once.statements()
once.private_keys()
once.command_line()
once.plain_tracebacks()
disks.do_not_wait()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return order.is_left_out(collection_path, config) or None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Mark before pytest chooses by marks; deal after it has put them in order."""
    order.mark_slow(items)
    yield
    if worker := getattr(config, "workerinput", None):
        items[:] = order.dealt(items, worker["workercount"])


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The URL of a server that all test processes share; the last one to end stops it."""
    try:
        server = started_server()
    except Exception as error:  # whatever keeps it from starting, the reason is what matters
        if os.environ.get("CI"):
            raise
        pytest.skip(f"PostgreSQL does not start here: {error!r}")
    return server


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_server: str) -> Iterator[str]:
    """One database with all tables for all tests of this process: creating one takes half a second."""
    execute(postgres_server, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    with created(postgres_server) as url:
        migrate(url)
        yield url


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """A database of its own, without any table."""
    with created(postgres_server) as url:
        yield url


@pytest.fixture
def postgres_url(migrated_postgres_url: str) -> str:
    """A database with all tables and no rows."""
    names = [table.name for table in reversed(metadata.sorted_tables)]
    execute(migrated_postgres_url, "; ".join(f'DELETE FROM "{name}"' for name in names))
    return migrated_postgres_url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "syncbot.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database of its own, with all tables and no rows."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'syncbot.db')}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest) -> str:
    chosen = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(chosen)
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close_now()
