"""A tenant as the built-in engine needs it: what a file asks for, and what the database holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.connections import Connection
from bot.domain.mail import MailRules
from bot.domain.values import Frequency, Role


@dataclass(frozen=True, slots=True)
class WantedPolicy:
    """`source` and `destination` name connections."""

    key: str
    name: str
    description: str
    source: str
    destination: str
    frequency: Frequency
    active: bool
    rules: MailRules
    deletion_delay_days: int


@dataclass(frozen=True, slots=True)
class WantedMailbox:
    """Addresses are in lower case. The source is also the mailbox's key; `policy` is its policy's."""

    source: str
    destination: str
    policy: str


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """What Slack settings a tenant file gave. The environment's win, each by itself."""

    alert_channel: str | None = None
    support_contact: str | None = None
    admins: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    viewers: tuple[str, ...] = ()

    def holders(self, role: Role) -> tuple[str, ...]:
        return {Role.ADMIN: self.admins, Role.OPERATOR: self.operators, Role.VIEWER: self.viewers}[role]


@dataclass(frozen=True, slots=True)
class Tenant:
    """Connections by name, policies by key, mailboxes by source address."""

    connections: Mapping[str, Connection] = field(default_factory=dict)
    policies: Mapping[str, WantedPolicy] = field(default_factory=dict)
    mailboxes: Mapping[str, WantedMailbox] = field(default_factory=dict)
    settings: StoredSettings = StoredSettings()
