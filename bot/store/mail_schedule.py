"""Which mailboxes are due, and the runs on them: claimed, begun, prolonged, left, finished."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)

from bot.domain.events import SyncCompleted, SyncFailed, SyncStarted
from bot.domain.mail import Work
from bot.domain.values import Frequency, MailboxId
from bot.store.columns import AnyRow
from bot.store.engine_tables import mail_folder, mail_item, mail_policy, mail_sync
from bot.store.mail_leases import held
from bot.store.mail_states import AGAIN, has_failed, is_waiting
from bot.store.mail_work import kind_of, open_windows, run_of, work_rows
from bot.store.recording import record_own
from bot.store.tables import mailbox, policy

_NOW = bindparam("now", type_=mail_sync.c.due_at.type)
_ASKED = mail_sync.c.retry_key.is_not(None)
_RUNS = mail_sync.c.run_key.is_not(None)
_IS_FREE = and_(
    or_(mail_sync.c.leased_until.is_(None), mail_sync.c.leased_until <= _NOW),
    or_(mail_sync.c.resume_at.is_(None), mail_sync.c.resume_at <= _NOW),
)
_IS_DUE = and_(mail_sync.c.run_key.is_(None), mail_sync.c.due_at <= _NOW)


def _turns(turn: int) -> Select[tuple[int, int, int, datetime]]:
    """Candidates of one kind. `since` orders those of one policy."""
    since = func.coalesce(mail_sync.c.resume_at, mail_sync.c.leased_until, mail_sync.c.due_at)
    return (
        select(
            mail_sync.c.mailbox_id,
            mailbox.c.policy_id,
            literal(turn).label("turn"),
            since.label("since"),
        )
        .join_from(mail_sync, mailbox)
        .join(policy, policy.c.id == mailbox.c.policy_id)
        .join(mail_policy, mail_policy.c.policy_id == policy.c.id)
        .where(_IS_FREE)
    )


_CANDIDATES = union_all(
    # Somebody's own request is heard even where the policy is switched off.
    _turns(0).where(_ASKED),
    _turns(1).where(_RUNS, mail_sync.c.retry_key.is_(None)),
    _turns(2).where(_IS_DUE, mail_sync.c.retry_key.is_(None), policy.c.active),
).subquery("candidates")
_RANKED = select(
    _CANDIDATES,
    func.row_number()
    .over(
        partition_by=(_CANDIDATES.c.turn, _CANDIDATES.c.policy_id),
        order_by=(_CANDIDATES.c.since, _CANDIDATES.c.mailbox_id),
    )
    .label("place"),
).subquery("ranked")
_CHOSEN = (
    select(_RANKED.c.mailbox_id)
    .order_by(_RANKED.c.turn, _RANKED.c.place, _RANKED.c.since, _RANKED.c.mailbox_id)
    .limit(bindparam("limit"))
)
# Whatever another process has taken since they were chosen is no longer free.
_STILL_FREE = (
    select(mail_sync.c.mailbox_id)
    .where(
        mail_sync.c.mailbox_id.in_(bindparam("ids", expanding=True)),
        _IS_FREE,
        or_(_ASKED, _RUNS, _IS_DUE),
    )
    .with_for_update(skip_locked=True)
)

_THIS = mail_sync.c.mailbox_id == bindparam("b_mailbox")
_LEASE = (
    update(mail_sync)
    .where(mail_sync.c.mailbox_id.in_(bindparam("ids", expanding=True)))
    .values(leased_by=bindparam("b_owner"), leased_until=bindparam("b_until"), resume_at=None)
)
_NO_RUN = {
    "began_at": None,
    "listed": False,
    "pauses": 0,
    "changes": 0,
    "bytes": 0,
    "resume_at": None,
}
_NEW_RUN = (
    update(mail_sync)
    .where(_THIS, mail_sync.c.run_key.is_(None))
    .values(_NO_RUN | {"run_key": bindparam("b_run"), "run_kind": bindparam("b_kind")})
)
_BEGAN = update(mail_sync).where(_THIS).values(began_at=bindparam("b_at"))
_PASSING_ITEMS = (
    update(mail_item)
    .where(
        mail_item.c.mailbox_id == bindparam("b_mailbox"),
        has_failed(),
        mail_item.c.code.in_(bindparam("codes", expanding=True)),
    )
    .values(AGAIN)
)
_PASSING_FOLDERS = (
    update(mail_folder)
    .where(
        mail_folder.c.mailbox_id == bindparam("b_mailbox"),
        mail_folder.c.failed.in_(bindparam("codes", expanding=True)),
    )
    .values(failed=None, failed_run=None)
)
_TRIES_ANEW = (
    update(mail_item)
    .where(
        mail_item.c.mailbox_id == bindparam("b_mailbox"),
        is_waiting(),
        mail_item.c.attempts > 0,
        mail_item.c.retry_key.is_(None),
    )
    .values(attempts=0)
)
_PROLONG_RUN = (
    update(mail_sync)
    .where(_THIS, mail_sync.c.run_key == bindparam("b_run"), mail_sync.c.leased_by == bindparam("b_owner"))
    .values(leased_until=bindparam("b_until"))
)
_PROLONG_ITEMS = (
    update(mail_sync)
    .where(_THIS, mail_sync.c.items_leased_by == bindparam("b_owner"))
    .values(items_leased_until=bindparam("b_until"))
)
_LEFT = {"leased_by": None, "leased_until": None}
_PAUSE = (
    update(mail_sync)
    .where(_THIS)
    .values(_LEFT | {"resume_at": bindparam("b_until"), "pauses": bindparam("b_pauses")})
)
_FREQUENCY = (
    select(policy.c.every, policy.c.unit)
    .join_from(mailbox, policy)
    .where(mailbox.c.id == bindparam("mailbox"))
)
_FINISH = (
    update(mail_sync)
    .where(_THIS)
    .values(
        _NO_RUN
        | _LEFT
        | {"run_key": None, "run_kind": None, "retry_key": None, "due_at": bindparam("b_next")}
    )
)


_SPARE = 4


@dataclass(frozen=True, slots=True)
class Lease:
    """Whose a mailbox is, and until when."""

    owner: str
    until: datetime


def chosen(connection: Connection, now: datetime, at_most: int) -> list[MailboxId]:
    """Mailboxes to claim, and some more, since other processes may be choosing the same ones.

    Thousands may be due: whoever only looks keeps nobody from writing.
    """
    return list(connection.execute(_CHOSEN, {"now": now, "limit": _SPARE * at_most}).scalars())


def claim(
    connection: Connection, candidates: Sequence[MailboxId], lease: Lease, now: datetime, at_most: int
) -> tuple[Work, ...]:
    ids = _free(connection, candidates, now, at_most)
    if not ids:
        return ()
    open_windows(connection, ids, now)
    connection.execute(_LEASE, {"ids": ids, "b_owner": lease.owner, "b_until": lease.until})
    _make_runs(connection, ids)
    return tuple(run_of(row, lease.owner) for row in work_rows(connection, ids))


def _free(
    connection: Connection, candidates: Sequence[MailboxId], now: datetime, at_most: int
) -> list[MailboxId]:
    """The first of them that are still free, locked; never more than that, which others may want."""
    found: list[MailboxId] = []
    rest = list(candidates)
    while rest and len(found) < at_most:
        missing = at_most - len(found)
        some, rest = rest[:missing], rest[missing:]
        free = set(connection.execute(_STILL_FREE, {"ids": some, "now": now}).scalars())
        found += [mailbox_id for mailbox_id in some if mailbox_id in free]
    return found


def begin(connection: Connection, work: Work, started: SyncStarted, passing: Collection[str]) -> None:
    row = held(connection, work)
    if row is None:
        return
    connection.execute(_BEGAN, {"b_mailbox": work.mailbox, "b_at": started.at})
    connection.execute(_TRIES_ANEW, {"b_mailbox": work.mailbox})
    if passing:
        values = {"b_mailbox": work.mailbox, "codes": list(passing)}
        connection.execute(_PASSING_ITEMS, values)
        connection.execute(_PASSING_FOLDERS, values)
    record_own(connection, [replace(started, retry_id=started.retry_id or row.retry_key)], started.at)


def prolong(connection: Connection, work: Work, until: datetime) -> bool:
    values = {"b_mailbox": work.mailbox, "b_owner": work.owner, "b_until": until}
    if work.run is None:
        return connection.execute(_PROLONG_ITEMS, values).rowcount == 1
    return connection.execute(_PROLONG_RUN, values | {"b_run": work.run}).rowcount == 1


def pause(connection: Connection, work: Work, until: datetime, pauses: int) -> None:
    if held(connection, work) is not None:
        values = {"b_mailbox": work.mailbox, "b_until": until, "b_pauses": pauses}
        connection.execute(_PAUSE, values)


def frequency(connection: Connection, work: Work) -> Frequency:
    row = connection.execute(_FREQUENCY, {"mailbox": work.mailbox}).one_or_none()
    return Frequency(row.every, row.unit) if row else work.frequency


def finish(connection: Connection, work: Work, ended: SyncCompleted | SyncFailed) -> None:
    row = held(connection, work)
    if row is not None:
        connection.execute(_FINISH, {"b_mailbox": work.mailbox, "b_next": ended.next_sync_at})
        record_own(connection, [replace(ended, retry_id=row.retry_key or ended.retry_id)], ended.at)


def _make_runs(connection: Connection, ids: Sequence[MailboxId]) -> None:
    fresh = [row for row in work_rows(connection, ids) if row.run_key is None]
    if fresh:
        connection.execute(_NEW_RUN, [_new_run(row) for row in fresh])


def _new_run(row: AnyRow) -> dict[str, object]:
    return {"b_mailbox": row.mailbox_id, "b_run": uuid4().hex, "b_kind": kind_of(row)}
