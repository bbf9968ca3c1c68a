"""Who may work on a mailbox. Every transaction on a journal begins here: two of one mailbox take turns."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from bot.domain.mail import Work
from bot.domain.values import MailboxId
from bot.store.columns import AnyRow
from bot.store.engine_tables import mail_sync

_LOCK = (
    select(
        mail_sync.c.mailbox_id,
        mail_sync.c.run_key,
        mail_sync.c.leased_by,
        mail_sync.c.items_leased_by,
        mail_sync.c.retry_key,
        mail_sync.c.pauses,
        mail_sync.c.folders_generation,
    )
    .where(mail_sync.c.mailbox_id.in_(bindparam("mailboxes", expanding=True)))
    .order_by(mail_sync.c.mailbox_id)
    .with_for_update()
)


def locked(connection: Connection, mailboxes: Collection[MailboxId]) -> dict[MailboxId, AnyRow]:
    """Their rows of mail_sync, locked in one order."""
    rows = connection.execute(_LOCK, {"mailboxes": sorted(set(mailboxes))})
    return {row.mailbox_id: row for row in rows}


def held(connection: Connection, work: Work) -> AnyRow | None:
    """The locked row of this work's mailbox; None for a process that lost it, which changes nothing there."""
    row = locked(connection, [work.mailbox]).get(work.mailbox)
    return row if row is not None and is_held(row, work) else None


def is_held(row: AnyRow, work: Work) -> bool:
    """A lease that has ended still holds until another process takes the mailbox."""
    if work.run is None:
        return bool(row.items_leased_by == work.owner)
    return bool(row.run_key == work.run and row.leased_by == work.owner)
