"""What is shown of incidents: their messages, their lists, and what routing must know of them."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from bot.domain.catalogue import Cause, Scope, cause_of
from bot.domain.routing import Facts
from bot.domain.storms import RETRIED_AT_ONCE, Key
from bot.domain.values import AlertId, Frequency, MailboxId
from bot.store.alert_tables import alert, incident
from bot.store.columns import AnyRow
from bot.store.credential_cards import expired
from bot.store.handled import HANDLED, handled
from bot.store.incident_rows import COUNTS, NAMED, TELLING
from bot.store.incident_survey import IS_INCIDENT, UNRESOLVED
from bot.store.rows import MAILBOX_ROW, REF, clamped, mailbox_ref, mailbox_row, offset
from bot.store.tables import failure, mailbox, policy
from bot.views import IncidentCard, IncidentRef, MailboxList, MailboxRef

_ID = bindparam("id", type_=alert.c.id.type)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_INCIDENTS = (
    select(
        alert.c.id,
        alert.c.code,
        alert.c.connection,
        alert.c.opened_at,
        alert.c.cleared_at,
        *HANDLED,
        *(incident.c[name] for name in COUNTS),
    )
    .join_from(alert, incident)
    .where(IS_INCIDENT, alert.c.id.in_(_IDS))
)
_FAILING = select(failure.c.mailbox_id).where(failure.c.incident_id == _ID, UNRESOLVED).distinct().subquery()
_REFS = select(*REF).where(mailbox.c.id.in_(_IDS))
_POLICIES = select(mailbox.c.policy_id).join_from(_FAILING, mailbox, mailbox.c.id == _FAILING.c.mailbox_id)
_FREQUENCIES = select(policy.c.every, policy.c.unit).where(policy.c.active, policy.c.id.in_(_POLICIES))
_CODE = select(alert.c.code).where(alert.c.id == _ID)
_COUNT = select(func.count()).select_from(_FAILING)
_PAGE = (
    select(*MAILBOX_ROW)
    .join_from(_FAILING, mailbox, mailbox.c.id == _FAILING.c.mailbox_id)
    .join(policy)
    .order_by(mailbox.c.source, mailbox.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_MEMBERS = (
    select(mailbox.c.key, mailbox.c.source, policy.c.key.label("policy"))
    .join_from(mailbox, policy)
    .where(mailbox.c.id.in_(select(failure.c.mailbox_id).where(failure.c.incident_id == _ID)))
)
_COVERING = (
    select(failure.c.mailbox_id, func.min(TELLING.c.id).label("id"), func.min(TELLING.c.code).label("code"))
    .outerjoin_from(failure, TELLING, TELLING.c.id == failure.c.incident_id)
    .where(failure.c.mailbox_id.in_(_IDS), UNRESOLVED)
    .group_by(failure.c.mailbox_id)
    .having(func.count() == func.count(TELLING.c.id))
)


def incident_cards(connection: Connection, ids: Collection[AlertId]) -> dict[AlertId, IncidentCard]:
    """Of those that are incidents."""
    rows = connection.execute(_INCIDENTS, {"ids": list(ids)}).all()
    return {row.id: _card(connection, row) for row in rows}


def failing(connection: Connection, incident_id: AlertId, number: int, size: int) -> MailboxList:
    chosen = {"id": incident_id}
    page = clamped(number, size, connection.execute(_COUNT, chosen).scalar_one())
    rows = connection.execute(_PAGE, chosen | offset(page))
    code = connection.execute(_CODE, chosen).scalar_one_or_none() or ""
    return MailboxList(tuple(map(mailbox_row, rows)), page, cause=cause_of(code).cause)


def incident_facts(connection: Connection, ids: Collection[AlertId]) -> dict[AlertId, Facts]:
    """Of those that are incidents: all their mailboxes, healed ones too."""
    rows = connection.execute(_INCIDENTS, {"ids": list(ids)}).all()
    return {row.id: _facts(connection, row) for row in rows}


def covering(connection: Connection, mailboxes: Collection[MailboxId]) -> Mapping[MailboxId, IncidentRef]:
    """For mailboxes of which incidents tell all that fails, one that does."""
    rows = connection.execute(_COVERING, {"ids": list(mailboxes)})
    return {row.mailbox_id: IncidentRef(AlertId(row.id), cause_of(row.code).cause) for row in rows}


def _card(connection: Connection, row: AnyRow) -> IncidentCard:
    known, is_open = cause_of(row.code), row.cleared_at is None
    return IncidentCard(
        id=row.id,
        code=row.code,
        cause=known.cause,
        remedy=known.remedy,
        connection=row.connection or None,
        opened_at=row.opened_at,
        cleared_at=row.cleared_at,
        mailboxes=row.mailboxes,
        failing=row.failing,
        retrying=row.retrying,
        dismissed=row.dismissed,
        heals_by_itself=known.heals_by_itself,
        synced_within=_synced_within(connection, row.id, known) if is_open else None,
        first=_first(connection, row.id) if is_open else (),
        retried_at_once=RETRIED_AT_ONCE,
        handled=handled(row, row.mailboxes),
        expired=expired(connection, Key(row.code, row.connection)) if is_open and row.connection else None,
    )


def _first(connection: Connection, incident_id: AlertId) -> tuple[MailboxRef, ...]:
    named = connection.execute(NAMED, {"id": incident_id}).scalars().all()
    refs = {row.id: mailbox_ref(row) for row in connection.execute(_REFS, {"ids": named})}
    return tuple(refs[each] for each in named)


def _synced_within(connection: Connection, incident_id: AlertId, cause: Cause) -> timedelta | None:
    """The longest interval of their policies. What is permanent and an item's, runs do not try again."""
    if cause.scope is Scope.ITEM and not cause.heals_by_itself:
        return None
    rows = connection.execute(_FREQUENCIES, {"id": incident_id})
    return max((Frequency(row.every, row.unit).interval for row in rows), default=None)


def _facts(connection: Connection, row: AnyRow) -> Facts:
    members = connection.execute(_MEMBERS, {"id": row.id}).all()
    return Facts(
        mailboxes=frozenset(member.key for member in members),
        domains=frozenset(member.source.rpartition("@")[2].lower() for member in members),
        policies=frozenset(member.policy for member in members),
        causes=frozenset({row.code}),
    )
