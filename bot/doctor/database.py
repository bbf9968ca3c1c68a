"""The database, by connections of its own: whoever looks must neither create nor migrate it."""

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from bot.config import PREFIX
from bot.doctor.course import Check, Course
from bot.doctor.findings import Verdict, fine, wrong
from bot.store.addressing import parsed
from bot.store.migrating import configured

_SECONDS: Final = 10
_MODE: Final = "rw"
"""SQLite would create a file that is missing."""

_LITTLE, _TOO_LITTLE = 1024**3, 100 * 1024**2
"""Bytes of disk space."""

_TOUCH: Final = "UPDATE alembic_version SET version_num = version_num"
"""Rolled back. It needs the right to write, and the disk."""

_MIGRATE: Final = "Run `syncbot migrate`; `syncbot run` does it by itself."


@dataclass(frozen=True, slots=True)
class DatabaseCheckup:
    """`text` is the setting."""

    text: str

    @property
    def course(self) -> Course:
        own = (
            (
                Check("journal", self._in_thread(_journal)),
                Check("disk space", lambda: asyncio.to_thread(_space, self.text)),
            )
            if self.text.startswith("sqlite")
            else (Check("version", self._in_thread(_version)),)
        )
        checks = (
            Check("reachable", self._in_thread(_reachable), is_ground=True),
            *own,
            Check("migrated", self._in_thread(_migrated), is_ground=True),
            Check("writable", self._in_thread(_writable)),
        )
        return Course("Database", checks)

    def _in_thread(self, query: Callable[[Connection], Verdict]) -> Callable[[], Awaitable[Verdict]]:
        return lambda: asyncio.to_thread(_asked, self.text, query)


def _space(text: str) -> Verdict:
    folder = Path(parsed(text).database or "").absolute().parent
    free = shutil.disk_usage(folder).free
    told = f"{free / 1024**3:,.1f} GiB are free in {folder}."
    if free < _TOO_LITTLE:
        return wrong(told, "Free some space: without it nothing can be recorded.")
    return fine(told, *(("That is little.",) if free < _LITTLE else ()))


def _asked(text: str, query: Callable[[Connection], Verdict]) -> Verdict:
    url = parsed(text)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return wrong(f"There is no file {url.database} yet.", _MIGRATE)
    try:
        with _connected(url) as connection:
            return query(connection)
    except DBAPIError as error:
        where = url.render_as_string(hide_password=True)
        first = str(error.orig).strip().partition("\n")[0]
        return wrong(
            f"{where} cannot be used: {first}.", f"Check {PREFIX}DATABASE_URL and the server or file."
        )


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    """Whatever is done is rolled back."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, **_how(url))
    try:
        with engine.connect() as connection:
            if not _is_sqlite(connection):
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{_SECONDS}s'")
            yield connection
            connection.rollback()
    finally:
        engine.dispose()


def _how(url: URL) -> dict[str, Any]:
    if url.get_backend_name() != "sqlite":
        return {"connect_args": {"connect_timeout": _SECONDS}}
    file = f"{Path(url.database or '').absolute().as_uri()}?mode={_MODE}"
    return {"creator": partial(sqlite3.connect, file, uri=True, timeout=_SECONDS, isolation_level=None)}


def _reachable(connection: Connection) -> Verdict:
    connection.exec_driver_sql("SELECT count(*) FROM sqlite_master" if _is_sqlite(connection) else "SELECT 1")
    return fine(f"{connection.engine.url.render_as_string(hide_password=True)} answers.")


def _migrated(connection: Connection) -> Verdict:
    with as_file(files("bot.store") / "migrations") as revisions:
        script = ScriptDirectory.from_config(configured(connection, revisions))
        newest, here = (
            script.get_current_head(),
            MigrationContext.configure(connection).get_current_revision(),
        )
        if here == newest:
            return fine(f"Its tables are of revision {here}, the newest.")
        try:
            script.get_revision(here or "base")
        except CommandError:
            return wrong(
                f"Its tables are of revision {here}, which a newer version of syncbot made.",
                "Install that version, or restore a backup.",
            )
    return wrong(
        f"Its tables are of revision {here}, not {newest}." if here else "It has no tables.", _MIGRATE
    )


def _writable(connection: Connection) -> Verdict:
    if _is_sqlite(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    connection.exec_driver_sql(_TOUCH)
    return fine("A row was written and rolled back.")


def _journal(connection: Connection) -> Verdict:
    """https://sqlite.org/wal.html : it does not work over a network filesystem."""
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    if mode == "wal":
        return fine("The journal mode is wal.")
    return wrong(
        f"The journal mode is {mode}, not wal.",
        "Put the file on a local disk, since wal does not work over a network, and run `syncbot migrate`.",
    )


def _version(connection: Connection) -> Verdict:
    return fine(f"PostgreSQL {connection.exec_driver_sql('SHOW server_version').scalar_one()}.")


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"
