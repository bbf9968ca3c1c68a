"""New times for mailboxes whose policy changed its interval or was switched on."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from bot.domain.schedule import first_sync_at
from bot.domain.values import MailboxId
from bot.store.chunks import chunks
from bot.store.engine_tables import mail_sync
from bot.store.tables import mailbox
from bot.tenant.timing import Rhythm, Timing, due_after
from bot.tenant.wanted import Tenant, WantedPolicy

TIMINGS = select(mailbox.c.id, mailbox.c.key, mail_sync.c.due_at, mailbox.c.latest_sync_at).join_from(
    mail_sync, mailbox
)
_DUE = (
    update(mail_sync)
    .where(mail_sync.c.mailbox_id == bindparam("b_id"))
    .values(due_at=bindparam("b_due", type_=mail_sync.c.due_at.type))
)
_DUE_BY_KEY = (
    update(mail_sync)
    .where(
        mail_sync.c.mailbox_id
        == select(mailbox.c.id).where(mailbox.c.key == bindparam("b_key")).scalar_subquery()
    )
    .values(due_at=bindparam("b_due", type_=mail_sync.c.due_at.type))
)
_NEXT = (
    update(mailbox)
    .where(mailbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        next_sync_at=select(mail_sync.c.due_at)
        .where(mail_sync.c.mailbox_id == mailbox.c.id)
        .scalar_subquery(),
        version=mailbox.c.version + 1,
    )
)


def reschedule(
    connection: Connection, before: Tenant, wanted: Tenant, now: datetime
) -> dict[str, datetime | None]:
    """Write the times that are others now, and tell them by the mailboxes' keys."""
    times = {
        timing.key: (row_id, due_at) for row_id, timing, due_at in _new_times(connection, before, wanted, now)
    }
    write_times(connection, list(times.values()))
    return {key: due_at for key, (_, due_at) in times.items()}


def write_times(connection: Connection, times: Sequence[tuple[MailboxId, datetime | None]]) -> None:
    for some in chunks(times):
        connection.execute(_DUE, [{"b_id": row_id, "b_due": due_at} for row_id, due_at in some])
        connection.execute(_NEXT, {"ids": [row_id for row_id, _ in some]})


def first_times(wanted: Tenant, added: Collection[str], now: datetime) -> dict[str, datetime]:
    """When mailboxes are due that are taken up together, by their keys."""
    beginners = Counter(wanted.mailboxes[key].policy for key in added)
    return {
        key: first_sync_at(now, wanted.policies[policy].frequency.interval, key, beginners[policy])
        for key in added
        for policy in (wanted.mailboxes[key].policy,)
    }


def make_due(connection: Connection, times: Mapping[str, datetime]) -> None:
    connection.execute(_DUE_BY_KEY, [{"b_key": key, "b_due": due_at} for key, due_at in times.items()])


def _new_times(
    connection: Connection, before: Tenant, wanted: Tenant, now: datetime
) -> Iterator[tuple[MailboxId, Timing, datetime | None]]:
    old, new = _rhythms(before.policies), _rhythms(wanted.policies)
    rows = [(MailboxId(row_id), Timing(*facts)) for row_id, *facts in connection.execute(TIMINGS).all()]
    held = [(row_id, timing) for row_id, timing in rows if timing.key in wanted.mailboxes]
    never_ran = Counter(
        wanted.mailboxes[timing.key].policy for _, timing in held if timing.latest_sync_at is None
    )
    for mailbox_id, timing in held:
        was = old.get(before.mailboxes[timing.key].policy)
        policy = wanted.mailboxes[timing.key].policy
        due_at = due_after(timing, was, new[policy], now, never_ran[policy])
        if due_at != timing.due_at:
            yield mailbox_id, timing, due_at


def _rhythms(policies: Mapping[str, WantedPolicy]) -> dict[str, Rhythm]:
    return {key: Rhythm(each.frequency.interval, each.active) for key, each in policies.items()}
