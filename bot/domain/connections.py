"""Connections: how the built-in engine gets into a source or destination tenant."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Keeper(StrEnum):
    """Where a secret is kept. It is read when it is needed, and never stored."""

    ENV = "env"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Names a secret, as `env:NAME` or `file:PATH`, without holding it."""

    keeper: Keeper
    name: str

    def __str__(self) -> str:
        return f"{self.keeper}:{self.name}"


@dataclass(frozen=True, slots=True)
class Microsoft365:
    """An app registration with Mail.Read. Either `secret`, or `certificate`: PEM with the private key.

    A certificate tells itself until when it holds; of a secret that must be said.
    """

    name: str
    tenant_id: str
    client_id: str
    secret: SecretRef | None = None
    certificate: SecretRef | None = None
    secret_expires: date | None = None


@dataclass(frozen=True, slots=True)
class GoogleWorkspace:
    """A service account with domain-wide delegation; `key` names its JSON key.

    Keys hold for ever, unless a policy of the organisation has them expire: the file does not tell.
    https://cloud.google.com/blog/products/identity-security/introducing-time-bound-key-authentication-for-service-accounts
    """

    name: str
    key: SecretRef
    key_expires: date | None = None


Connection = Microsoft365 | GoogleWorkspace
