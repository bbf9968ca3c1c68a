"""Failures as engines report them: opened, brought up to date, resolved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from bot.domain.catalogue import CATALOGUE, Healing, cause_of
from bot.domain.clearing import FinishedRun, OpenFailure, is_stale
from bot.domain.dismissing import Report, comes_back
from bot.domain.events import ItemFailed, ItemSynced
from bot.domain.values import SYSTEM, FailureId, FailureState, RetryOutcome
from bot.store.alert_rows import failure_opened, failures_closed
from bot.store.alert_tables import alert
from bot.store.book import Book, Held
from bot.store.chunks import chunks
from bot.store.columns import AnyRow, named, storable
from bot.store.retry_rows import asked_for, end_retry, retries_holding
from bot.store.tables import failure, mailbox, run, run_service

_METADATA = ("folder", "subject", "sender", "received_at", "size")
_NEWEST = (
    select(failure)
    .where(
        failure.c.mailbox_id == bindparam("mailbox_id"),
        failure.c.service == bindparam("service"),
        failure.c.item == bindparam("item"),
    )
    .order_by(failure.c.id.desc())
    .limit(1)
)
_UNRESOLVED = select(
    failure.c.id,
    failure.c.service,
    failure.c.item,
    failure.c.run_key,
    failure.c.last_at,
    failure.c.state,
).where(failure.c.mailbox_id == bindparam("mailbox_id"), failure.c.resolved_at.is_(None))
_DETAILS = (*_METADATA, "code", "message", "attempts", "run_attempts", "run_key", "last_at", "retry_at")
_UPDATE = (
    update(failure)
    .where(failure.c.id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}", type_=failure.c[name].type) for name in _DETAILS})
)
_STARTED_EARLIER = (
    update(failure)
    .where(failure.c.id == bindparam("b_id"), failure.c.first_at > bindparam("b_at"))
    .values(first_at=bindparam("b_at"))
)
_REDRAW = (
    update(alert)
    .where(alert.c.id == bindparam("b_id", type_=alert.c.id.type), alert.c.cleared_at.is_(None))
    .values(version=alert.c.version + 1, dirty=True)
)
"""An incident names first who has failed for longest."""

_RESOLVE = (
    update(failure)
    .where(failure.c.id.in_(bindparam("ids", expanding=True)), failure.c.resolved_at.is_(None))
    .values(
        state=FailureState.RESOLVED,
        retrying_by=None,
        retrying_since=None,
        retry_at=None,
        resolved_at=bindparam("b_at"),
        resolved_by=bindparam("b_by"),
        resolved_run=bindparam("b_run"),
    )
)
_HEAL_DISMISSED = (
    update(failure)
    .where(failure.c.id == bindparam("b_id"), failure.c.state == FailureState.DISMISSED)
    .values(
        state=FailureState.RESOLVED, resolved_at=bindparam("b_at"), resolved_by=bindparam("b_by"), reason=None
    )
)
_POLICY_SINCE = select(mailbox.c.policy_since).where(mailbox.c.id == bindparam("id"))
_RUN_OF_SUCCESS = select(run.c.key).where(run.c.id == bindparam("id"))
_SERVICES_OF_SUCCESS = select(run_service.c.service).where(run_service.c.run_id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Unresolved:
    id: FailureId
    service: str
    item: str
    run_key: str | None
    last_at: datetime
    state: FailureState

    @property
    def reported(self) -> OpenFailure:
        return OpenFailure(self.service, self.item, self.run_key, self.last_at)


@dataclass(frozen=True, slots=True)
class Healed:
    """How failures were resolved: by whom, when, and by which run, if it was one."""

    at: datetime
    by: str = SYSTEM
    run: str | None = None


def unresolved(book: Book, held: Held) -> list[Unresolved]:
    if not held.open_failures:
        return []
    return [Unresolved(*row) for row in book.connection.execute(_UNRESOLVED, {"mailbox_id": held.id})]


def item_failed(book: Book, held: Held, event: ItemFailed) -> None:
    """What is skipped quietly needs nobody: such a report ends the failure as if the item were synced."""
    if cause_of(event.code).healing is Healing.SKIPPED:
        synced = ItemSynced(event.at, event.mailbox, event.service, event.item, event.run, event.retry_id)
        item_synced(book, held, synced)
        return
    report_failure(book, held, event)
    asked = asked_for(book, held, event.retry_id)
    if asked and asked.is_about(event.service, event.item):
        end_retry(book, held, asked, RetryOutcome.FAILED, reason_of(event.code, event.message))


def item_synced(book: Book, held: Held, event: ItemSynced) -> None:
    """A success that is older than the last failure of the item does not resolve it."""
    asked = asked_for(book, held, event.retry_id)
    row = _newest(book, held, event.service, event.item)
    if row:
        _heal(book, held, row, Healed(event.at, by=asked.actor if asked else SYSTEM))
    if asked and asked.is_about(event.service, event.item):
        end_retry(book, held, asked, RetryOutcome.SUCCEEDED, None)


def _heal(book: Book, held: Held, row: AnyRow, healed: Healed) -> None:
    """Of what was dismissed, a success after it leaves no loss to be taken back."""
    if row.resolved_at is None and healed.at >= row.last_at:
        resolve(book, held, [_unresolved(row)], healed)
    elif row.state is FailureState.DISMISSED and healed.at >= row.resolved_at:
        book.connection.execute(_HEAL_DISMISSED, {"b_id": row.id, "b_at": healed.at, "b_by": healed.by})
        held.touch()


def report_failure(book: Book, held: Held, event: ItemFailed) -> None:
    """Open the failure of an item or, with RUN_LEVEL for service and item, of a run; or update it."""
    if _is_outdated(book, held, event):
        return
    newest = _newest(book, held, event.service, event.item)
    if newest is not None and newest.resolved_at is None:
        _update(book, held, newest, event)
    elif newest is None or not (_was_healed_since(newest, event) or _stays_dismissed(book, newest, event)):
        _open(book, held, newest, event)


def resolve(book: Book, held: Held, failures: Sequence[Unresolved], healed: Healed) -> None:
    """Resolve them, and end the retries that hold them."""
    if not failures:
        return
    for some in chunks(failures):
        values = {"ids": [f.id for f in some], "b_at": healed.at, "b_by": healed.by, "b_run": healed.run}
        book.connection.execute(_RESOLVE, values)
    failures_closed(book, held, len(failures), healed.at)
    for some in chunks([f for f in failures if f.state is FailureState.RETRYING]):
        for asked in retries_holding(book.connection, [f.id for f in some]):
            end_retry(book, held, asked, RetryOutcome.SUCCEEDED, None)


def reason_of(code: str, message: str) -> str:
    """Why it failed, as the catalogue says it, or as the engine does."""
    known = CATALOGUE.get(code)
    return known.cause if known and code != "unknown" else message or code


def _newest(book: Book, held: Held, service: str, item: str) -> AnyRow | None:
    values = {"mailbox_id": held.id, "service": service, "item": item}
    return book.connection.execute(_NEWEST, values).one_or_none()


def _unresolved(row: AnyRow) -> Unresolved:
    return Unresolved(row.id, row.service, row.item, row.run_key, row.last_at, row.state)


def _is_outdated(book: Book, held: Held, event: ItemFailed) -> bool:
    if held.last_success_at is None or event.at >= held.last_success_at:
        return False
    chosen = {"id": held.last_success_run_id}
    key = book.connection.execute(_RUN_OF_SUCCESS, chosen).scalar_one_or_none()
    services = list(book.connection.execute(_SERVICES_OF_SUCCESS, chosen).scalars())
    covered = not event.service or not services or event.service in services
    success = FinishedRun(key or "", held.last_success_at, services)
    return covered and is_stale(event.at, event.run, success)


def _was_healed_since(row: AnyRow, event: ItemFailed) -> bool:
    """Whether a late report speaks of a failure that an answer of its own has ended since."""
    return row.resolved_run is None and bool(event.at <= row.resolved_at)


def _stays_dismissed(book: Book, row: AnyRow, event: ItemFailed) -> bool:
    """A mailbox that came under its policy since, maybe after it had left, is looked at anew."""
    if row.state is not FailureState.DISMISSED:
        return False
    if book.connection.execute(_POLICY_SINCE, {"id": row.mailbox_id}).scalar_one() > row.resolved_at:
        return False
    accepted = Report(row.code, row.subject, row.received_at, row.size)
    return not comes_back(accepted, _as_stored(event))


def _as_stored(event: ItemFailed) -> Report:
    """Texts may be stored shorter than they were reported."""
    return Report(
        _kept("code", event.code) or "", _kept("subject", event.subject), event.received_at, event.size
    )


def _kept(column: str, text: str | None) -> str | None:
    length = failure.c[column].type.length  # type: ignore[attr-defined] # a text's type has one
    return text and storable(text)[:length]


def _open(book: Book, held: Held, earlier: AnyRow | None, event: ItemFailed) -> None:
    values = _details(event) | {
        "mailbox_id": held.id,
        "alert_id": failure_opened(book, held, event.at),
        "service": event.service,
        "item": event.item,
        "run_key": event.run,
        "first_at": event.at,
        "state": FailureState.OPEN,
        "returns": earlier.returns + 1 if earlier else 0,
        "failed_retries": 0,
    }
    book.connection.execute(insert(failure), values)


def _update(book: Book, held: Held, row: AnyRow, event: ItemFailed) -> None:
    """An older report than the last one tells only when it all began."""
    held.touch()
    if event.at < row.last_at:
        book.connection.execute(_STARTED_EARLIER, {"b_id": row.id, "b_at": event.at})
        book.connection.execute(_REDRAW, {"b_id": row.incident_id})
        return
    values = _details(event)
    values |= {name: named(row)[name] for name in _METADATA if values[name] is None}
    values["attempts"] = row.attempts + _further_attempts(row, event)
    values["run_key"] = event.run or row.run_key
    book.connection.execute(_UPDATE, {"b_id": row.id} | {f"b_{k}": v for k, v in values.items()})


def _further_attempts(row: AnyRow, event: ItemFailed) -> int:
    """A run counts its own tries of an item: only those of one run are counted from the same start."""
    same_run = event.run is not None and event.run == row.run_key
    return max(0, event.attempts - row.run_attempts) if same_run else event.attempts


def _details(event: ItemFailed) -> dict[str, Any]:
    values = {name: getattr(event, name) for name in (*_METADATA, "code", "message", "attempts", "retry_at")}
    return values | {"run_attempts": event.attempts, "last_at": event.at}
