"""The tenant in the database: as it is held, and as a plan changes it, in one transaction."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.mail import MailRules
from bot.domain.values import Frequency
from bot.errors import BadSettings
from bot.store.columns import AnyRow
from bot.store.connection_rows import connection_of
from bot.store.database import Database
from bot.store.engine_tables import connection as connections
from bot.store.engine_tables import mail_policy, mail_sync
from bot.store.postgres import APPLYING, PARKING, mailboxes_added, take_turns
from bot.store.signing import SignedBook
from bot.store.tables import mailbox, policy
from bot.store.tenancy_mailboxes import Roll
from bot.store.tenancy_parts import Parts
from bot.store.tenancy_tables import tenant_setting
from bot.tenant.plan import Plan, planned
from bot.tenant.wanted import StoredSettings, Tenant, WantedMailbox, WantedPolicy

_SOURCE = connections.alias("source_connection")
_DESTINATION = connections.alias("destination_connection")
_CONNECTIONS = select(connections.c.name, connections.c.settings)
_POLICIES = (
    select(
        policy,
        mail_policy.c.initial_days,
        mail_policy.c.removals,
        mail_policy.c.deleted_items,
        mail_policy.c.junk,
        _SOURCE.c.name.label("source"),
        _DESTINATION.c.name.label("destination"),
    )
    .join_from(policy, mail_policy)
    .join(_SOURCE, _SOURCE.c.id == mail_policy.c.source_connection_id)
    .join(_DESTINATION, _DESTINATION.c.id == mail_policy.c.destination_connection_id)
)
_MAILBOXES = (
    select(mailbox.c.key, mailbox.c.destination, policy.c.key)
    .join_from(mail_sync, mailbox)
    .join(policy, policy.c.id == mailbox.c.policy_id)
)
_SETTINGS = select(tenant_setting.c.name, tenant_setting.c.value)


@dataclass(frozen=True, slots=True)
class SqlTenancy:
    database: Database

    async def held(self) -> Tenant:
        return await self.database.read(held)

    async def stored(self) -> StoredSettings:
        return await self.database.read(stored)

    async def carry_out(self, wanted: Tenant, plan: Plan, *, now: datetime, actor: str) -> None:
        await self.database.write(carry_out, wanted, plan, now=now, actor=actor)


class ChangedMeanwhile(BadSettings):
    """Somebody applied something else since the plan was made."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was applied, since the database has changed while the plan was shown. "
            "Run `syncbot apply` again."
        )


def held(connection: Connection) -> Tenant:
    """What the built-in engine works on now."""
    return Tenant(
        {row.name: connection_of(row.name, row.settings) for row in connection.execute(_CONNECTIONS)},
        {row.key: _policy(row) for row in connection.execute(_POLICIES)},
        {row[0]: WantedMailbox(*row) for row in connection.execute(_MAILBOXES)},
        stored(connection),
    )


def stored(connection: Connection) -> StoredSettings:
    """The file's Slack settings, as they were last applied."""
    known = {each.name for each in fields(StoredSettings)}
    rows = {row.name: row.value for row in connection.execute(_SETTINGS) if row.name in known}
    return StoredSettings(**{name: _frozen(value) for name, value in rows.items()})


def carry_out(connection: Connection, wanted: Tenant, plan: Plan, *, now: datetime, actor: str) -> None:
    """Make the database hold what is wanted, as the plan says.

    Raises:
        ChangedMeanwhile: the plan is no longer what would change.
    """
    take_turns(connection, APPLYING)
    take_turns(connection, PARKING)
    before = held(connection)
    if planned(before, wanted) != plan:
        raise ChangedMeanwhile
    book = SignedBook(connection, now, actor=actor)
    parts, roll = Parts(book, plan, before, wanted), Roll(book, plan, before, wanted)
    parts.upsert()
    roll.call()
    parts.remove()
    parts.set_up_slack()
    book.close()
    roll.replay_parked()
    mailboxes_added(connection, len(plan.mailboxes.added))


def _frozen(value: Any) -> Any:  # noqa: ANN401 - as JSON has it
    return tuple(value) if isinstance(value, list) else value


def _policy(row: AnyRow) -> WantedPolicy:
    return WantedPolicy(
        row.key,
        row.name,
        row.description,
        row.source,
        row.destination,
        Frequency(row.every, row.unit),
        row.active,
        MailRules(row.initial_days, row.removals, row.deleted_items, row.junk),
        row.deletion_delay_days,
    )
