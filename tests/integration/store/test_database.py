"""The database underneath: no lost update, no naive time, tables that match their migrations."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, DateTime, create_engine, insert, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError

from bot.domain.finding import terms
from bot.domain.values import Severity
from bot.errors import BadSettings
from bot.store import Database, SqlAudit
from bot.store.columns import UtcTime
from bot.store.migrating import configured, newest
from bot.store.tables import audit, mailbox_term, metadata, run, watch
from tests.integration.store.words import Store, at

THREADS, TIMES = 16, 25
_SQLITE = sqlite.dialect()


def test_no_update_of_many_threads_is_lost(database: Database) -> None:
    """SQLite's default loses nearly all of them, silently: a transaction that reads first must lock first."""
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE tally (n INTEGER)"))
        connection.execute(text("INSERT INTO tally VALUES (0)"))

    def add_one(_: int) -> None:
        with database.writing() as connection:
            lock = "" if database.is_sqlite else " FOR UPDATE"
            found = connection.execute(text(f"SELECT n FROM tally{lock}")).scalar_one()
            connection.execute(text("UPDATE tally SET n = :n"), {"n": found + 1})

    try:
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(add_one, range(THREADS * TIMES)))
        with database.reading() as connection:
            assert connection.execute(text("SELECT n FROM tally")).scalar_one() == THREADS * TIMES
    finally:
        with database.writing() as connection:
            connection.execute(text("DROP TABLE tally"))


async def test_a_reader_sees_what_was_committed_while_another_writes(database: Database) -> None:
    writing, seen = threading.Event(), threading.Event()

    def write(connection: Connection) -> None:
        _line(connection, at(0))
        writing.set()
        assert seen.wait(10)

    def count(connection: Connection) -> int:
        assert writing.wait(10)
        return len(connection.execute(select(audit.c.id)).all())

    writer = asyncio.create_task(database.write(write))
    assert await database.read(count) == 0
    seen.set()
    await writer
    assert await database.read(count) == 1


async def test_what_fails_leaves_nothing_behind(database: Database) -> None:
    def fail(connection: Connection) -> None:
        _line(connection, at(0))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(fail)
    assert await database.read(lambda c: c.execute(select(audit.c.id)).all()) == []


async def test_what_a_database_refuses_is_not_repeated_in_the_error(database: Database) -> None:
    """The error goes into the log, where nobody's subjects may stand."""
    insertion = text("INSERT INTO nowhere VALUES (:subject)")
    with pytest.raises(DBAPIError) as refused:
        await database.write(lambda c: c.execute(insertion, {"subject": "Secret subject"}))
    assert "Secret subject" not in str(refused.value)


async def test_sqlite_readers_cannot_write(sqlite_url: str) -> None:
    opened = Database(sqlite_url)
    try:
        with pytest.raises(OperationalError, match="readonly"):
            await opened.read(_line, at(0))
    finally:
        await opened.close()


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    given = datetime(2026, 3, 2, 12, 30, 0, 123456, tzinfo=east)
    with database.writing() as connection:
        _line(connection, given)
        (stored,) = connection.execute(select(audit.c.at)).scalars()
    assert (stored, stored.tzinfo) == (given, UTC)


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.timezones()))  # noqa: DTZ001 - bounds
def test_times_are_written_as_sqlalchemy_itself_writes_them(moment: datetime) -> None:
    own, its = (kind.dialect_impl(_SQLITE).bind_processor(_SQLITE) for kind in (UtcTime(), DateTime()))
    assert own is not None
    assert its is not None
    assert own(moment) == its(moment.astimezone(UTC).replace(tzinfo=None))


def test_a_naive_time_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"), database.writing() as connection:
        _line(connection, datetime(2026, 3, 2))  # noqa: DTZ001 - the trap itself


def test_times_compare_as_times(database: Database) -> None:
    """Also with and without a fraction of a second, which SQLite compares as text."""
    moments = [at(0), at(0) + timedelta(microseconds=1), at(0) + timedelta(seconds=1)]
    with database.writing() as connection:
        for moment in moments:
            _line(connection, moment)
        later = connection.execute(
            select(audit.c.at).where(audit.c.at > at(0)).order_by(audit.c.at)
        ).scalars()
        assert list(later) == moments[1:]


