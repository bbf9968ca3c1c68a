"""Statements that are run for many rows at a time, compiled once for each kind of database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, UpdateBase

Rows = Sequence[Mapping[str, Any]]
Column = Callable[[Rows], list[Any]]


class Prepared:
    """An INSERT, UPDATE or DELETE, each of whose parameters is given for every row, or for good.

    SQLAlchemy works out for every row anew what it has to bind and how, which takes longer than SQLite needs
    to change the row. `columns`: of an INSERT, those that every row has.
    """

    def __init__(self, statement: UpdateBase, *columns: str) -> None:
        self._statement = statement
        self._columns = columns or None
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, rows: Rows) -> int:
        """How many rows were changed in all. There must be some."""
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name) or self._compiled.setdefault(
            dialect.name, _compiled(self._statement, self._columns, dialect)
        )
        return connection.exec_driver_sql(compiled.text, compiled.bound(rows)).rowcount


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`columns` by the names of the parameters; `order`: theirs, where the text does not name them."""

    text: str
    columns: Mapping[str, Column]
    order: Sequence[str] | None

    def bound(self, rows: Rows) -> list[Any]:
        """Column by column, which takes less than row by row."""
        columns = {name: column(rows) for name, column in self.columns.items()}
        if self.order is None:
            return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        return list(zip(*(columns[name] for name in self.order), strict=True))


def _compiled(statement: UpdateBase, columns: tuple[str, ...] | None, dialect: Dialect) -> _Compiled:
    done = statement.compile(dialect=dialect, column_keys=columns, for_executemany=True)
    found = {name: _column(name, bind, dialect) for bind, name in done.bind_names.items()}
    return _Compiled(done.string, found, done.positiontup if done.positional else None)


def _column(name: str, bind: BindParameter[Any], dialect: Dialect) -> Column:
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if not bind.required:
        fixed = process(bind.value) if process else bind.value
        return lambda rows: [fixed] * len(rows)
    if process is None:
        return lambda rows: [row[name] for row in rows]
    return lambda rows: [process(row[name]) for row in rows]
