"""What an alert's message shows, for many alerts at once and without anybody's subjects."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, case, func, literal_column, select

from bot.domain.retrying import should_escalate
from bot.domain.routing import Mute, MuteKind
from bot.domain.status import mailbox_status
from bot.domain.values import AlertId, FailureState, MailboxId
from bot.store.alert_tables import alert
from bot.store.columns import AnyRow
from bot.store.muting import mutes_of
from bot.store.rows import FACTS, LINE, failure_line, run_facts
from bot.store.tables import failure, mailbox, policy
from bot.views import AlertCard, FailureLine, Handled, MailboxRef, Muted

LINES = 5
"""Failures that an alert names, the oldest first."""

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ALERTS = (
    select(
        alert.c.id,
        alert.c.mailbox_id,
        alert.c.opened_at,
        alert.c.cleared_at,
        alert.c.acknowledged_by,
        alert.c.acknowledged_at,
        alert.c.snoozed_by,
        alert.c.snoozed_until,
        mailbox.c.source,
        mailbox.c.destination,
        mailbox.c.open_failures,
        mailbox.c.next_sync_at,
        *FACTS,
        policy.c.name.label("policy"),
        policy.c.active,
    )
    .join_from(alert, mailbox)
    .join(policy)
    .where(alert.c.id.in_(_IDS))
)
_RANK = func.row_number().over(partition_by=failure.c.mailbox_id, order_by=(failure.c.first_at, failure.c.id))
_RANKED = (
    select(*LINE, _RANK.label("rank"))
    .where(failure.c.mailbox_id.in_(_IDS), failure.c.resolved_at.is_(None))
    .subquery()
)
_LINES = select(_RANKED).where(_RANKED.c.rank <= LINES).order_by(_RANKED.c.mailbox_id, _RANKED.c.rank)
_STATE = (
    select(
        failure.c.mailbox_id,
        func.sum(case((failure.c.state == FailureState.RETRYING, 1), else_=0)).label("retrying"),
        func.max(failure.c.returns).label("returns"),
        func.max(failure.c.failed_retries).label("failed_retries"),
    )
    .where(failure.c.mailbox_id.in_(_IDS), failure.c.resolved_at.is_(None))
    .group_by(failure.c.mailbox_id)
)
_RESOLVED = (
    select(failure.c.alert_id, failure.c.resolved_by, failure.c.state, func.count().label("ended"))
    .where(failure.c.alert_id.in_(_IDS), failure.c.resolved_at.is_not(None))
    .group_by(failure.c.alert_id, failure.c.resolved_by, failure.c.state)
    .order_by(failure.c.alert_id, func.min(failure.c.resolved_at), literal_column("2"))
)


def alert_cards(connection: Connection, ids: Collection[AlertId]) -> dict[AlertId, AlertCard]:
    rows = connection.execute(_ALERTS, {"ids": list(ids)}).all()
    still_open = {row.mailbox_id: _ref(row) for row in rows if row.cleared_at is None}
    lines = _lines(connection, still_open)
    states = {row.mailbox_id: row for row in connection.execute(_STATE, {"ids": list(still_open)})}
    ended, muted = _ended(connection, ids), mutes_of(connection, still_open)
    return {
        row.id: _card(
            row,
            lines.get(row.mailbox_id, ()),
            states.get(row.mailbox_id),
            ended[row.id],
            _handled(row, muted.get(row.mailbox_id)),
        )
        for row in rows
    }


def _ref(row: AnyRow) -> MailboxRef:
    return MailboxRef(row.mailbox_id, row.source, row.destination)


def _lines(
    connection: Connection, refs: dict[MailboxId, MailboxRef]
) -> dict[MailboxId, tuple[FailureLine, ...]]:
    found: dict[MailboxId, tuple[FailureLine, ...]] = {}
    for row in connection.execute(_LINES, {"ids": list(refs)}):
        line = replace(failure_line(row, refs[row.mailbox_id]), subject=None, sender=None)
        found[row.mailbox_id] = (*found.get(row.mailbox_id, ()), line)
    return found


def _ended(connection: Connection, ids: Collection[AlertId]) -> dict[AlertId, list[AnyRow]]:
    """For each alert, how its failures ended, by whom, and how many."""
    found: dict[AlertId, list[AnyRow]] = {alert_id: [] for alert_id in ids}
    for row in connection.execute(_RESOLVED, {"ids": list(ids)}):
        found[row.alert_id].append(row)
    return found


def _handled(row: AnyRow, mute: Mute | None) -> Handled:
    """Once cleared, there is nothing left to be quiet about."""
    if row.cleared_at is not None:
        return Handled(row.acknowledged_by, row.acknowledged_at)
    what = "mailbox" if mute and mute.kind is MuteKind.MAILBOX else f"policy {row.policy}"
    muted = Muted(what, mute.by, mute.until, mute.reason) if mute else None
    return Handled(row.acknowledged_by, row.acknowledged_at, row.snoozed_by, row.snoozed_until, muted)


def _card(
    row: AnyRow,
    lines: tuple[FailureLine, ...],
    state: AnyRow | None,
    ended: Sequence[AnyRow],
    handled: Handled,
) -> AlertCard:
    """Once cleared, an alert says nothing of failures that came later: those have an alert of their own."""
    is_open = row.cleared_at is None
    resolved = [one for one in ended if one.state is FailureState.RESOLVED]
    dismissed = [one for one in ended if one.state is FailureState.DISMISSED]
    return AlertCard(
        id=row.id,
        mailbox=_ref(row),
        policy=row.policy,
        status=mailbox_status(run_facts(row)),
        opened_at=row.opened_at,
        cleared_at=row.cleared_at,
        lines=lines if is_open else (),
        open_failures=row.open_failures if is_open else 0,
        retrying=state.retrying if state and is_open else 0,
        resolved=sum(one.ended for one in resolved),
        next_sync_at=row.next_sync_at if row.active else None,
        resolved_by=tuple(one.resolved_by for one in resolved),
        handled=handled,
        dismissed=sum(one.ended for one in dismissed),
        dismissed_by=tuple(one.resolved_by for one in dismissed),
        escalate=bool(state and is_open and should_escalate(state.returns, state.failed_retries)),
    )
