"""Connections as they are stored: which tenant, and where its secrets are kept; never a secret itself."""

from datetime import date
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from sqlalchemy import bindparam, select

from bot.domain.connections import Connection, GoogleWorkspace, Keeper, Microsoft365, SecretRef
from bot.errors import BadSettings
from bot.store.engine_tables import connection

_BY_NAME = select(connection.c.settings).where(connection.c.name == bindparam("name"))
_ALL = select(connection.c.name, connection.c.settings).order_by(connection.c.name)
_REFERENCE = rf"^({'|'.join(Keeper)}):(?s:.)+$"

Reference = Annotated[str, Field(pattern=_REFERENCE)]


class _Microsoft365(BaseModel, extra="forbid"):
    kind: Literal["microsoft365"]
    tenant_id: str
    client_id: str
    secret: Reference | None
    certificate: Reference | None
    secret_expires: date | None = None


class _GoogleWorkspace(BaseModel, extra="forbid"):
    kind: Literal["google_workspace"]
    key: Reference
    key_expires: date | None = None


_STORED: TypeAdapter[_Microsoft365 | _GoogleWorkspace] = TypeAdapter(
    Annotated[_Microsoft365 | _GoogleWorkspace, Field(discriminator="kind")]
)


def connection_settings(connection: Connection) -> dict[str, Any]:
    """What the column `settings` holds."""
    if isinstance(connection, GoogleWorkspace):
        google = {"kind": "google_workspace", "key": str(connection.key)}
        return google | _day("key_expires", connection.key_expires)
    microsoft = {
        "kind": "microsoft365",
        "tenant_id": connection.tenant_id,
        "client_id": connection.client_id,
        "secret": _text(connection.secret),
        "certificate": _text(connection.certificate),
    }
    return microsoft | _day("secret_expires", connection.secret_expires)


def connection_of(name: str, settings: dict[str, Any]) -> Connection:
    """Raises: BadSettings for settings that this version cannot read."""
    try:
        stored = _STORED.validate_python(settings)
    except ValidationError as error:
        raise BadSettings(f"The stored connection {name} cannot be read. Apply tenant.yaml again.") from error
    if isinstance(stored, _GoogleWorkspace):
        return GoogleWorkspace(name, _reference(stored.key), stored.key_expires)
    return Microsoft365(
        name,
        stored.tenant_id,
        stored.client_id,
        secret=_reference(stored.secret) if stored.secret else None,
        certificate=_reference(stored.certificate) if stored.certificate else None,
        secret_expires=stored.secret_expires,
    )


def connection_named(database: sa.Connection, name: str) -> Connection | None:
    settings = database.execute(_BY_NAME, {"name": name}).scalar_one_or_none()
    return None if settings is None else connection_of(name, settings)


def all_connections(database: sa.Connection) -> tuple[Connection, ...]:
    """Those that this version can read, by name."""
    rows = database.execute(_ALL).all()
    return tuple(found for row in rows if (found := _readable(row.name, row.settings)))


def _readable(name: str, settings: dict[str, Any]) -> Connection | None:
    try:
        return connection_of(name, settings)
    except BadSettings:
        return None


def _day(name: str, day: date | None) -> dict[str, str]:
    """Left out where it is not known: a version that knows no such key reads the rest."""
    return {} if day is None else {name: day.isoformat()}


def _text(ref: SecretRef | None) -> str | None:
    return None if ref is None else str(ref)


def _reference(text: str) -> SecretRef:
    keeper, _, name = text.partition(":")
    return SecretRef(Keeper(keeper), name)
