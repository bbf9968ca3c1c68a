"""Runs as engines report them: begun, under way, finished; in whatever order the reports arrive."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, delete, exists, insert, select, update

from bot.domain.catalogue import cause_of
from bot.domain.events import SyncCompleted, SyncFailed, SyncProgress, SyncStarted
from bot.domain.status import outcome
from bot.domain.values import (
    SYSTEM,
    Outcome,
    RetryOutcome,
    RunId,
    RunKind,
    RunStatus,
    ServiceCounts,
    Trigger,
)
from bot.store.book import Book, Held
from bot.store.columns import AnyRow
from bot.store.retry_rows import RetryRow, asked_for, end_retry, prolong
from bot.store.tables import run, run_service

_BY_KEY = select(run).where(run.c.mailbox_id == bindparam("mailbox_id"), run.c.key == bindparam("key"))
_LIVE = select(run).where(run.c.mailbox_id == bindparam("mailbox_id"), run.c.finished_at.is_(None))
_INSERT = insert(run).returning(run.c.id)
_INSERT_SERVICES = insert(run_service)
_SERVICES = select(run_service).where(run_service.c.run_id == bindparam("run_id"))
_FORGET_SERVICES = delete(run_service).where(run_service.c.run_id == bindparam("run_id"))
_HAS_FAILED_ITEMS = select(
    exists().where(run_service.c.run_id == bindparam("run_id"), run_service.c.failed > 0)
)
_INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known of how a run began. `seen`: its own report told so, not a later one."""

    at: datetime
    kind: RunKind | None
    trigger: Trigger
    actor: str
    retry_key: str | None
    seen: bool


def run_started(book: Book, held: Held, event: SyncStarted) -> None:
    asked = asked_for(book, held, event.retry_id)
    trigger, actor = (Trigger.MANUAL, asked.actor) if asked else (event.trigger, SYSTEM)
    begun = Beginning(event.at, event.kind, trigger, actor, asked.key if asked else None, seen=True)
    known = _by_key(book, held, event.run)
    held.touch()
    if known is None:
        _begin(book, held, event.run, begun)
    elif not known.start_seen:
        _fill_in(book, held, known, begun)
    if asked:
        prolong(book, asked)
    book.note("sync started", f"{held.source}: {event.kind} sync", at=event.at, actor=actor, held=held)


def run_progressed(book: Book, held: Held, event: SyncProgress) -> None:
    """Never of a finished run, and never backwards. Alerts show it of runs that somebody asked for."""
    known = _by_key(book, held, event.run)
    if known is None:
        begun = Beginning(event.at, None, Trigger.SCHEDULE, SYSTEM, None, seen=False)
        _begin(book, held, event.run, begun)
        known = _by_key(book, held, event.run)
        held.touch()
    if known is None or known.finished_at is not None or _is_backwards(known, event):
        return
    total = known.total if event.total is None else event.total
    changes = {"done": event.done, "total": total, "heartbeat_at": event.at}
    _write(book, known.id, changes | _count(book, held, known.id, event.services))
    held.touched = True
    asked = asked_for(book, held, known.retry_key)
    if asked:
        prolong(book, asked)
        held.touch()


def run_finished(book: Book, held: Held, event: SyncCompleted | SyncFailed) -> AnyRow | None:
    """The finished run's row; None where it had finished before, so that this report changes nothing."""
    known = _by_key(book, held, event.run)
    if known is not None and known.finished_at is not None and not known.presumed:
        return None
    if known is None:
        known = _insert_unseen(book, held, event)
    ended = _ending(event) | _start_of_finished(known, event)
    ended |= _count(book, held, known.id, event.services)
    _write(book, known.id, ended | {"outcome": _outcome(book, known, event)})
    _leave_live(book, held, known.id, ended["started_at"])
    _reschedule(held, event)
    held.touch()
    return known


def _by_key(book: Book, held: Held, key: str) -> AnyRow | None:
    return book.connection.execute(_BY_KEY, {"mailbox_id": held.id, "key": key}).one_or_none()


def _write(book: Book, run_id: RunId, changes: dict[str, Any]) -> None:
    values = {f"b_{name}": value for name, value in changes.items()}
    book.connection.execute(_updating(tuple(changes)), {"b_id": run_id} | values)


@cache
def _updating(names: tuple[str, ...]) -> Update:
    """Built once for each of the few sets of columns that reports bring."""
    values = {name: bindparam(f"b_{name}", type_=run.c[name].type) for name in names}
    return update(run).where(run.c.id == bindparam("b_id")).values(values)


def _begin(book: Book, held: Held, key: str, begun: Beginning) -> None:
    """A mailbox syncs once at a time: of two runs without an end, the one that began first is over."""
    row = _row(held, key, begun)
    if held.latest_sync_at is not None and begun.at < held.latest_sync_at:
        book.connection.execute(_INSERT, row | _presumed(held.latest_sync_at))
        return
    _interrupt_live(book, held, begun)
    held.live_run_id = RunId(book.connection.execute(_INSERT, row).scalar_one())
    held.latest_sync_at = begun.at


def _row(held: Held, key: str, begun: Beginning) -> dict[str, Any]:
    return {
        "mailbox_id": held.id,
        "key": key,
        "kind": begun.kind or (RunKind.DELTA if held.initial_done else RunKind.INITIAL),
        "trigger": begun.trigger,
        "actor": begun.actor,
        "status": RunStatus.RUNNING,
        "outcome": Outcome.RUNNING,
        "started_at": begun.at,
        "start_seen": begun.seen,
        "finished_at": None,
        "presumed": False,
        "retry_key": begun.retry_key,
        "counted": False,
        "changes": 0,
    }


