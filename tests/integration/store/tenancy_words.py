"""Short words for tenants, and the adapter under test."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from bot.domain.connections import GoogleWorkspace, Keeper, Microsoft365, SecretRef
from bot.domain.mail import MailRules
from bot.domain.values import FailureId, Frequency, Unit
from bot.ports import RetryTarget
from bot.store import SqlTenancy
from bot.store.engine_tables import mail_sync
from bot.store.tables import mailbox
from bot.tenant.plan import Plan, planned
from bot.tenant.wanted import Tenant, WantedMailbox, WantedPolicy
from tests.integration.store.words import Store, at

M365 = Microsoft365("m365", "old.example", "id", certificate=SecretRef(Keeper.FILE, "/m365.pem"))
GOOGLE = GoogleWorkspace("google", SecretRef(Keeper.ENV, "GOOGLE"))
ME = "cli:ana"

_TIMES = select(mailbox.c.key, mail_sync.c.due_at, mailbox.c.next_sync_at).join_from(mail_sync, mailbox)


def wanted_policy(key: str = "standard", hours: int = 1, **more: Any) -> WantedPolicy:
    named = WantedPolicy(
        key,
        key.title(),
        "",
        "m365",
        "google",
        Frequency(hours, Unit.HOUR),
        active=True,
        rules=MailRules(),
        deletion_delay_days=30,
    )
    return replace(named, **more)


def wanted(
    *names: str, under: str = "standard", policies: tuple[WantedPolicy, ...] = (), **more: Any
) -> Tenant:
    """Mailboxes of these names under one of the policies."""
    mailboxes = [WantedMailbox(f"{name}@old.example", f"{name}@new.example", under) for name in names]
    return Tenant(
        {"m365": M365, "google": GOOGLE},
        {each.key: each for each in policies or (wanted_policy(),)},
        {each.source: each for each in mailboxes},
        **more,
    )


@dataclass
class House:
    store: Store
    tenancy: SqlTenancy

    async def apply(self, tenant: Tenant, minute: float = 0) -> Plan:
        plan = planned(await self.tenancy.held(), tenant)
        await self.tenancy.carry_out(tenant, plan, now=at(minute), actor=ME)
        return plan

    async def due(self) -> dict[str, datetime | None]:
        """When each mailbox on the schedule is due, by its name; its card says the same."""
        rows = await self.store.rows(_TIMES)
        assert all(row["due_at"] == row["next_sync_at"] for row in rows)
        return {row["key"].partition("@")[0]: row["due_at"] for row in rows}

    async def set_due(self, when: datetime) -> None:
        def written(connection: Connection) -> None:
            connection.execute(update(mail_sync).values(due_at=when))
            connection.execute(update(mailbox).values(next_sync_at=when))

        await self.store.database.write(written)

    async def retry(self, name: str, item: str) -> None:
        """Somebody retries one failed item."""
        (row,) = await self.store.rows(f"SELECT id FROM failure WHERE item = '{item}'")
        chosen = RetryTarget(await self.store.mailbox_id(name), (FailureId(row["id"]),), whole_mailbox=False)
        assert await self.store.retries.claim(chosen, actor="U1", now=at(2), deadline=at(12))

    async def audit(self, event: str) -> list[tuple[str, str]]:
        rows = await self.store.rows(f"SELECT actor, message FROM audit WHERE event = '{event}' ORDER BY id")
        return [(row["actor"], row["message"]) for row in rows]


def of_ana(*events: Any) -> list[Any]:
    return [replace(event, mailbox="ana@old.example") for event in events]