async def test_people_s_text_is_cut_instead_of_refused(database: Database) -> None:
    message = "a\0b\ud800" + "x" * 5000
    await SqlAudit(database).write(
        at=at(0), actor="U1", severity=Severity.WARNING, event="retry", message=message
    )
    stored = await database.read(lambda c: c.execute(select(audit.c.message)).scalar_one())
    assert (stored[:3], len(stored)) == ("ab?", 4000)


def test_migrations_make_exactly_the_tables(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_every_index_of_the_tables_is_made_as_it_is_declared(database: Database) -> None:
    """Alembic does not compare what partial indexes leave out: compare what the database says of them."""
    made = _indexes(database)
    with database.writing() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == _newest(connection) == newest()
        for table in metadata.tables.values():
            for index in table.indexes:
                index.drop(connection)
                index.create(connection)
    assert _indexes(database) == made


async def test_migrating_twice_or_at_the_same_time_is_harmless(empty_url: str) -> None:
    replicas = [Database(empty_url) for _ in range(4)]
    try:
        await asyncio.gather(*(replica.migrate() for replica in replicas))
        await replicas[0].migrate()
        with replicas[0].reading() as connection:
            assert MigrationContext.configure(connection).get_current_revision() == _newest(connection)
    finally:
        await asyncio.gather(*(replica.close() for replica in replicas))


async def test_alerts_and_what_refers_to_them_survive_the_copy_of_their_table(empty_url: str) -> None:
    """SQLite changes a column by dropping the table for a copy, which would take what refers to it along."""
    opened = Database(empty_url)
    try:
        await opened.write(_migrate_to, "0005")
        await opened.write(_fill)
        await opened.migrate()
        rows = await opened.read(lambda c: [c.execute(text(query)).scalar_one() for query in _FILLED])
        assert rows == ["mailbox", "C1", 1]
        with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
            await opened.write(lambda c: c.execute(text("UPDATE alert_message SET alert_id = 99")))
    finally:
        await opened.close()


async def test_a_database_of_a_newer_version_is_refused(sqlite_url: str) -> None:
    opened = Database(sqlite_url)
    try:
        with opened.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(BadSettings, match="newer version"):
            await opened.migrate()
    finally:
        await opened.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "cannot be read"),
        ("syncbot.db", "cannot be read"),
        ("mysql://localhost/syncbot", "does not work with mysql"),
        ("postgresql+asyncpg://localhost/syncbot", "does not work with"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:////nowhere/at/all/syncbot.db", "/nowhere/at/all, does not exist"),
    ],
)
def test_an_unusable_url_is_explained(url: str, says: str) -> None:
    with pytest.raises(BadSettings, match=says):
        Database(url)


async def test_an_unreachable_server_is_explained_without_the_password(tmp_path: Path) -> None:
    opened = Database(f"postgresql://ann:secret@/syncbot?host={tmp_path}")
    try:
        with pytest.raises(BadSettings, match="cannot be used") as refused:
            await opened.migrate()
        assert "secret" not in str(refused.value)
    finally:
        await opened.close()


async def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no database " * 100)
    opened = Database(f"sqlite:///{path}")
    try:
        with pytest.raises(BadSettings, match="not a database"):
            await opened.migrate()
    finally:
        await opened.close()


async def test_what_is_pending_ends_before_the_database_closes(sqlite_url: str) -> None:
    opened = Database(sqlite_url)
    pending = [asyncio.create_task(opened.write(_line, at(n))) for n in range(20)]
    await asyncio.sleep(0)
    await opened.close()
    await asyncio.gather(*pending)
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        assert len(connection.execute(select(audit.c.id)).all()) == 20
    engine.dispose()


async def test_rows_of_a_mailbox_that_is_not_there_are_refused(store: Store) -> None:
    row = {"target": "V1", "kind": "view", "user": "U1", "ref": {}, "mailbox_id": 10**6}
    row |= {"shown_version": 0, "uses_left": 1, "expires_at": at(1)}
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await store.database.write(lambda c: c.execute(insert(watch), row))