def _presumed(at: datetime) -> dict[str, Any]:
    return {
        "status": RunStatus.FAILED,
        "outcome": Outcome.FAILED,
        "finished_at": at,
        "presumed": True,
        "code": _INTERRUPTED,
        "message": cause_of(_INTERRUPTED).cause,
    }


def _interrupt_live(book: Book, held: Held, begun: Beginning) -> None:
    if held.live_run_id is None:
        return
    live = book.connection.execute(_LIVE, {"mailbox_id": held.id}).one()
    _write(book, live.id, _presumed(max(begun.at, live.started_at)))
    asked = asked_for(book, held, live.retry_key)
    if asked and asked.whole and asked.key != begun.retry_key:
        end_retry(book, held, asked, RetryOutcome.FAILED, cause_of(_INTERRUPTED).cause)


def _fill_in(book: Book, held: Held, known: AnyRow, begun: Beginning) -> None:
    started_at = min(begun.at, known.finished_at) if known.finished_at else begun.at
    changes = {
        "started_at": started_at,
        "kind": begun.kind,
        "trigger": begun.trigger,
        "actor": begun.actor,
        "retry_key": begun.retry_key,
        "start_seen": True,
    }
    _write(book, known.id, changes)
    if known.id == held.live_run_id:
        held.latest_sync_at = started_at


def _is_backwards(known: AnyRow, event: SyncProgress) -> bool:
    if known.heartbeat_at is not None and event.at < known.heartbeat_at:
        return True
    return known.done is not None and event.done < known.done


def _insert_unseen(book: Book, held: Held, event: SyncCompleted | SyncFailed) -> AnyRow:
    """A run whose start never came, already closed, so that it does not take the place of a live one."""
    started_at = min(event.started_at or event.at, event.at)
    asked = asked_for(book, held, event.retry_id)
    trigger, actor = (Trigger.MANUAL, asked.actor) if asked else (Trigger.SCHEDULE, SYSTEM)
    begun = Beginning(started_at, event.kind, trigger, actor, asked.key if asked else None, seen=False)
    row = _row(held, event.run, begun) | {"finished_at": event.at, "status": RunStatus.FAILED}
    book.connection.execute(_INSERT, row)
    held.latest_sync_at = max(started_at, held.latest_sync_at or started_at)
    return book.connection.execute(_BY_KEY, {"mailbox_id": held.id, "key": event.run}).one()


def _ending(event: SyncCompleted | SyncFailed) -> dict[str, Any]:
    ended = {"finished_at": event.at, "presumed": False}
    if isinstance(event, SyncFailed):
        return ended | {"status": RunStatus.FAILED, "code": event.code, "message": event.message}
    return ended | {"status": RunStatus.SUCCEEDED, "code": None, "message": None}


def _outcome(book: Book, known: AnyRow, event: SyncCompleted | SyncFailed) -> Outcome:
    """After its counts were stored: those that came with an earlier report count too."""
    if isinstance(event, SyncFailed):
        return outcome(RunStatus.FAILED, has_failed_items=False)
    failed = any(counts.failed for counts in event.services)
    if not failed and known.counted:
        failed = book.connection.execute(_HAS_FAILED_ITEMS, {"run_id": known.id}).scalar_one()
    return outcome(RunStatus.SUCCEEDED, has_failed_items=failed)


def _start_of_finished(known: AnyRow, event: SyncCompleted | SyncFailed) -> dict[str, Any]:
    """A run's own start report is believed most; no run ends before it began."""
    told = None if known.start_seen else event.started_at
    changes: dict[str, Any] = {"started_at": min(told or known.started_at, event.at)}
    if event.kind is not None and not known.start_seen:
        changes["kind"] = event.kind
    return changes


def _leave_live(book: Book, held: Held, run_id: RunId, started_at: datetime) -> None:
    """The live run has ended: it is the one that finished, or it began before that one did."""
    if held.live_run_id is None:
        return
    if held.live_run_id != run_id:
        live = book.connection.execute(_LIVE, {"mailbox_id": held.id}).one()
        if live.started_at >= started_at:
            return
        _interrupt_live(book, held, Beginning(started_at, None, Trigger.SCHEDULE, SYSTEM, None, seen=False))
    held.live_run_id = None


def _reschedule(held: Held, event: SyncCompleted | SyncFailed) -> None:
    if event.next_sync_at is not None and event.at >= held.next_sync_known_at:
        held.next_sync_at = event.next_sync_at
        held.next_sync_known_at = event.at


def _count(book: Book, held: Held, run_id: RunId, services: tuple[ServiceCounts, ...]) -> dict[str, Any]:
    """Store what the run did so far for each service that the report names; totals for the run's row."""
    if not services:
        return {}
    rows = book.connection.execute(_SERVICES, {"run_id": run_id}).all()
    before = {r.service: ServiceCounts(r.service, r.changes, r.bytes, r.failed) for r in rows}
    after = before | {counts.service: counts for counts in services}
    if before:
        book.connection.execute(_FORGET_SERVICES, {"run_id": run_id})
    book.connection.execute(_INSERT_SERVICES, [_service_row(run_id, counts) for counts in after.values()])
    held.bytes += _bytes(after) - _bytes(before)
    return {"counted": True, "changes": sum(counts.changes for counts in after.values())}


def _service_row(run_id: RunId, counts: ServiceCounts) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "service": counts.service,
        "changes": counts.changes,
        "bytes": counts.bytes,
        "failed": counts.failed,
    }


def _bytes(services: dict[str, ServiceCounts]) -> int:
    return sum(counts.bytes for counts in services.values())


def retry_of_run(book: Book, held: Held, known: AnyRow, retry_id: str | None) -> RetryRow | None:
    """The request that a run answers, as its end names it or as its start did."""
    return asked_for(book, held, retry_id or known.retry_key)
