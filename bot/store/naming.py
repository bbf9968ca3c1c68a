"""What filters and mutes may name: policies, mailboxes, and the domains that mailboxes are in."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from bot.store.columns import AnyRow
from bot.store.database import Database
from bot.store.tables import mailbox, policy
from bot.views.routing import Named

_SOME: BindParameter[Any] = bindparam("some", expanding=True)
_POLICIES = select(policy.c.id, policy.c.key, policy.c.name).order_by(policy.c.name, policy.c.id)
_MAILBOXES = select(mailbox.c.id, mailbox.c.key, mailbox.c.source.label("name")).order_by(mailbox.c.source)
_BY_KEY = _MAILBOXES.where(mailbox.c.key.in_(_SOME))
_BY_ID = _MAILBOXES.where(mailbox.c.id.in_(_SOME))
_POSITION = {"sqlite": func.instr, "postgresql": func.strpos}

_DIGITS = 18


@dataclass(frozen=True, slots=True)
class SqlVocabulary:
    """Fills the port Vocabulary."""

    database: Database

    async def policies(self) -> tuple[Named, ...]:
        return await self.database.read(_policies)

    async def domains(self) -> tuple[str, ...]:
        return await self.database.read(_domains)

    async def mailboxes(self, keys: Collection[str]) -> tuple[Named, ...]:
        return await self.database.read(_by_key, keys)

    async def mailboxes_of(self, ids: Collection[str]) -> tuple[Named, ...]:
        return await self.database.read(_by_id, [int(each) for each in ids if _is_id(each)])


def _policies(connection: Connection) -> tuple[Named, ...]:
    return tuple(map(_named, connection.execute(_POLICIES)))


def _domains(connection: Connection) -> tuple[str, ...]:
    at = _POSITION[connection.dialect.name](mailbox.c.source, "@")
    domain = func.lower(func.substr(mailbox.c.source, at + 1))
    return tuple(connection.execute(select(domain).distinct().order_by(domain)).scalars())


def _by_key(connection: Connection, keys: Collection[str]) -> tuple[Named, ...]:
    return tuple(map(_named, connection.execute(_BY_KEY, {"some": list(keys)})))


def _by_id(connection: Connection, ids: Collection[int]) -> tuple[Named, ...]:
    return tuple(map(_named, connection.execute(_BY_ID, {"some": list(ids)})))


def _named(row: AnyRow) -> Named:
    return Named(str(row.id), row.key, row.name)


def _is_id(text: str) -> bool:
    """It comes back from outside: no number that a database would not take."""
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS
