"""Connections, policies and Slack settings of a tenant file, written as a plan says."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from bot.domain.events import PolicyUpserted
from bot.domain.mail import EMAIL
from bot.domain.values import Role
from bot.store.columns import INSERTS
from bot.store.connection_rows import connection_settings
from bot.store.engine_tables import connection as connections
from bot.store.engine_tables import mail_policy
from bot.store.setting_up import policy_upserted
from bot.store.signing import SignedBook
from bot.store.tables import policy
from bot.store.tenancy_tables import tenant_setting
from bot.tenant.facts import facts_of_settings
from bot.tenant.plan import Plan
from bot.tenant.wanted import StoredSettings, Tenant, WantedPolicy

_UPDATE_CONNECTION = (
    update(connections)
    .where(connections.c.name == bindparam("b_name"))
    .values(settings=bindparam("b_settings"), updated_at=bindparam("b_at"))
)
_FORGET_CONNECTION = delete(connections).where(connections.c.name == bindparam("b_name"))
_CONNECTION_IDS = select(connections.c.name, connections.c.id)
_POLICY_ID = select(policy.c.id).where(policy.c.key == bindparam("b_policy"))
_FORGET_RULES = delete(mail_policy).where(mail_policy.c.policy_id == _POLICY_ID.scalar_subquery())


@dataclass(slots=True)
class Parts:
    book: SignedBook
    plan: Plan
    before: Tenant
    wanted: Tenant

    def upsert(self) -> None:
        self._upsert_connections()
        changes = self.plan.policies
        for change in (*changes.added, *changes.changed):
            self._upsert_policy(self.wanted.policies[change.name])

    def remove(self) -> None:
        """Once no mailbox needs them. A policy stays, switched off, for the history of its mailboxes."""
        for change in self.plan.policies.removed:
            retired = replace(self.before.policies[change.name], active=False)
            policy_upserted(self.book, self._upserted(retired))
            self.book.connection.execute(_FORGET_RULES, {"b_policy": change.name})
        for change in self.plan.connections.removed:
            self.book.connection.execute(_FORGET_CONNECTION, {"b_name": change.name})
            self._note("connection deleted", change.name)

    def set_up_slack(self) -> None:
        if not self.plan.settings:
            return
        wanted = self.wanted.settings
        rows = [{"name": name, "value": value} for name, value in asdict(wanted).items() if value]
        self.book.connection.execute(delete(tenant_setting))
        if rows:
            self.book.connection.execute(insert(tenant_setting), rows)
        for event, message in _audited(self.before.settings, wanted):
            self._note(event, message)

    def _upsert_connections(self) -> None:
        changes, now = self.plan.connections, self.book.now
        for change in changes.added:
            row = {"name": change.name, "settings": self._settings(change.name), "updated_at": now}
            self.book.connection.execute(insert(connections), row)
            self._note("connection created", change.name)
        for change in changes.changed:
            values = {"b_name": change.name, "b_settings": self._settings(change.name), "b_at": now}
            self.book.connection.execute(_UPDATE_CONNECTION, values)
            self._note("connection updated", change.name)

    def _settings(self, name: str) -> dict[str, Any]:
        return connection_settings(self.wanted.connections[name])

    def _upsert_policy(self, wanted: WantedPolicy) -> None:
        """What only the built-in engine knows of a policy is no event's, but is one for the audit log."""
        policy_upserted(self.book, self._upserted(wanted))
        before = self.before.policies.get(wanted.key)
        if before and self._upserted(before) == self._upserted(wanted):
            self._note("policy updated", wanted.name)
        self._write_rules(wanted)

    def _upserted(self, wanted: WantedPolicy) -> PolicyUpserted:
        return PolicyUpserted(
            self.book.now,
            wanted.key,
            wanted.name,
            wanted.description,
            wanted.active,
            (EMAIL,),
            wanted.frequency,
            wanted.deletion_delay_days,
        )

    def _write_rules(self, wanted: WantedPolicy) -> None:
        connection = self.book.connection
        ids = {row.name: row.id for row in connection.execute(_CONNECTION_IDS)}
        values = asdict(wanted.rules) | {
            "source_connection_id": ids[wanted.source],
            "destination_connection_id": ids[wanted.destination],
        }
        policy_id = connection.execute(_POLICY_ID, {"b_policy": wanted.key}).scalar_one()
        insertion = INSERTS[connection.dialect.name](mail_policy).values(values | {"policy_id": policy_id})
        connection.execute(insertion.on_conflict_do_update(index_elements=["policy_id"], set_=values))

    def _note(self, event: str, message: str) -> None:
        self.book.note(event, message, at=self.book.now)


def _audited(before: StoredSettings, wanted: StoredSettings) -> Iterator[tuple[str, str]]:
    """Each role that somebody got or lost, and each other setting that is another one."""
    for role in Role:
        old, new = set(before.holders(role)), set(wanted.holders(role))
        yield from (("access granted", f"{role.word}: {who}") for who in sorted(new - old))
        yield from (("access revoked", f"{role.word}: {who}") for who in sorted(old - new))
    was, becomes = facts_of_settings(before), facts_of_settings(wanted)
    for label in ("alert channel", "support contact"):
        if was.get(label) != becomes.get(label):
            yield "setting updated", f"{label}: {becomes.get(label, 'none')}"
