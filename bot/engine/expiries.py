"""Until when the credentials of connections hold: certificates tell it, of others the tenant file may."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import structlog
from cryptography import x509

from bot.domain.connections import Connection, GoogleWorkspace, Microsoft365, SecretRef
from bot.domain.expiring import Expiry
from bot.domain.values import Credential
from bot.engine.secrets import secret
from bot.errors import BadSettings
from bot.ports.journal import Connections

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Expiries:
    connections: Connections

    async def expiries(self) -> tuple[Expiry, ...]:
        return await asyncio.to_thread(_all, await self.connections.all())


def valid_until(pem: str) -> datetime:
    """The end of the first certificate, which is taken for the app's own, as at the sign-in.

    Raises: ValueError
    """
    return x509.load_pem_x509_certificates(pem.encode())[0].not_valid_after_utc


def _all(connections: Sequence[Connection]) -> tuple[Expiry, ...]:
    return tuple(_known(connections))


def _known(connections: Sequence[Connection]) -> Iterator[Expiry]:
    for each in connections:
        try:
            yield _expiry(each)
        except (BadSettings, ValueError):
            _log.info("a certificate cannot be read, so nobody knows when it expires", connection=each.name)


def _expiry(connection: Connection) -> Expiry:
    if isinstance(connection, GoogleWorkspace):
        day = _begins(connection.key_expires)
        return Expiry(connection.name, "dest_auth", Credential.KEY, day, is_declared=True)
    if connection.certificate:
        return _certificate(connection, connection.certificate)
    day = _begins(connection.secret_expires)
    return Expiry(connection.name, "source_auth", Credential.SECRET, day, is_declared=True)


def _certificate(connection: Microsoft365, ref: SecretRef) -> Expiry:
    return Expiry(connection.name, "source_auth", Credential.CERTIFICATE, valid_until(secret(ref)))


def _begins(day: date | None) -> datetime | None:
    """At which hour of its last day a secret expires, nobody says: it may be the first."""
    return datetime.combine(day, time(), UTC) if day else None
