"""The last good run of a mailbox before its failures began, and what went wrong first after it.

Each answer is a row or two of an index, however long the history is.
"""

import datetime as dt
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, or_, select, true

from bot.domain.beginning import around
from bot.domain.catalogue import cause_of
from bot.domain.values import RUN_LEVEL, MailboxId, Outcome, RunId, RunKind
from bot.store.auditing import LINE, audit_line
from bot.store.columns import AnyRow
from bot.store.history import run_entry, services_of
from bot.store.rows import REF, mailbox_ref
from bot.store.tables import audit, failure, mailbox, run
from bot.views import AuditLine, FirstFailure, LastGood, RunEntry

DEEDS = 8
"""Lines of the audit log that are shown."""

_NO_DEEDS = ("sync started", "sync completed", "sync failed", "access refused")
"""The history shows what runs did; and what was refused changed nothing."""

_GOOD, _BAD = Outcome.SYNCED, (Outcome.FAILED, Outcome.PARTIAL)
_MAILBOX: BindParameter[Any] = bindparam("mailbox_id")
_UPTO, _SINCE = (bindparam(name, type_=run.c.started_at.type) for name in ("upto", "since"))
_OUTCOME = bindparam("outcome", type_=run.c.outcome.type)

_OF_MAILBOX = (
    select(*REF, run.c.outcome, run.c.started_at)
    .outerjoin_from(mailbox, run, run.c.id == mailbox.c.newest_run_id)
    .where(mailbox.c.id == _MAILBOX)
)
_OLDEST_UNRESOLVED = (
    select(failure.c.first_at)
    .where(failure.c.mailbox_id == _MAILBOX, failure.c.resolved_at.is_(None))
    .order_by(failure.c.first_at)
    .limit(1)
)
_OLDEST_RUN = (
    select(run.c.started_at, run.c.kind)
    .where(run.c.mailbox_id == _MAILBOX)
    .order_by(run.c.started_at, run.c.id)
    .limit(1)
)
_RUNS = select(run).where(run.c.mailbox_id == _MAILBOX, run.c.outcome == _OUTCOME)
_NEWEST = _RUNS.order_by(run.c.started_at.desc(), run.c.id.desc()).limit(1)
_NEWEST_UPTO = _NEWEST.where(run.c.started_at <= _UPTO, run.c.finished_at <= _UPTO)
_FIRST_SINCE = _RUNS.where(run.c.started_at >= _SINCE).order_by(run.c.started_at, run.c.id).limit(1)
_FAILURES = (
    select(failure.c.code, failure.c.first_at, failure.c.item)
    .where(failure.c.mailbox_id == _MAILBOX, failure.c.first_at >= _SINCE)
    .order_by(failure.c.first_at, failure.c.id)
    .limit(1)
)
_DEEDS = LINE.where(audit.c.at >= _SINCE, audit.c.at <= _UPTO, audit.c.event.not_in(_NO_DEEDS)).order_by(
    audit.c.at.desc(), audit.c.id.desc()
)
_ABOUT = (_DEEDS.where(audit.c.mailbox_id == _MAILBOX), _DEEDS.where(audit.c.mailbox_id.is_(None)))
"""About this mailbox, and about none: policies, connections, roles, incidents."""

_EARLIEST = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


def last_good(connection: Connection, mailbox_id: MailboxId, now: dt.datetime) -> LastGood | None:
    row = connection.execute(_OF_MAILBOX, {"mailbox_id": mailbox_id}).one_or_none()
    return _Search(connection, mailbox_id).answer(row, now) if row else None


class _Search:
    """One look at one mailbox."""

    def __init__(self, connection: Connection, mailbox_id: MailboxId) -> None:
        self.connection, self.mailbox_id = connection, mailbox_id

    def answer(self, row: AnyRow, now: dt.datetime) -> LastGood:
        fails_at = self._fails_at(row)
        good = self._good(fails_at)
        oldest = self._one(_OLDEST_RUN)
        bad, first = self._began(good) if fails_at else (None, None)
        known = [at for at in (bad and bad.started_at, first and first.at) if at]
        began_at = min(known, default=fails_at)
        deeds = self._deeds(began_at, good) if began_at else []
        return LastGood(
            mailbox_ref(row),
            self._entry(good),
            now,
            began_at,
            self._entry(bad),
            first,
            oldest.started_at if oldest else None,
            bool(oldest and oldest.kind is RunKind.INITIAL),
            tuple(deeds[:DEEDS]),
            len(deeds) > DEEDS,
        )

    def _fails_at(self, row: AnyRow) -> dt.datetime | None:
        """The earliest sign that something fails now: something is unresolved, or the newest run is bad."""
        unresolved = self._one(_OLDEST_UNRESOLVED)
        signs = [unresolved.first_at] if unresolved else []
        if row.outcome in _BAD:
            signs.append(row.started_at)
        return min(signs, default=None)

    def _good(self, upto: dt.datetime | None) -> AnyRow | None:
        if upto is None:
            return self._one(_NEWEST, outcome=_GOOD)
        return self._one(_NEWEST_UPTO, outcome=_GOOD, upto=upto)

    def _began(self, good: AnyRow | None) -> tuple[AnyRow | None, FirstFailure | None]:
        since = good.finished_at if good else _EARLIEST
        found = [self._one(_FIRST_SINCE, outcome=each, since=since) for each in _BAD]
        bad = min((each for each in found if each), key=lambda each: each.started_at, default=None)
        failed = self._one(_FAILURES.where(_still_failing(bad)), since=since)
        signs = [_of_failure(failed)] if failed else []
        if bad is not None and bad.code:
            signs.append(_first(bad.code, bad.finished_at, is_item=False))
        return bad, min(signs, key=lambda each: each.at, default=None)

    def _deeds(self, began_at: dt.datetime, good: AnyRow | None) -> list[AuditLine]:
        since, upto = around(began_at, good.finished_at if good else None)
        cut = {"since": since, "upto": upto, "limit": DEEDS + 1}
        lines = [audit_line(row) for each in _ABOUT for row in self._rows(each, cut)]
        return sorted(lines, key=lambda line: (line.at, line.id), reverse=True)

    def _entry(self, row: AnyRow | None) -> RunEntry | None:
        if row is None:
            return None
        key = RunId(row.id)
        return run_entry(row, services_of(self.connection, [key]).get(key, ()))

    def _one(self, statement: Select[Any], **values: Any) -> AnyRow | None:  # noqa: ANN401
        return next(iter(self._rows(statement, values)), None)

    def _rows(self, statement: Select[Any], values: dict[str, Any]) -> list[AnyRow]:
        return list(self.connection.execute(statement, values | {"mailbox_id": self.mailbox_id}))


def _still_failing(bad: AnyRow | None) -> ColumnElement[bool]:
    """Not what had healed before the first bad run began; without one, only what fails still.

    The failure of a run as a whole has the code of the newest run that failed: the first one has its own.
    """
    if bad is None:
        return failure.c.resolved_at.is_(None)
    lasted = or_(failure.c.resolved_at.is_(None), failure.c.resolved_at >= bad.started_at)
    return lasted & (failure.c.item != RUN_LEVEL if bad.code else true())


def _of_failure(row: AnyRow) -> FirstFailure:
    return _first(row.code, row.first_at, is_item=row.item != RUN_LEVEL)


def _first(code: str, at: dt.datetime, *, is_item: bool) -> FirstFailure:
    known = cause_of(code)
    return FirstFailure(code, known.cause, known.remedy, at, is_item)
