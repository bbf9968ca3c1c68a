"""What an alert's message shows, for many alerts at once and without anybody's subjects."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, case, func, literal_column, select

from bot.domain.retrying import should_escalate
from bot.domain.routing import Mute
from bot.domain.status import mailbox_status
from bot.domain.values import AlertId, FailureState, MailboxId
from bot.store.alert_tables import alert
from bot.store.columns import AnyRow
from bot.store.handled import HANDLED, handled
from bot.store.incident_cards import covering
from bot.store.muting import mutes_of, told
from bot.store.rows import FACTS, LINE, failure_line, run_facts
from bot.store.tables import failure, mailbox, policy
from bot.store.under_way import asked_for_of
from bot.views import NOTHING, AlertCard, Dismissal, FailureLine, IncidentRef, MailboxRef, UnderWay

LINES = 5
"""Failures that an alert names, the oldest first."""

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ALERTS = (
    select(
        alert.c.id,
        alert.c.mailbox_id,
        alert.c.opened_at,
        alert.c.cleared_at,
        *HANDLED,
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
_ENDED = (failure.c.alert_id, failure.c.resolved_by, failure.c.state, failure.c.reason)
_RESOLVED = (
    select(*_ENDED, func.count().label("ended"))
    .where(failure.c.alert_id.in_(_IDS), failure.c.resolved_at.is_not(None))
    .group_by(*_ENDED)
    .order_by(failure.c.alert_id, func.min(failure.c.resolved_at), literal_column("2"), literal_column("4"))
)


@dataclass(frozen=True, slots=True)
class _Unresolved:
    """What mailboxes are up to whose alerts are open."""

    lines: Mapping[MailboxId, tuple[FailureLine, ...]]
    states: Mapping[MailboxId, AnyRow]
    muted: Mapping[MailboxId, Mute]
    told_by: Mapping[MailboxId, IncidentRef]
    under_way: Mapping[MailboxId, UnderWay]


def alert_cards(connection: Connection, ids: Collection[AlertId]) -> dict[AlertId, AlertCard]:
    rows = connection.execute(_ALERTS, {"ids": list(ids)}).all()
    unresolved = _unresolved(
        connection, {row.mailbox_id: _ref(row) for row in rows if row.cleared_at is None}
    )
    ended = _ended(connection, ids)
    cards = (_ended_card(row, ended[row.id]) for row in rows)
    return {
        row.id: _open_card(row, card, unresolved) if row.cleared_at is None else card
        for row, card in zip(rows, cards, strict=True)
    }


def _unresolved(connection: Connection, refs: dict[MailboxId, MailboxRef]) -> _Unresolved:
    states = connection.execute(_STATE, {"ids": list(refs)})
    return _Unresolved(
        _lines(connection, refs),
        {row.mailbox_id: row for row in states},
        mutes_of(connection, refs),
        covering(connection, refs),
        asked_for_of(connection, refs),
    )


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


def _ended_card(row: AnyRow, ended: Sequence[AnyRow]) -> AlertCard:
    """Once cleared, an alert says nothing of failures that came later: those have an alert of their own."""
    resolved = [one for one in ended if one.state is FailureState.RESOLVED]
    dismissed = [one for one in ended if one.state is FailureState.DISMISSED]
    return AlertCard(
        id=row.id,
        mailbox=_ref(row),
        policy=row.policy,
        status=mailbox_status(run_facts(row)),
        opened_at=row.opened_at,
        cleared_at=row.cleared_at,
        lines=(),
        open_failures=0,
        retrying=0,
        resolved=sum(one.ended for one in resolved),
        next_sync_at=row.next_sync_at if row.active else None,
        resolved_by=tuple(dict.fromkeys(one.resolved_by for one in resolved)),
        handled=handled(row),
        dismissals=tuple(Dismissal(one.resolved_by, one.ended, one.reason or "") for one in dismissed),
    )


def _since_opened(row: AnyRow, under_way: UnderWay) -> UnderWay:
    retries = tuple(each for each in under_way.retries if each.began_at >= row.opened_at)
    return replace(under_way, retries=retries)


def _open_card(row: AnyRow, card: AlertCard, unresolved: _Unresolved) -> AlertCard:
    mute, count = unresolved.muted.get(row.mailbox_id), row.open_failures + card.ever
    state = unresolved.states.get(row.mailbox_id)
    return replace(
        card,
        lines=unresolved.lines.get(row.mailbox_id, ()),
        open_failures=row.open_failures,
        retrying=state.retrying if state else 0,
        part_of=unresolved.told_by.get(row.mailbox_id),
        under_way=_since_opened(row, unresolved.under_way.get(row.mailbox_id, NOTHING)),
        handled=handled(row, count, muted=told(mute, row.policy) if mute else None),
        escalate=bool(state and should_escalate(state.returns, state.failed_retries)),
    )
