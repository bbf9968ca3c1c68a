"""What a digest counts: of a period by the indexes of times, of now by those of what is open.

No query reads a mailbox's or a run's row where an index holds all that is asked.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    case,
    distinct,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from bot.domain.catalogue import CATALOGUE, cause_of
from bot.domain.digests import Period, is_late, parts
from bot.domain.routing import Filter, urgency_of
from bot.domain.values import SYSTEM, AlertId, FailureState, RunStatus
from bot.domain.wishes import Cadence, DigestPlan, Urgency
from bot.store.columns import AnyRow
from bot.store.tables import failure, mailbox, policy, run
from bot.views import DigestCard, DigestCause, DigestPart

CAUSES = 5
"""How many causes a digest names."""

_BY_TIME = run.c.mailbox_id + literal_column("0")
"""Has SQLite look at a part's runs once: mailbox by mailbox it would look at the rows of all of them."""

_UNRESOLVED = failure.c.resolved_at.is_(None)
_IS_HEALED = failure.c.state == FailureState.RESOLVED


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a channel's filter takes, as conditions. `part` numbers a time's part of the period."""

    wanted: Filter
    period: Period
    begins: tuple[dt.datetime, ...]

    def during(self, time: Column[Any]) -> tuple[ColumnElement[bool], ...]:
        return time >= self.period.begins_at, time < self.period.ends_at

    def part(self, time: Column[Any]) -> ColumnElement[int]:
        later = [(time < begin, number) for number, begin in enumerate(self.begins[1:])]
        last = literal(len(self.begins) - 1, Integer)
        return case(*later, else_=last) if later else last

    @property
    def mailboxes(self) -> list[ColumnElement[bool]]:
        """On mailbox, joined with policy."""
        wanted, found = self.wanted, list[ColumnElement[bool]]()
        if wanted.mailboxes:
            found.append(mailbox.c.key.in_(sorted(wanted.mailboxes)))
        if wanted.policies:
            found.append(policy.c.key.in_(sorted(wanted.policies)))
        if wanted.domains:
            source = func.lower(mailbox.c.source)
            found.append(
                or_(*(source.endswith(f"@{each}", autoescape=True) for each in sorted(wanted.domains)))
            )
        return found

    @property
    def causes(self) -> list[ColumnElement[bool]]:
        """On failure. A code that the catalogue does not have is an error, as in bot.domain.routing."""
        wanted, found = self.wanted, list[ColumnElement[bool]]()
        if wanted.causes:
            found.append(failure.c.code.in_(sorted(wanted.causes)))
        if wanted.least is Urgency.ERROR:
            found.append(failure.c.code.not_in(_codes_of(Urgency.WARNING)))
        if wanted.least is Urgency.CRITICAL:
            found.append(failure.c.code.in_(_codes_of(Urgency.CRITICAL)))
        return found

    def of_theirs(self, mailbox_id: ColumnElement[int]) -> list[ColumnElement[bool]]:
        """On a table that refers to mailboxes; nothing where the filter does not look at them."""
        conditions = self.mailboxes
        if not conditions:
            return []
        return [mailbox_id.in_(select(mailbox.c.id).join_from(mailbox, policy).where(*conditions))]


def counted(
    connection: Connection, plan: DigestPlan, wanted: Filter, period: Period, now: dt.datetime
) -> DigestCard:
    scope = _Scope(wanted, period, parts(plan, period))
    known, began, ended = _mailboxes(connection, scope), _began(connection, scope), _ended(connection, scope)
    causes, changes = _causes(connection, scope), _changes(connection, scope)
    failed_mailboxes = _failed_mailboxes(connection, scope)
    return DigestCard(
        id=AlertId(0),
        zone=plan.zone,
        is_weekly=plan.cadence is Cadence.WEEKLY,
        begins_at=period.begins_at,
        ends_at=period.ends_at,
        counted_at=now,
        is_late=is_late(period, now),
        is_filtered=not wanted.takes_all,
        mailboxes=known.mailboxes,
        synced=_synced(connection, scope),
        changes=sum(changes.values()),
        failed=sum(began.values()),
        failed_mailboxes=failed_mailboxes,
        healed_by_itself=sum(row.by_itself for row in ended),
        healed_by_click=sum(row.healed - row.by_itself for row in ended),
        dismissed=sum(row.dismissed for row in ended),
        unresolved=sum(each.failures for each in causes),
        unresolved_mailboxes=_unresolved_mailboxes(connection, scope),
        never_synced=known.mailboxes - known.succeeded,
        oldest_success_at=known.oldest,
        causes=tuple(causes[:CAUSES]),
        more_causes=max(0, len(causes) - CAUSES),
        parts=_parts(scope, changes, began, {row.part: row.healed for row in ended}),
    )


def _codes_of(urgency: Urgency) -> list[str]:
    return sorted(code for code in CATALOGUE if urgency_of(code) is urgency)


def _parts(
    scope: _Scope, changes: Mapping[int, int], failed: Mapping[int, int], healed: Mapping[int, int]
) -> tuple[DigestPart, ...]:
    return tuple(
        DigestPart(begin, changes.get(number, 0), failed.get(number, 0), healed.get(number, 0))
        for number, begin in enumerate(scope.begins)
    )


def _mailboxes(connection: Connection, scope: _Scope) -> AnyRow:
    columns = (
        func.count().label("mailboxes"),
        func.count(mailbox.c.last_success_at).label("succeeded"),
        func.min(mailbox.c.last_success_at).label("oldest"),
    )
    found = select(*columns).join_from(mailbox, policy).where(policy.c.active, *scope.mailboxes)
    return connection.execute(found).one()


def _synced(connection: Connection, scope: _Scope) -> int:
    """By each mailbox's last success; runs are looked at only where that came after the period."""
    begins_at, ends_at = scope.period.begins_at, scope.period.ends_at
    succeeded_then = exists().where(
        run.c.mailbox_id == mailbox.c.id,
        *scope.during(run.c.finished_at),
        run.c.status == RunStatus.SUCCEEDED,
    )
    last = mailbox.c.last_success_at
    found = (
        select(func.count())
        .select_from(mailbox.join(policy))
        .where(last >= begins_at, or_(last < ends_at, succeeded_then), policy.c.active, *scope.mailboxes)
    )
    return connection.execute(found).scalar_one()