def test_mailboxes_of_an_older_version_are_found_after_the_update(empty_url: str) -> None:
    engine = create_engine(empty_url)
    pairs = [("ada@old.example", "ada.king@new.example"), ("", ""), ("room", "jo@new.example")]
    with engine.begin() as connection:
        _migrate_to(connection, "0010")
        connection.execute(text(_FILL[0]))
        for number, (source, destination) in enumerate(pairs):
            made = _FILL[1].replace("'m1', '', ''", f"'m{number}', '{source}', '{destination}'")
            connection.execute(text(made))
        _migrate_to(connection, "head")
        kept = connection.execute(select(mailbox_term.c.mailbox_id, mailbox_term.c.term)).all()
    engine.dispose()
    assert set(map(tuple, kept)) == {(of, term) for of, pair in enumerate(pairs, 1) for term in terms(*pair)}


def test_runs_of_an_older_version_say_after_the_update_how_they_came_out(empty_url: str) -> None:
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        _migrate_to(connection, "0014")
        for statement in _FILL[:2]:
            connection.execute(text(statement))
        for key, status, failed in _RUNS:
            connection.execute(text(_RUN), {"key": key, "status": status})
            connection.execute(text(_RUN_SERVICE), {"key": key, "failed": failed})
        _migrate_to(connection, "head")
        kept = connection.execute(select(run.c.key, run.c.outcome)).all()
    engine.dispose()
    assert {key: outcome.value for key, outcome in kept} == {key: key for key, _, _ in _RUNS}


_RUNS = (
    ("failed", "failed", 1),
    ("partial", "succeeded", 2),
    ("synced", "succeeded", 0),
    ("running", "running", 3),
)
_RUN = (
    "INSERT INTO run (mailbox_id, key, kind, trigger, actor, status, started_at, finished_at, start_seen,"
    " presumed, counted, changes) VALUES (1, :key, 'delta', 'schedule', '', CAST(:status AS VARCHAR(20)),"
    " '2026-03-02', CASE WHEN :status <> 'running' THEN CAST('2026-03-02' AS TIMESTAMP) END, TRUE, FALSE,"
    " TRUE, 0)"
)
_RUN_SERVICE = (
    "INSERT INTO run_service (run_id, service, changes, bytes, failed)"
    " SELECT id, 'email', 0, 0, :failed FROM run WHERE key = :key"
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


_FILLED = (
    "SELECT kind FROM alert WHERE id = 1",
    "SELECT channel FROM alert_message WHERE alert_id = 1",
    "SELECT alert_id FROM failure",
)
_FILL = (
    (
        "INSERT INTO policy (key, name, description, active, services, every, unit, deletion_delay_days,"
        " updated_at) VALUES ('gold', '', '', TRUE, '[]', 1, 'hours', 0, '2026-03-02')"
    ),
    (
        "INSERT INTO mailbox (key, source, destination, policy_id, policy_since, next_sync_known_at,"
        " updated_at, created_at, version, open_failures, initial_done, bytes)"
        " VALUES ('m1', '', '', 1, '2026-03-02', '2026-03-02', '2026-03-02', '2026-03-02', 1, 1, TRUE, 0)"
    ),
    "INSERT INTO alert (mailbox_id, opened_at, version, dirty) VALUES (1, '2026-03-02', 1, TRUE)",
    "INSERT INTO alert_message (alert_id, channel, shown_version, attempts) VALUES (1, 'C1', 0, 0)",
    (
        "INSERT INTO failure (mailbox_id, alert_id, service, item, code, message, attempts,"
        " run_attempts, first_at, last_at, state, returns, failed_retries)"
        " VALUES (1, 1, '', '', '', '', 1, 1, '2026-03-02', '2026-03-02', 'open', 0, 0)"
    ),
)


def _fill(connection: Connection) -> None:
    for statement in _FILL:
        connection.execute(text(statement))


def _migrate_to(connection: Connection, revision: str) -> None:
    with as_file(files("bot.store") / "migrations") as revisions:
        command.upgrade(configured(connection, revisions), revision)


def _newest(connection: Connection) -> str | None:
    with as_file(files("bot.store") / "migrations") as revisions:
        return ScriptDirectory.from_config(configured(connection, revisions)).get_current_head()


def _line(connection: Connection, when: datetime) -> None:
    row = {"at": when, "actor": "U1", "severity": Severity.WARNING, "event": "test", "message": ""}
    connection.execute(insert(audit), row)


def _indexes(database: Database) -> set[str]:
    query = "SELECT sql AS of FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    if not database.is_sqlite:
        query = "SELECT indexdef AS of FROM pg_indexes WHERE schemaname = 'public'"
    with database.reading() as connection:
        return {str(row.of).replace('"', "") for row in connection.execute(text(query))}
