"""What is shown of credentials that expire, and what routing must know of their alerts."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, exists, func, or_, select

from bot.domain.catalogue import cause_of
from bot.domain.expiring import urgency_of_step
from bot.domain.routing import Facts
from bot.domain.storms import Key
from bot.domain.values import AlertId, Step
from bot.store.alert_tables import alert, credential
from bot.store.columns import AnyRow
from bot.store.credential_rows import IS_CREDENTIAL, IS_OPEN
from bot.store.engine_tables import connection as connections
from bot.store.engine_tables import mail_policy
from bot.store.tables import mailbox, policy
from bot.views import CredentialCard, Expired, IncidentRef

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_TELLING = alert.alias("telling_incident")
_TELLS = and_(
    credential.c.step == Step.EXPIRED.value,
    _TELLING.c.kind == "incident",
    _TELLING.c.cleared_at.is_(None),
    _TELLING.c.code == alert.c.code,
    _TELLING.c.connection == alert.c.connection,
)
_ROWS = (
    select(
        alert.c.id,
        alert.c.code,
        alert.c.connection,
        alert.c.opened_at,
        alert.c.cleared_at,
        credential,
        _TELLING.c.id.label("incident_id"),
    )
    .select_from(alert.join(credential).outerjoin(_TELLING, _TELLS))
    .where(IS_CREDENTIAL, alert.c.id.in_(_IDS))
)
_THE_CONNECTION = select(connections.c.id).where(connections.c.name == bindparam("name")).scalar_subquery()
_THEIRS = mailbox.c.policy_id.in_(
    select(mail_policy.c.policy_id).where(
        or_(
            mail_policy.c.source_connection_id == _THE_CONNECTION,
            mail_policy.c.destination_connection_id == _THE_CONNECTION,
        )
    )
)
_COUNT = select(func.count()).select_from(mailbox).where(_THEIRS)
_MAILBOXES = (
    select(mailbox.c.key, mailbox.c.source, policy.c.key.label("policy"))
    .join_from(mailbox, policy)
    .where(_THEIRS)
)
_EXPIRED = (
    select(credential)
    .join_from(alert, credential)
    .where(
        IS_OPEN,
        alert.c.code == bindparam("code"),
        alert.c.connection == bindparam("name"),
        credential.c.step == Step.EXPIRED.value,
    )
)


def told_by_incident() -> ColumnElement[bool]:
    """Of an alert: it is about a credential that has expired, which an incident tells."""
    return exists().where(credential.c.alert_id == alert.c.id, _TELLS)


def credential_cards(connection: Connection, ids: Collection[AlertId]) -> dict[AlertId, CredentialCard]:
    """Of those that are about a credential."""
    rows = connection.execute(_ROWS, {"ids": list(ids)}).all()
    return {row.id: _card(connection, row) for row in rows}


def credential_facts(connection: Connection, ids: Collection[AlertId]) -> dict[AlertId, Facts]:
    """Of those that are about a credential: all mailboxes that need it."""
    rows = connection.execute(_ROWS, {"ids": list(ids)}).all()
    return {row.id: _facts(connection, row) for row in rows}


def expired(connection: Connection, key: Key) -> Expired | None:
    row = connection.execute(_EXPIRED, {"code": key.code, "name": key.connection}).first()
    return Expired(row.credential, row.expires_at, row.declared) if row else None


def _card(connection: Connection, row: AnyRow) -> CredentialCard:
    return CredentialCard(
        id=row.id,
        connection=row.connection,
        credential=row.credential,
        expires_at=row.expires_at,
        is_declared=row.declared,
        step=Step(row.step),
        opened_at=row.opened_at,
        cleared_at=row.cleared_at,
        ending=row.ending,
        mailboxes=connection.execute(_COUNT, {"name": row.connection}).scalar_one(),
        part_of=IncidentRef(row.incident_id, cause_of(row.code).cause) if row.incident_id else None,
    )


def _facts(connection: Connection, row: AnyRow) -> Facts:
    theirs = connection.execute(_MAILBOXES, {"name": row.connection}).all()
    return Facts(
        mailboxes=frozenset(each.key for each in theirs),
        domains=frozenset(each.source.rpartition("@")[2].lower() for each in theirs),
        policies=frozenset(each.policy for each in theirs),
        causes=frozenset({row.code}),
        own=urgency_of_step(Step(row.step)),
    )
