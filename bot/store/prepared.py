"""Statements that are run for many rows at a time, compiled once for each kind of database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, UpdateBase

Values = Mapping[str, Any]
Take = Callable[[Values], Any]


class Prepared:
    """An INSERT, UPDATE or DELETE, each of whose parameters is given for every row, or for good.

    SQLAlchemy works out for every row anew what it has to bind and how, which takes longer than SQLite needs
    to change the row. `columns`: of an INSERT, those that every row has.
    """

    def __init__(self, statement: UpdateBase, *columns: str) -> None:
        self._statement = statement
        self._columns = columns or None
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, rows: Sequence[Values]) -> int:
        """How many rows were changed in all. There must be some."""
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name) or self._compiled.setdefault(
            dialect.name, _compiled(self._statement, self._columns, dialect)
        )
        return connection.exec_driver_sql(compiled.text, compiled.bound(rows)).rowcount


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`parameters` come in the order of the text, or have names there."""

    text: str
    parameters: tuple[tuple[str, Take], ...]
    has_names: bool

    def bound(self, rows: Sequence[Values]) -> list[Any]:
        if self.has_names:
            return [{name: take(row) for name, take in self.parameters} for row in rows]
        takes = [take for _, take in self.parameters]
        return [tuple([take(row) for take in takes]) for row in rows]


def _compiled(statement: UpdateBase, columns: tuple[str, ...] | None, dialect: Dialect) -> _Compiled:
    done = statement.compile(dialect=dialect, column_keys=columns, for_executemany=True)
    takes = {name: _take(name, bind, dialect) for bind, name in done.bind_names.items()}
    order = done.positiontup if done.positional else None
    return _Compiled(done.string, tuple((name, takes[name]) for name in order or takes), order is None)


def _take(name: str, bind: BindParameter[Any], dialect: Dialect) -> Take:
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if not bind.required:
        fixed = process(bind.value) if process else bind.value
        return lambda _: fixed
    return (lambda row: process(row[name])) if process else itemgetter(name)
