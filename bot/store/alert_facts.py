"""What routing must know of alerts, for many at once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from bot.domain.catalogue import CATALOGUE, Scope
from bot.domain.routing import Facts, Standing
from bot.domain.values import AlertId, AlertKind, MailboxId
from bot.store.alert_tables import alert, incident
from bot.store.columns import AnyRow
from bot.store.credential_cards import credential_facts, told_by_incident
from bot.store.incident_cards import incident_facts
from bot.store.incident_rows import covered, near_a_storm
from bot.store.tables import failure, mailbox, policy

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_MAILBOXES = (
    select(alert.c.id, alert.c.mailbox_id, mailbox.c.key, mailbox.c.source, policy.c.key.label("policy"))
    .join_from(alert, mailbox)
    .join(policy)
    .where(alert.c.id.in_(_IDS))
)
# By themselves: joined with alerts, PostgreSQL compares all of both while it does not know yet that many are
# unresolved by now, as in the first minute of a storm.
_CODES = (
    select(failure.c.mailbox_id, failure.c.code)
    .where(failure.c.mailbox_id.in_(bindparam("mailboxes", expanding=True)), failure.c.resolved_at.is_(None))
    .distinct()
)
_STANDING = select(
    alert.c.id,
    alert.c.kind,
    alert.c.code,
    alert.c.opened_at,
    alert.c.cleared_at,
    alert.c.snoozed_until,
    covered().label("is_covered"),
    told_by_incident().label("is_told"),
    near_a_storm().label("is_near"),
).where(alert.c.id.in_(_IDS))
_FAILURES = (
    select(failure.c.alert_id.label("id"), func.count().label("count_"))
    .where(failure.c.alert_id.in_(_IDS))
    .group_by(failure.c.alert_id)
)
_MEMBERS = select(incident.c.alert_id.label("id"), incident.c.mailboxes.label("count_")).where(
    incident.c.alert_id.in_(_IDS)
)
NOTHING = Facts(frozenset(), frozenset(), frozenset(), frozenset())


def facts(connection: Connection, ids: Collection[AlertId]) -> Mapping[AlertId, Facts]:
    """Of open alerts, by what fails now."""
    rows = connection.execute(_MAILBOXES, {"ids": list(ids)}).all()
    codes: dict[MailboxId, set[str]] = {}
    for row in connection.execute(_CODES, {"mailboxes": [row.mailbox_id for row in rows]}):
        codes.setdefault(row.mailbox_id, set()).add(row.code)
    found = {row.id: _facts(row, codes.get(row.mailbox_id, ())) for row in rows}
    others = [each for each in ids if each not in found]
    return found | incident_facts(connection, others) | credential_facts(connection, others)


def standings(connection: Connection, ids: Collection[AlertId]) -> Mapping[AlertId, Standing]:
    known = facts(connection, ids)
    rows = connection.execute(_STANDING, {"ids": list(ids)})
    return {row.id: _standing(row, known.get(row.id, NOTHING)) for row in rows}


def counts(connection: Connection, ids: Sequence[AlertId]) -> Mapping[AlertId, int]:
    """How many failures an alert ever had, or mailboxes an incident."""
    queries = (_FAILURES, _MEMBERS)
    return {row.id: row.count_ for query in queries for row in connection.execute(query, {"ids": list(ids)})}


def _facts(row: AnyRow, codes: Collection[str]) -> Facts:
    return Facts(
        mailboxes=frozenset({row.key}),
        domains=frozenset({row.source.rpartition("@")[2].lower()}),
        policies=frozenset({row.policy}),
        causes=frozenset(codes),
    )


def _standing(row: AnyRow, known: Facts) -> Standing:
    is_alone = row.kind is AlertKind.MAILBOX
    return Standing(
        facts=known,
        opened_at=row.opened_at,
        is_covered=bool(row.is_told) or (is_alone and row.cleared_at is None and bool(row.is_covered)),
        snoozed_until=row.snoozed_until,
        gathers=is_alone and (bool(row.is_near) or _is_of_connection(known)),
    )


def _is_of_connection(known: Facts) -> bool:
    scopes = {cause.scope for code in known.causes if (cause := CATALOGUE.get(code))}
    return scopes == {Scope.CONNECTION}
