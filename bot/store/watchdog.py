"""Runs that give no sign of life any more, and mailboxes that no run has synced for too long."""

import datetime as dt

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select, union_all, update

from bot.domain.events import SyncFailed
from bot.domain.status import OVERDUE_FACTOR
from bot.domain.values import RUN_LEVEL, Frequency
from bot.ports import StuckRun
from bot.store.columns import AnyRow
from bot.store.engine_tables import mail_sync
from bot.store.recording import record_own
from bot.store.tables import failure, mailbox, policy, run

_SILENT_SINCE = bindparam("silent_since", type_=run.c.heartbeat_at.type)
_LAST_SIGN = func.coalesce(run.c.heartbeat_at, run.c.started_at)
_STUCK = (
    select(mailbox.c.key.label("mailbox_key"), run.c.key.label("run_key"), _LAST_SIGN.label("last_sign_at"))
    .join_from(run, mailbox)
    .outerjoin(mail_sync, mail_sync.c.mailbox_id == run.c.mailbox_id)
    .where(
        run.c.finished_at.is_(None),
        _LAST_SIGN < _SILENT_SINCE,
        or_(run.c.heartbeat_at.is_not(None), mail_sync.c.mailbox_id.is_not(None)),
        # The built-in engine's own word: it works on it, or waits for something, or did so until lately.
        or_(mail_sync.c.leased_until.is_(None), mail_sync.c.leased_until <= _SILENT_SINCE),
        or_(mail_sync.c.resume_at.is_(None), mail_sync.c.resume_at <= _SILENT_SINCE),
    )
    .order_by(_LAST_SIGN, run.c.id)
    .limit(bindparam("limit"))
)
_FREE = (
    update(mail_sync)
    .where(mail_sync.c.run_key == bindparam("b_run"))
    .values(
        run_key=None,
        run_kind=None,
        began_at=None,
        listed=False,
        pauses=0,
        changes=0,
        bytes=0,
        resume_at=None,
        leased_by=None,
        leased_until=None,
        due_at=bindparam("b_now"),
    )
)
_ITS_MAILBOX = select(mailbox.c.id).where(mailbox.c.key == bindparam("b_mailbox")).scalar_subquery()
# An engine outside that only was silent may still tell how the run ended: then that counts.
_PRESUMED = (
    update(run).where(run.c.mailbox_id == _ITS_MAILBOX, run.c.key == bindparam("b_run")).values(presumed=True)
)
_NOT_ITS_OWN_WORD = (
    update(failure)
    .where(
        failure.c.mailbox_id == _ITS_MAILBOX,
        failure.c.service == RUN_LEVEL,
        failure.c.item == RUN_LEVEL,
        failure.c.run_key == bindparam("b_run"),
    )
    .values(run_key=None)
)
_ACTIVE = select(policy.c.id, policy.c.every, policy.c.unit).where(policy.c.active).order_by(policy.c.id)
_BEFORE = bindparam("before", type_=mailbox.c.last_success_at.type)
_HAS_FAILED = exists().where(
    failure.c.mailbox_id == mailbox.c.id,
    failure.c.service == RUN_LEVEL,
    failure.c.item == RUN_LEVEL,
    failure.c.resolved_at.is_(None),
)
_LATE = (
    select(mailbox.c.key, func.coalesce(mailbox.c.last_success_at, mailbox.c.policy_since).label("since"))
    .where(mailbox.c.policy_id == bindparam("policy"), mailbox.c.live_run_id.is_(None), ~_HAS_FAILED)
    .limit(bindparam("limit"))
)
_SUCCEEDED_LONG_AGO = _LATE.where(mailbox.c.last_success_at < _BEFORE).subquery()
_NEVER_SUCCEEDED = _LATE.where(
    and_(mailbox.c.last_success_at.is_(None), mailbox.c.policy_since < _BEFORE)
).subquery()
_OVERDUE = union_all(select(_SUCCEEDED_LONG_AGO), select(_NEVER_SUCCEEDED))


def stuck(
    connection: Connection, now: dt.datetime, silent_since: dt.datetime, limit: int
) -> tuple[StuckRun, ...]:
    """What the built-in engine keeps beyond `now` is not stuck, whatever `silent_since` is."""
    values = {"silent_since": min(now, silent_since), "limit": limit}
    return tuple(StuckRun(*row) for row in connection.execute(_STUCK, values))


def overdue(connection: Connection, now: dt.datetime, limit: int) -> tuple[str, ...]:
    """As domain.status.is_overdue says it, policy by policy, so that an index finds the few that are late."""
    late = [row for one in connection.execute(_ACTIVE) for row in _late(connection, one, now, limit)]
    return tuple(row.key for row in sorted(late, key=lambda row: row.since)[:limit])


def end(connection: Connection, run: StuckRun, ended: SyncFailed) -> None:
    """Record the end. Where it was the built-in engine's, a new run goes on from the checkpoint at once.

    Whoever works on it after all finds that the run is no longer its own.
    """
    connection.execute(_FREE, {"b_run": run.run_key, "b_now": ended.at})
    record_own(connection, [ended], ended.at)
    for statement in (_PRESUMED, _NOT_ITS_OWN_WORD):
        connection.execute(statement, {"b_run": run.run_key, "b_mailbox": run.mailbox_key})


def _late(connection: Connection, one: AnyRow, now: dt.datetime, limit: int) -> list[AnyRow]:
    before = now - OVERDUE_FACTOR * Frequency(one.every, one.unit).interval
    values = {"policy": one.id, "before": before, "limit": limit}
    return list(connection.execute(_OVERDUE, values))
