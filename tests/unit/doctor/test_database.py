"""The database is looked at, and neither made nor changed."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.doctor.course import examined
from bot.doctor.database import DatabaseCheckup
from bot.doctor.findings import State
from tests.unit.doctor.company import Findings


async def found(url: str) -> Findings:
    return Findings(list(await examined(DatabaseCheckup(url).course)))


def file_of(url: str) -> Path:
    return Path(make_url(url).database or "")


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def execute(url: str, statement: str) -> None:
    with sqlite3.connect(file_of(url)) as connection:
        connection.execute(statement)
    connection.close()


async def test_a_migrated_database_is_fine(database_url: str) -> None:
    assert (await found(database_url)).wrong == []


async def test_looking_at_a_file_changes_not_a_byte_of_it(sqlite_url: str) -> None:
    before = file_of(sqlite_url).read_bytes()
    await found(sqlite_url)
    assert file_of(sqlite_url).read_bytes() == before


async def test_a_file_that_is_missing_is_not_made(tmp_path: Path) -> None:
    told = (await found(f"sqlite:///{tmp_path / 'new.db'}")).told("Database", "reachable")
    assert told.startswith("wrong\nThere is no file")
    assert "syncbot migrate" in told
    assert files_in(tmp_path) == []


async def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    findings = await found(f"sqlite:///{tmp_path / 'none' / 'new.db'}")
    assert "none, does not exist" in findings.told("Database", "reachable")


async def test_a_file_of_something_else_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "other.db").write_text("This is a letter, and no database at all.\n" * 40, encoding="utf-8")
    findings = await found(f"sqlite:///{tmp_path / 'other.db'}")
    assert "file is not a database" in findings.told("Database", "reachable")


async def test_a_url_of_another_kind_is_refused() -> None:
    findings = await found("mysql://ana:a-password@db.example/sync")
    assert "does not work with mysql" in findings.told("Database", "reachable")
    assert "a-password" not in findings.text


async def test_an_empty_database_is_to_be_migrated(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    execute(url, "PRAGMA user_version = 1")
    findings = await found(url)
    assert "It has no tables." in findings.told("Database", "migrated")
    assert findings.state("Database", "writable") is State.SKIPPED


async def test_an_older_database_is_to_be_migrated(sqlite_url: str) -> None:
    execute(sqlite_url, "UPDATE alembic_version SET version_num = '0001'")
    told = (await found(sqlite_url)).told("Database", "migrated")
    assert told.startswith("wrong\nIts tables are of revision 0001, not ")
    assert "syncbot migrate" in told


async def test_a_newer_database_needs_the_newer_version(sqlite_url: str) -> None:
    execute(sqlite_url, "UPDATE alembic_version SET version_num = '9999'")
    told = (await found(sqlite_url)).told("Database", "migrated")
    assert "9999, which a newer version of syncbot made" in told


async def test_another_journal_mode_than_wal_is_wrong(sqlite_url: str) -> None:
    execute(sqlite_url, "PRAGMA journal_mode = DELETE")
    findings = await found(sqlite_url)
    assert "The journal mode is delete, not wal." in findings.told("Database", "journal")
    assert findings.wrong == [("Database", "journal")]


async def test_a_database_that_cannot_be_written_is_wrong(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs the tests may be root, whom no file's mode stops."""
    monkeypatch.setattr("bot.doctor.database._MODE", "ro")
    findings = await found(sqlite_url)
    assert "attempt to write a readonly database" in findings.told("Database", "writable")
    assert findings.wrong == [("Database", "writable")]


@pytest.mark.parametrize(
    ("free", "told"),
    [
        (90 * 1024**2, "wrong\n0.1 GiB are free"),
        (500 * 1024**2, "fine\n0.5 GiB are free"),
        (5 * 1024**3, "fine\n5.0 GiB are free"),
    ],
)
async def test_a_disk_that_is_nearly_full_is_told(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, free: int, told: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": free}))
    space = (await found(sqlite_url)).told("Database", "disk space")
    assert space.startswith(told)
    assert ("That is little." in space) == (free == 500 * 1024**2)


async def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    findings = await found("postgresql://ana:a-password@127.0.0.1:1/sync")
    told = findings.told("Database", "reachable")
    assert told.startswith("wrong\npostgresql+psycopg://ana:***@127.0.0.1:1/sync cannot be used: ")
    assert "SYNCBOT_DATABASE_URL" in told
    assert "a-password" not in findings.text


@pytest.mark.slow
async def test_the_version_of_postgresql_is_told(postgres_url: str) -> None:
    assert (await found(postgres_url)).told("Database", "version").startswith("fine\nPostgreSQL 1")
