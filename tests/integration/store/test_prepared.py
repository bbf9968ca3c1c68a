"""What a prepared statement stores, beside what SQLAlchemy stores with the same one."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Table, bindparam, insert, select, update

from bot.domain.mail import ItemState
from bot.store import Database
from bot.store.columns import Clipped, UtcTime, Word
from bot.store.prepared import Prepared

_TABLE = Table(
    "prepared",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("text", Clipped(5)),
    Column("state", Word(ItemState)),
    Column("at", UtcTime),
)
_ROWS = [
    {"id": 1, "text": "too long", "at": datetime(2026, 3, 2, 8, tzinfo=UTC)},
    {"id": 2, "text": "n\0l", "at": datetime(2026, 3, 2, 8, tzinfo=timezone(timedelta(hours=2)))},
    {"id": 3, "text": "\udce9", "at": None},
]
_INSERT = insert(_TABLE).values(state=ItemState.NEW)
_UPDATE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("b_id"), _TABLE.c.state == bindparam("b_state"))
    .values(state=ItemState.DONE, text=bindparam("b_text"), at=None)
)
_CHANGES = [
    {"b_id": 1, "b_state": ItemState.NEW, "b_text": "50 %s"},
    {"b_id": 2, "b_state": ItemState.GONE, "b_text": "other"},
    {"b_id": 3, "b_state": ItemState.NEW, "b_text": None},
]


async def test_a_prepared_statement_stores_what_the_statement_stores(database: Database) -> None:
    assert await database.write(_prepared) == await database.write(_plain)


async def test_a_prepared_statement_says_how_many_rows_it_changed(database: Database) -> None:
    assert await database.write(_changed) == 2


def _prepared(connection: Connection) -> list[tuple[Any, ...]]:
    _TABLE.create(connection)
    Prepared(_INSERT, "id", "text", "at").run(connection, _ROWS)
    Prepared(_UPDATE).run(connection, _CHANGES)
    return _taken(connection)


def _plain(connection: Connection) -> list[tuple[Any, ...]]:
    _TABLE.create(connection)
    connection.execute(_INSERT, _ROWS)
    connection.execute(_UPDATE, _CHANGES)
    return _taken(connection)


def _changed(connection: Connection) -> int:
    _TABLE.create(connection)
    connection.execute(_INSERT, _ROWS)
    changed = Prepared(_UPDATE).run(connection, _CHANGES)
    _TABLE.drop(connection)
    return changed


def _taken(connection: Connection) -> list[tuple[Any, ...]]:
    rows = [tuple(row) for row in connection.execute(select(_TABLE).order_by(_TABLE.c.id))]
    _TABLE.drop(connection)
    return rows
