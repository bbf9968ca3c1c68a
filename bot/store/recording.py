"""Applies what engines report, in order, in one transaction, each event once."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from bot.domain.clearing import FinishedRun, clears
from bot.domain.events import (
    Envelope,
    Event,
    ItemFailed,
    ItemSynced,
    MailboxUpserted,
    PolicyUpserted,
    SyncCompleted,
    SyncFailed,
    SyncProgress,
    SyncStarted,
)
from bot.domain.values import RUN_LEVEL, RetryOutcome, Severity
from bot.ports import Recorded
from bot.store.book import Book, Held
from bot.store.failure_rows import (
    Healed,
    Unresolved,
    item_failed,
    item_synced,
    reason_of,
    report_failure,
    resolve,
    unresolved,
)
from bot.store.parking import Parking, mark_seen
from bot.store.postgres import PARKING, take_turns
from bot.store.retry_rows import RetryRow, end_retry
from bot.store.run_rows import retry_of_run, run_finished, run_progressed, run_started
from bot.store.setting_up import mailbox_upserted, policy_upserted

OWN = "syncbot"
"""The source of what the built-in engine reports. It does so once, in the transaction that makes it true."""


def record(connection: Connection, envelopes: Sequence[Envelope], now: dt.datetime) -> list[Recorded]:
    fresh = mark_seen(connection, envelopes, now)
    with _book_of(connection, [envelope.event for envelope in envelopes], now) as book:
        return [_record_one(book, fresh, envelope) for envelope in envelopes]


def record_own(connection: Connection, events: Sequence[Event], now: dt.datetime) -> None:
    """Apply what the built-in engine reports, without remembering that it was seen."""
    if events:
        with _book_of(connection, events, now) as book:
            _replay(book, [Envelope(OWN, uuid4().hex, event) for event in events])


@contextmanager
def _book_of(connection: Connection, events: Sequence[Event], now: dt.datetime) -> Iterator[Book]:
    book = Book(connection, now)
    _preload(book, events)
    yield book
    book.close()


def _preload(book: Book, events: Sequence[Event]) -> None:
    """Hold all mailboxes in one order. Who parks, or brings what is waited for, does so alone, so that no
    event is parked just after what it waits for arrived.
    """
    mailboxes = [event.mailbox for event in events if not isinstance(event, PolicyUpserted)]
    policies = [event.policy for event in events if isinstance(event, PolicyUpserted | MailboxUpserted)]
    known = book.preload_policies(policies)
    if not (book.preload(mailboxes) and known):
        take_turns(book.connection, PARKING)
        book.preload_policies(policies)
        book.preload(mailboxes)


def _record_one(book: Book, fresh: set[tuple[str, str]], envelope: Envelope) -> Recorded:
    identity = (envelope.source, envelope.id)
    if identity not in fresh:
        return Recorded.DUPLICATE
    fresh.remove(identity)
    return _apply(book, envelope)


def _apply(book: Book, envelope: Envelope) -> Recorded:
    event = envelope.event
    parking = Parking(book)
    if isinstance(event, PolicyUpserted):
        if policy_upserted(book, event):
            _replay(book, parking.leave_policy(event.policy))
    elif isinstance(event, MailboxUpserted):
        if book.policy(event.policy) is None:
            return parking.wait_for_policy(envelope, event.policy)
        if mailbox_upserted(book, event):
            _replay(book, parking.leave_mailbox(event.mailbox))
    else:
        held = book.find(event.mailbox)
        if held is None:
            return parking.wait_for_mailbox(envelope, event.mailbox)
        _HANDLERS[type(event)](book, held, event)
    return Recorded.APPLIED


def _replay(book: Book, envelopes: Sequence[Envelope]) -> None:
    for envelope in envelopes:
        _apply(book, envelope)


def _completed(book: Book, held: Held, event: SyncCompleted) -> None:
    known = run_finished(book, held, event)
    if known is None:
        return
    held.initial_done = True
    if held.last_success_at is None or event.at >= held.last_success_at:
        held.last_success_at, held.last_success_run_id = event.at, known.id
    remaining = _clear(book, held, event, known.actor)
    _answer_whole(book, held, retry_of_run(book, held, known, event.retry_id), RetryOutcome.SUCCEEDED, None)
    reported = sum(1 for failure in remaining if failure.run_key == event.run)
    failed = max(sum(counts.failed for counts in event.services), reported + len(event.still_failing))
    _note_completion(book, held, event, failed, known.actor)


def _clear(book: Book, held: Held, event: SyncCompleted, by: str) -> list[Unresolved]:
    """Resolve what this success clears, by whoever asked for the run; what is left."""
    services = frozenset(counts.service for counts in event.services)
    done = FinishedRun(event.run, event.at, services, frozenset(event.still_failing))
    waiting = unresolved(book, held)
    cleared = [failure for failure in waiting if clears(done, failure.reported)]
    resolve(book, held, cleared, Healed(event.at, by=by, run=event.run))
    gone = {failure.id for failure in cleared}
    return [failure for failure in waiting if failure.id not in gone]


def _note_completion(book: Book, held: Held, event: SyncCompleted, failed: int, actor: str) -> None:
    items = "1 failed item" if failed == 1 else f"{failed} failed items"
    book.note(
        "sync completed",
        f"{held.source}: completed" + (f" with {items}" if failed else ""),
        at=event.at,
        actor=actor,
        severity=Severity.WARNING if failed else Severity.INFORMATION,
        held=held,
    )


def _failed(book: Book, held: Held, event: SyncFailed) -> None:
    known = run_finished(book, held, event)
    if known is None:
        return
    asked = retry_of_run(book, held, known, event.retry_id)
    whole = ItemFailed(
        event.at, event.mailbox, RUN_LEVEL, RUN_LEVEL, event.code, event.message, run=event.run
    )
    report_failure(book, held, whole)
    _answer_whole(book, held, asked, RetryOutcome.FAILED, reason_of(event.code, event.message))
    book.note(
        "sync failed",
        f"{held.source}: {event.code}",
        at=event.at,
        actor=known.actor,
        severity=Severity.ERROR,
        held=held,
    )


def _answer_whole(
    book: Book, held: Held, asked: RetryRow | None, outcome: RetryOutcome, detail: str | None
) -> None:
    """A run answers the request to sync the mailbox, but not one to sync an item: that has its own answer."""
    if asked and asked.whole:
        end_retry(book, held, asked, outcome, detail)


_HANDLERS: dict[type[Event], Callable[[Book, Held, Any], None]] = {
    SyncStarted: run_started,
    SyncProgress: run_progressed,
    ItemFailed: item_failed,
    ItemSynced: item_synced,
    SyncCompleted: _completed,
    SyncFailed: _failed,
}
