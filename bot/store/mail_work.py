"""A mailbox that was claimed, as the engine gets it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.domain.mail import MailRules, Work
from bot.domain.values import Frequency, MailboxId, RunKind
from bot.store.columns import AnyRow
from bot.store.engine_tables import connection as connections
from bot.store.engine_tables import mail_policy, mail_sync
from bot.store.tables import mailbox, policy

_SOURCE = connections.alias("source_connection")
_DESTINATION = connections.alias("destination_connection")
_ROWS = (
    select(
        mail_sync,
        mailbox.c.key,
        mailbox.c.source,
        mailbox.c.destination,
        mailbox.c.policy_id,
        mailbox.c.initial_done,
        policy.c.every,
        policy.c.unit,
        mail_policy.c.initial_days,
        mail_policy.c.removals,
        mail_policy.c.deleted_items,
        mail_policy.c.junk,
        _SOURCE.c.name.label("source_connection"),
        _DESTINATION.c.name.label("destination_connection"),
    )
    .select_from(mail_sync)
    .join(mailbox, mailbox.c.id == mail_sync.c.mailbox_id)
    .join(policy, policy.c.id == mailbox.c.policy_id)
    .join(mail_policy, mail_policy.c.policy_id == policy.c.id)
    .join(_SOURCE, _SOURCE.c.id == mail_policy.c.source_connection_id)
    .join(_DESTINATION, _DESTINATION.c.id == mail_policy.c.destination_connection_id)
    .where(mail_sync.c.mailbox_id.in_(bindparam("ids", expanding=True)))
)
_OPEN_WINDOW = (
    update(mail_sync)
    .where(mail_sync.c.mailbox_id == bindparam("b_mailbox"), mail_sync.c.window_start.is_(None))
    .values(window_start=bindparam("b_window"))
)


def work_rows(connection: Connection, ids: Sequence[MailboxId]) -> list[AnyRow]:
    """What work on these mailboxes needs to know, in the order of `ids`."""
    rows = {row.mailbox_id: row for row in connection.execute(_ROWS, {"ids": list(ids)})}
    return [rows[mailbox_id] for mailbox_id in ids]


def open_windows(connection: Connection, ids: Sequence[MailboxId], now: datetime) -> None:
    """How far back a mailbox goes is fixed once, when it is first claimed."""
    fresh = [row for row in work_rows(connection, ids) if row.window_start is None]
    windows = [{"b_mailbox": row.mailbox_id, "b_window": now - timedelta(row.initial_days)} for row in fresh]
    if windows:
        connection.execute(_OPEN_WINDOW, windows)


def kind_of(row: AnyRow) -> RunKind:
    return RunKind.DELTA if row.initial_done else RunKind.INITIAL


def run_of(row: AnyRow, owner: str) -> Work:
    return Work(
        **_whose(row, owner),
        run=row.run_key,
        kind=row.run_kind,
        is_listed=row.listed,
        began_at=row.began_at,
        pauses=row.pauses,
        changes=row.changes,
        bytes=row.bytes,
        retry_key=row.retry_key,
    )


def items_of(row: AnyRow, owner: str) -> Work:
    """Work on single items, which belongs to no run."""
    return Work(
        **_whose(row, owner),
        run=None,
        kind=kind_of(row),
        is_listed=row.listed,
        began_at=None,
        pauses=0,
        changes=0,
        bytes=0,
        retry_key=None,
    )


def _whose(row: AnyRow, owner: str) -> dict[str, Any]:
    return {
        "mailbox": row.mailbox_id,
        "mailbox_key": row.key,
        "source": row.source,
        "destination": row.destination,
        "policy": row.policy_id,
        "frequency": Frequency(row.every, row.unit),
        "rules": MailRules(row.initial_days, row.removals, row.deleted_items, row.junk),
        "source_connection": row.source_connection,
        "destination_connection": row.destination_connection,
        "window_start": row.window_start,
        "folders_cursor": row.folders_cursor,
        "owner": owner,
    }
