"""Unresolved failures of one mailbox by cause and folder: conditions, orders, how many of each there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from bot.domain.catalogue import cause_of
from bot.domain.values import FailureId, FailureState, MailboxId
from bot.store.columns import AnyRow
from bot.store.tables import failure
from bot.views import CauseChoice, Choices, ErrorOrder, FolderChoice, Narrowing

OF_MAILBOX = failure.c.mailbox_id == bindparam("mailbox_id"), failure.c.resolved_at.is_(None)
_OLDEST = failure.c.first_at, failure.c.id
ORDERS = {
    ErrorOrder.OLDEST: _OLDEST,
    ErrorOrder.NEWEST: (failure.c.first_at.desc(), failure.c.id.desc()),
    ErrorOrder.LARGEST: (failure.c.size.is_(None), failure.c.size.desc(), *_OLDEST),
    ErrorOrder.ATTEMPTS: (failure.c.attempts.desc(), *_OLDEST),
}
_OF_CODE = failure.c.code == bindparam("code")
_IN_FOLDER = (
    failure.c.folder.is_not_distinct_from(bindparam("folder", type_=failure.c.folder.type)),
    failure.c.service == bindparam("service"),
)
_PLACE = select(failure.c.folder, failure.c.service).where(
    failure.c.id == bindparam("id"), failure.c.mailbox_id == bindparam("mailbox_id")
)
_GROUPS = (
    select(
        failure.c.code,
        failure.c.folder,
        failure.c.service,
        failure.c.state,
        func.count().label("failures"),
        func.min(failure.c.id).label("sample"),
    )
    .where(*OF_MAILBOX)
    .group_by(failure.c.code, failure.c.folder, failure.c.service, failure.c.state)
)
Place = tuple[str | None, str]
"""A folder, which may be unknown, and its service."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A narrowing as SQL: conditions besides the mailbox's, and their values."""

    code: str | None
    place: Place | None
    order: ErrorOrder

    @property
    def conditions(self) -> list[Any]:
        return [*([_OF_CODE] if self.code is not None else []), *(_IN_FOLDER if self.place else ())]

    @property
    def values(self) -> dict[str, Any]:
        values: dict[str, Any] = {} if self.code is None else {"code": self.code}
        return values | (dict(zip(("folder", "service"), self.place, strict=True)) if self.place else {})


def narrowed(connection: Connection, mailbox_id: MailboxId, wanted: Narrowing) -> Narrowed | None:
    """None where the failure that stands for the folder is no longer kept."""
    if wanted.folder is None:
        return Narrowed(wanted.code, None, wanted.order)
    row = connection.execute(_PLACE, {"id": wanted.folder, "mailbox_id": mailbox_id}).one_or_none()
    return Narrowed(wanted.code, (row.folder, row.service), wanted.order) if row else None


def choices(
    connection: Connection, mailbox_id: MailboxId, chosen: Narrowed, sample: FailureId | None
) -> Choices:
    """One look at all failures of the mailbox. `sample` stands for the chosen folder."""
    groups = connection.execute(_GROUPS, {"mailbox_id": mailbox_id}).all()
    in_folder = [row for row in groups if chosen.place in (None, _place(row))]
    of_cause = [row for row in groups if chosen.code in (None, row.code)]
    both = [row for row in in_folder if chosen.code in (None, row.code)]
    return Choices(
        unresolved=_count(groups),
        all_retryable=_count(_open(groups)),
        listed=_count(both),
        retryable=_count(_open(both)),
        causes=_causes(in_folder),
        folders=_folders(of_cause),
        cause=None if chosen.code is None else _cause(chosen.code, both),
        folder=None if chosen.place is None else _folder(chosen.place, both, sample),
        order=chosen.order,
    )


def _place(row: AnyRow) -> Place:
    return row.folder, row.service


def _open(rows: Sequence[AnyRow]) -> list[AnyRow]:
    return [row for row in rows if row.state is FailureState.OPEN]


def _count(rows: Sequence[AnyRow]) -> int:
    return sum(row.failures for row in rows)


def _causes(rows: Sequence[AnyRow]) -> tuple[CauseChoice, ...]:
    by_code: dict[str, list[AnyRow]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    found = (_cause(code, some) for code, some in by_code.items())
    return tuple(sorted(found, key=lambda one: (-one.failures, one.code)))


def _folders(rows: Sequence[AnyRow]) -> tuple[FolderChoice, ...]:
    by_place: dict[Place, list[AnyRow]] = {}
    for row in rows:
        by_place.setdefault(_place(row), []).append(row)
    found = (_folder(place, some) for place, some in by_place.items())
    return tuple(sorted(found, key=lambda one: (-one.failures, one.folder or "", one.service or "")))


def _cause(code: str, rows: Sequence[AnyRow]) -> CauseChoice:
    return CauseChoice(code, cause_of(code).cause, _count(rows))


def _folder(place: Place, rows: Sequence[AnyRow], sample: FailureId | None = None) -> FolderChoice:
    folder, service = place
    return FolderChoice(sample or min(row.sample for row in rows), folder, service or None, _count(rows))
