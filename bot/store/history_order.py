"""In which order a mailbox's history stands: what kind each entry is of, and its row.

Each kind is read newest first by an index of its own, as far as the page that is shown and no further; then
they are merged. So a page costs the same whether a mailbox has had a hundred runs or a hundred thousand.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.sql.selectable import CompoundSelect, ScalarSelect

from bot.domain.values import Outcome
from bot.store.tables import failure, retry_batch, run
from bot.views.history import LISTED

RUN: Final = 2
BATCH: Final = 1
DISMISSAL: Final = 0

IS_DISMISSED: Final = failure.c.state == literal_column("'dismissed'")
"""Literally, as the index of those has it."""

_MAILBOX: BindParameter[Any] = bindparam("mailbox_id")
_UPTO = bindparam("upto", type_=run.c.id.type)
_HAS_ENDED = retry_batch.c.finished_at.is_not(None)
_BATCHES: dict[Outcome, ColumnElement[bool]] = {
    Outcome.RUNNING: retry_batch.c.finished_at.is_(None),
    Outcome.FAILED: and_(_HAS_ENDED, retry_batch.c.succeeded == 0),
    Outcome.PARTIAL: and_(
        _HAS_ENDED, retry_batch.c.succeeded > 0, retry_batch.c.succeeded < retry_batch.c.requested
    ),
    Outcome.SYNCED: and_(_HAS_ENDED, retry_batch.c.succeeded >= retry_batch.c.requested),
}
"""What the domain says of a run, of a request to retry items."""

_DISMISSALS = (
    select(
        literal_column(str(DISMISSAL)).label("kind"),
        func.min(failure.c.id).label("id"),
        failure.c.resolved_at.label("at"),
    )
    .where(failure.c.mailbox_id == _MAILBOX, IS_DISMISSED)
    .group_by(failure.c.resolved_at, failure.c.resolved_by)
)
"""What one person dismissed at once is one entry. It came out no way, so that no filter lists it."""


@cache
def newest(outcome: Outcome | None) -> CompoundSelect[Any]:
    """Kind and id of the entries from `offset` on, at most `limit`; `upto` is the sum of both."""
    kinds = [_first(each).subquery() for each in _kinds(outcome)]
    return (
        union_all(*(select(each.c.kind, each.c.id, each.c.at) for each in kinds))
        .order_by(literal_column("3").desc(), literal_column("2").desc())
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


@cache
def counted(outcome: Outcome | None) -> ColumnElement[int]:
    """How many entries there are; whatever is more than LISTED stands for "more"."""
    first, *rest = map(_count, _kinds(outcome))
    total: ColumnElement[int] = first
    for each in rest:
        total = total + each
    return total


def _kinds(outcome: Outcome | None) -> Sequence[Select[Any]]:
    runs, batches = _entries(RUN, run.c.id, run.c.started_at), _batches()
    if outcome is None:
        return runs.where(run.c.mailbox_id == _MAILBOX), batches, _DISMISSALS
    return (
        runs.where(run.c.mailbox_id == _MAILBOX, run.c.outcome == outcome),
        batches.where(_BATCHES[outcome]),
    )


def _batches() -> Select[Any]:
    return _entries(BATCH, retry_batch.c.id, retry_batch.c.requested_at).where(
        retry_batch.c.mailbox_id == _MAILBOX, retry_batch.c.listed
    )


def _entries(kind: int, row_id: Column[Any], at: Column[Any]) -> Select[Any]:
    return select(literal_column(str(kind)).label("kind"), row_id.label("id"), at.label("at"))


def _first(entries: Select[Any]) -> Select[Any]:
    return entries.order_by(literal_column("3").desc(), literal_column("2").desc()).limit(_UPTO)


def _count(entries: Select[Any]) -> ScalarSelect[int]:
    some = entries.limit(LISTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