def _changes(connection: Connection, scope: _Scope) -> dict[int, int]:
    """A query for each part: to group millions of runs takes ten times as long."""
    bounds = pairwise((*scope.begins, scope.period.ends_at))
    return {number: _changes_within(connection, scope, *pair) for number, pair in enumerate(bounds)}


def _changes_within(connection: Connection, scope: _Scope, begin: dt.datetime, end: dt.datetime) -> int:
    found = select(func.coalesce(func.sum(run.c.changes), 0)).where(
        run.c.finished_at >= begin, run.c.finished_at < end, *scope.of_theirs(_BY_TIME)
    )
    return int(connection.execute(found).scalar_one())


def _began(connection: Connection, scope: _Scope) -> dict[int, int]:
    part = scope.part(failure.c.first_at).label("part")
    found = (
        select(part, func.count().label("failed"))
        .where(*scope.during(failure.c.first_at), *scope.causes, *scope.of_theirs(failure.c.mailbox_id))
        .group_by(part)
    )
    return {row.part: row.failed for row in connection.execute(found)}


def _failed_mailboxes(connection: Connection, scope: _Scope) -> int:
    found = select(func.count(distinct(failure.c.mailbox_id))).where(
        *scope.during(failure.c.first_at), *scope.causes, *scope.of_theirs(failure.c.mailbox_id)
    )
    return connection.execute(found).scalar_one()


def _ended(connection: Connection, scope: _Scope) -> Sequence[AnyRow]:
    part = scope.part(failure.c.resolved_at).label("part")
    by_itself = _IS_HEALED & (failure.c.resolved_by == SYSTEM)
    found = (
        select(
            part,
            _number(_IS_HEALED).label("healed"),
            _number(by_itself).label("by_itself"),
            _number(failure.c.state == FailureState.DISMISSED).label("dismissed"),
        )
        .where(*scope.during(failure.c.resolved_at), *scope.causes, *scope.of_theirs(failure.c.mailbox_id))
        .group_by(part)
    )
    return connection.execute(found).all()


def _causes(connection: Connection, scope: _Scope) -> list[DigestCause]:
    """The one of most mailboxes first."""
    mailboxes, failures = func.count(distinct(failure.c.mailbox_id)), func.count()
    found = (
        select(failure.c.code, failures.label("failures"), mailboxes.label("mailboxes"))
        .where(_UNRESOLVED, *scope.causes, *scope.of_theirs(failure.c.mailbox_id))
        .group_by(failure.c.code)
        .order_by(mailboxes.desc(), failures.desc(), failure.c.code)
    )
    return [_cause(row) for row in connection.execute(found)]


def _cause(row: AnyRow) -> DigestCause:
    known = cause_of(row.code)
    return DigestCause(
        row.code, known.cause, known.remedy, known.heals_by_itself, row.failures, row.mailboxes
    )


def _unresolved_mailboxes(connection: Connection, scope: _Scope) -> int:
    found = select(func.count(distinct(failure.c.mailbox_id))).where(
        _UNRESOLVED, *scope.causes, *scope.of_theirs(failure.c.mailbox_id)
    )
    return connection.execute(found).scalar_one()


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
