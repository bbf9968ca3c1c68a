"""SQLite as we use it: one writer that begins IMMEDIATE, readers that cannot write, a log that survives."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import SQLITE_BUSY, OperationalError
from sqlite3 import Connection as SqliteConnection
from time import monotonic, sleep

from sqlalchemy import URL, Connection, Engine, create_engine, event

_BUSY_TIMEOUT = "PRAGMA busy_timeout = 30000"
"""In milliseconds. Another process, such as the command line, may hold the write lock."""

_WRITER = (
    _BUSY_TIMEOUT,
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)
_PATIENCE_SECONDS, _PAUSE_SECONDS = 30, 0.01
_READER = (_BUSY_TIMEOUT, "PRAGMA query_only = ON")


def engines(url: URL, readers: int) -> tuple[Engine, Engine]:
    """The writer's and the readers' engine.

    A transaction that reads before it writes would lose updates under SQLite's default, which locks at the
    first write: the writer locks at BEGIN.
    """
    writer = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=3600, hide_parameters=True)
    reader = create_engine(url, pool_size=readers, max_overflow=0, pool_timeout=3600, hide_parameters=True)
    return _prepared(writer, _WRITER, "BEGIN IMMEDIATE"), _prepared(reader, _READER, "BEGIN")


@contextmanager
def without_references(writer: Engine) -> Iterator[None]:
    """A table is changed by dropping it for a copy, which must take nothing with it that refers to it.

    Can only be set between transactions: https://www.sqlite.org/lang_altertable.html#otheralter
    """
    _set(writer, "PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        _set(writer, "PRAGMA foreign_keys = ON")


def _set(writer: Engine, pragma: str) -> None:
    """The writer has a single connection."""
    with writer.connect() as connection:
        connection.connection.cursor().execute(pragma)


def _prepared(engine: Engine, pragmas: tuple[str, ...], begin: str) -> Engine:
    def connected(connection: SqliteConnection, _record: object) -> None:
        connection.isolation_level = None  # Python must not begin transactions of its own
        for pragma in pragmas:
            _told(connection, pragma)

    def began(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)
    return engine


def _told(connection: SqliteConnection, pragma: str) -> None:
    """Of two that begin the log of a new file at once, one is refused without waiting, since each holds what
    the other waits for: https://www.sqlite.org/c3ref/busy_handler.html
    """
    patience_ends = monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            connection.execute(pragma)
        except OperationalError as error:
            if error.sqlite_errorcode != SQLITE_BUSY or monotonic() > patience_ends:
                raise
            sleep(_PAUSE_SECONDS)
        else:
            return
