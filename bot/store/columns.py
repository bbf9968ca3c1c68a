"""Column types that make both databases store the same thing."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Row, RowMapping, String, Table, TypeDecorator
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

from bot.errors import BadEvent

Id = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column that is called exactly INTEGER."""

E = TypeVar("E", bound=StrEnum)
INSERTS: dict[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""Both databases insert or else do nothing, or update, in the same words, but not in standard ones."""

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
_LARGEST = 2**63 - 1


class UtcTime(TypeDecorator[datetime]):
    """Aware in, aware UTC out. SQLite would drop the zone silently, so a naive time is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """As SQLAlchemy's own type would write it, which takes six times as long on SQLite."""
        return _sqlite_text if dialect.name == "sqlite" else _utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def _utc(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("A time without a zone cannot be stored.")
    return value.astimezone(UTC)


def _sqlite_text(value: datetime | None) -> str | None:
    utc = _utc(value)
    return None if utc is None else utc.isoformat(" ", "microseconds").removesuffix("+00:00")


class Word(TypeDecorator[E], Generic[E]):
    """One of an enumeration's words, stored as its text."""

    impl = String(20)
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> E | None:  # noqa: ANN401, ARG002
        return None if value is None else self.words(value)


class Clipped(TypeDecorator[str]):
    """Text for people: what does not fit, and what a database refuses, is cut instead of failing."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else storable(value)[: self.length]


class Key(TypeDecorator[str]):
    """Somebody else's identifier. Cut, two of them could become equal: one that is too long is refused."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is not None and (len(value) > self.length or storable(value) != value):
            raise BadEvent(f"An identifier is longer than {self.length} characters, or is not valid text.")
        return value


class Sorted(Key):
    """An identifier that is looked for by its beginning: both databases sort it by its characters alone."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(self.length, collation=collation))


class Whole(TypeDecorator[int]):
    """A count or a size, kept within what 64 bits hold."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else min(max(value, 0), _LARGEST)


def storable(text: str) -> str:
    """Without NUL characters, which PostgreSQL refuses, and lone surrogates, which UTF-8 does not have."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def named(row: AnyRow) -> RowMapping:
    """A row's values by the names of its columns."""
    return row._mapping  # noqa: SLF001 - public; underscored so that it cannot clash with a column
