"""Roles granted in Slack, as rows, each change with its line in the audit log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Integer, Table, bindparam, delete, exists, insert, not_, select

from bot.config import PREFIX
from bot.domain.standing import Holding, Source
from bot.domain.values import Role, Severity
from bot.errors import LastAdmin
from bot.store.columns import INSERTS, AnyRow, Clipped, Key, UtcTime
from bot.store.database import Database
from bot.store.postgres import ACCESS, take_turns
from bot.store.tables import audit, metadata

access_grant = Table(
    "access_grant",
    metadata,
    Column("who", Key(100), primary_key=True),
    Column("role", Integer, nullable=False),
    Column("by", Clipped(100), nullable=False),
    Column("at", UtcTime, nullable=False),
)

_ALL = select(access_grant).order_by(access_grant.c.who)
_THIS = access_grant.c.who == bindparam("b_who")
_ONE = select(access_grant).where(_THIS)
_REMOVE = delete(access_grant).where(_THIS)
_ADMIN_PERSON = select(exists().where(access_grant.c.role == Role.ADMIN, not_(access_grant.c.who.like("S%"))))


@dataclass(frozen=True, slots=True)
class SqlGrantBook:
    database: Database

    async def all(self) -> tuple[Holding, ...]:
        return await self.database.read(granted)

    async def put(self, holding: Holding, *, keep_admin: bool) -> bool:
        return await self.database.write(put, holding, keep_admin=keep_admin)

    async def remove(self, who: str, *, by: str, now: datetime, keep_admin: bool) -> Holding | None:
        return await self.database.write(remove, who, by, now, keep_admin=keep_admin)


def granted(connection: Connection) -> tuple[Holding, ...]:
    return tuple(_holding(row) for row in connection.execute(_ALL))


def put(connection: Connection, holding: Holding, *, keep_admin: bool) -> bool:
    """Raises LastAdmin. Two admins who take the role from one another take turns."""
    take_turns(connection, ACCESS)
    before = _find(connection, holding.who)
    if before is not None and before.role is holding.role:
        return False
    row = {"who": holding.who, "role": int(holding.role), "by": holding.by, "at": holding.at}
    upsert = INSERTS[connection.dialect.name](access_grant).values(row)
    connection.execute(upsert.on_conflict_do_update(index_elements=["who"], set_=row))
    _require_admin(connection, before, keep_admin=keep_admin)
    was = f", {before.role.word} before" if before else ""
    _note(connection, "access granted", f"{holding.role.word}: {holding.who}{was}", holding.by, holding.at)
    return True


def remove(connection: Connection, who: str, by: str, now: datetime, *, keep_admin: bool) -> Holding | None:
    """Raises LastAdmin."""
    take_turns(connection, ACCESS)
    before = _find(connection, who)
    if before is None:
        return None
    connection.execute(_REMOVE, {"b_who": who})
    _require_admin(connection, before, keep_admin=keep_admin)
    _note(connection, "access revoked", f"{before.role.word}: {who}", by, now)
    return before


def _find(connection: Connection, who: str) -> Holding | None:
    row = connection.execute(_ONE, {"b_who": who}).one_or_none()
    return _holding(row) if row else None


def _require_admin(connection: Connection, before: Holding | None, *, keep_admin: bool) -> None:
    """After an admin was taken away. Groups do not count: others decide who is in them, if anybody is."""
    was_admin = before is not None and before.role is Role.ADMIN
    if keep_admin and was_admin and not connection.execute(_ADMIN_PERSON).scalar_one():
        raise LastAdmin(
            "Nothing was changed: nobody would be an admin any more. Grant that to another person first, or "
            f"name one in {PREFIX}ADMINS."
        )


def _holding(row: AnyRow) -> Holding:
    return Holding(row.who, Role(row.role), Source.GRANT, by=row.by, at=row.at)


def _note(connection: Connection, event: str, message: str, by: str | None, at: datetime | None) -> None:
    row: dict[str, Any] = {"at": at, "actor": by, "severity": Severity.INFORMATION}
    connection.execute(insert(audit), row | {"event": event, "message": message})
