"""One transaction's working set: the mailboxes that it holds, and what it is going to write about them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, insert, select, update

from bot.domain.values import SYSTEM, AlertId, MailboxId, PolicyId, RunId, Severity
from bot.store.alert_tables import alert
from bot.store.columns import AnyRow, named
from bot.store.tables import audit, mailbox, policy, run


@dataclass(slots=True)
class Held:
    """A mailbox whose row this transaction has locked, as it will be written back."""

    id: MailboxId
    key: str
    source: str
    destination: str
    policy_id: PolicyId
    updated_at: datetime
    next_sync_at: datetime | None
    next_sync_known_at: datetime
    open_failures: int
    live_run_id: RunId | None
    latest_sync_at: datetime | None
    initial_done: bool
    last_success_at: datetime | None
    last_success_run_id: RunId | None
    bytes: int
    alert_id: AlertId | None = None
    alert_touched: bool = False
    touched: bool = False

    def touch(self) -> None:
        """What cards and channel messages show has changed."""
        self.touched = self.alert_touched = True


_COLUMNS = [mailbox.c[f.name] for f in fields(Held) if f.name in mailbox.c]
_HOLD = select(*_COLUMNS).order_by(mailbox.c.id).with_for_update(of=mailbox)
_BY_KEY = _HOLD.where(mailbox.c.key.in_(bindparam("keys", expanding=True)))
_BY_ID = _HOLD.where(mailbox.c.id == bindparam("id"))
_OPEN_ALERTS = select(alert.c.mailbox_id, alert.c.id).where(
    alert.c.mailbox_id.in_(bindparam("ids", expanding=True)), alert.c.cleared_at.is_(None)
)
_POLICIES = select(policy.c.key, policy.c.id).where(policy.c.key.in_(bindparam("keys", expanding=True)))

_THIS: BindParameter[Any] = bindparam("b_id")
_FINISHED = run.c.mailbox_id == _THIS, run.c.finished_at.is_not(None)
_NEWEST = run.c.finished_at.desc(), run.c.id.desc()
_WRITE_BACK = (
    update(mailbox)
    .where(mailbox.c.id == _THIS)
    .values(
        version=mailbox.c.version + 1,
        next_sync_at=bindparam("b_next_sync_at"),
        next_sync_known_at=bindparam("b_next_sync_known_at"),
        open_failures=bindparam("b_open_failures"),
        initial_done=bindparam("b_initial_done"),
        last_success_at=bindparam("b_last_success_at"),
        last_success_run_id=bindparam("b_last_success_run_id"),
        bytes=bindparam("b_bytes"),
        live_run_id=select(run.c.id)
        .where(run.c.mailbox_id == _THIS, run.c.finished_at.is_(None))
        .scalar_subquery(),
        newest_run_id=select(run.c.id).where(*_FINISHED).order_by(*_NEWEST).limit(1).scalar_subquery(),
        newest_status=select(run.c.status).where(*_FINISHED).order_by(*_NEWEST).limit(1).scalar_subquery(),
        latest_sync_at=select(func.max(run.c.started_at)).where(run.c.mailbox_id == _THIS).scalar_subquery(),
    )
)
_WRITTEN = (
    "id",
    "next_sync_at",
    "next_sync_known_at",
    "open_failures",
    "initial_done",
    "last_success_at",
    "last_success_run_id",
    "bytes",
)
_BUMP_ALERT = (
    update(alert).where(alert.c.id == bindparam("b_id")).values(version=alert.c.version + 1, dirty=True)
)


@dataclass(slots=True)
class Book:
    """Loads each mailbox once, locked in one order, and writes all of them back once, at the end."""

    connection: Connection
    now: datetime
    _held: dict[str, Held | None] = field(default_factory=dict)
    _policies: dict[str, PolicyId] = field(default_factory=dict)
    _audit: list[dict[str, Any]] = field(default_factory=list)

    def preload(self, keys: Iterable[str]) -> bool:
        """Hold all these mailboxes; False where some do not exist yet."""
        wanted = [key for key in dict.fromkeys(keys) if self._held.get(key) is None]
        self._held.update(dict.fromkeys(wanted))
        self._keep(self.connection.execute(_BY_KEY, {"keys": wanted}).all() if wanted else [])
        return all(self._held[key] for key in wanted)

    def preload_policies(self, keys: Iterable[str]) -> bool:
        wanted = set(keys) - self._policies.keys()
        rows = self.connection.execute(_POLICIES, {"keys": list(wanted)}).all() if wanted else []
        self._policies.update({row.key: row.id for row in rows})
        return wanted <= self._policies.keys()

    def find(self, key: str) -> Held | None:
        if key not in self._held:
            self.preload([key])
        return self._held[key]

    def reload(self, key: str) -> None:
        """After the mailbox was inserted, or changed by a statement of its own."""
        self._held.pop(key, None)
        self.preload([key])

    def hold(self, mailbox_id: MailboxId) -> Held | None:
        row = self.connection.execute(_BY_ID, {"id": mailbox_id}).one_or_none()
        self._keep([row] if row else [])
        return self._held[row.key] if row else None

    def policy(self, key: str) -> PolicyId | None:
        self.preload_policies([key])
        return self._policies.get(key)

    def note(
        self,
        event: str,
        message: str,
        *,
        at: datetime,
        actor: str = SYSTEM,
        severity: Severity = Severity.INFORMATION,
        held: Held | None = None,
    ) -> None:
        """Add a line to the audit log."""
        self._audit.append(
            {
                "at": at,
                "actor": actor,
                "severity": severity,
                "event": event,
                "message": message,
                "mailbox_id": held.id if held else None,
            }
        )

    def close(self) -> None:
        """Write back what changed. Nothing is read through this book afterwards."""
        changed = [held for held in self._held.values() if held and held.touched]
        if changed:
            self.connection.execute(_WRITE_BACK, [_values(held) for held in changed])
        alerts = [{"b_id": held.alert_id} for held in changed if held.alert_touched and held.alert_id]
        if alerts:
            self.connection.execute(_BUMP_ALERT, alerts)
        if self._audit:
            self.connection.execute(insert(audit), self._audit)

    def _keep(self, rows: Iterable[AnyRow]) -> None:
        """Alerts are read in a statement of their own: after the lock, so that none is missed."""
        held = {row.id: Held(**named(row)) for row in rows}
        if held:
            for alert_row in self.connection.execute(_OPEN_ALERTS, {"ids": list(held)}):
                held[alert_row.mailbox_id].alert_id = alert_row.id
        self._held.update({one.key: one for one in held.values()})


def _values(held: Held) -> dict[str, Any]:
    return {f"b_{name}": getattr(held, name) for name in _WRITTEN}
