"""How a retry ends: its own row, its batch's count, its failure."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, and_, bindparam, case, or_, select, update

from bot.domain.values import RUN_LEVEL, FailureId, FailureState, MailboxId, RetryOutcome, Severity
from bot.store.book import Book, Held
from bot.store.tables import failure, retry, retry_batch

KEY_LENGTH = 32
"""Characters of a UUID in hex."""


@dataclass(frozen=True, slots=True)
class RetryRow:
    id: int
    key: str
    batch_id: int
    mailbox_id: MailboxId
    failure_id: FailureId | None
    whole: bool
    actor: str
    patience_s: int
    outcome: RetryOutcome | None
    service: str | None
    item: str | None

    @property
    def in_flight(self) -> bool:
        return self.outcome is None

    def is_about(self, service: str, item: str) -> bool:
        return not self.whole and (self.service, self.item) == (service, item)


_RETRY = select(
    retry.c.id,
    retry.c.key,
    retry.c.batch_id,
    retry.c.mailbox_id,
    retry.c.failure_id,
    retry.c.whole,
    retry.c.actor,
    retry.c.patience_s,
    retry.c.outcome,
    failure.c.service,
    failure.c.item,
).join_from(retry, failure, isouter=True)
_BY_KEY = _RETRY.where(retry.c.key == bindparam("key"))
_HOLDING = _RETRY.where(
    retry.c.failure_id.in_(bindparam("failures", expanding=True)), retry.c.finished_at.is_(None)
)

_ENDS = {
    "finished_at": bindparam("b_at", type_=retry.c.finished_at.type),
    "outcome": bindparam("b_outcome", type_=retry.c.outcome.type),
    "detail": bindparam("b_detail", type_=retry.c.detail.type),
    "leased_until": None,
}
_IS_ANSWER = bindparam("b_outcome", type_=retry.c.outcome.type) != RetryOutcome.TIMED_OUT
_END = (
    update(retry)
    .where(
        retry.c.id == bindparam("b_id"),
        retry.c.finished_at.is_(None),
        or_(_IS_ANSWER, retry.c.deadline <= bindparam("b_at")),
    )
    .values(_ENDS)
)
_END_LATE = (
    update(retry)
    .where(
        retry.c.id == bindparam("b_id"),
        retry.c.outcome == RetryOutcome.TIMED_OUT,
        _IS_ANSWER,
    )
    .values(_ENDS)
)
_PROLONG = (
    update(retry)
    .where(retry.c.id == bindparam("b_id"), retry.c.finished_at.is_(None))
    .values(deadline=bindparam("b_deadline"))
)

_BATCH_DONE = retry_batch.c.succeeded + retry_batch.c.failed + retry_batch.c.unanswered
_COUNT = (
    update(retry_batch)
    .where(retry_batch.c.id == bindparam("b_id"))
    .values(
        succeeded=retry_batch.c.succeeded + bindparam("b_succeeded"),
        failed=retry_batch.c.failed + bindparam("b_failed"),
        unanswered=retry_batch.c.unanswered + bindparam("b_unanswered"),
        heard_at=bindparam("b_at", type_=retry_batch.c.heard_at.type),
        listed=or_(retry_batch.c.listed, bindparam("b_listed", type_=retry_batch.c.listed.type)),
        finished_at=case(
            (
                and_(
                    retry_batch.c.finished_at.is_(None),
                    _BATCH_DONE + bindparam("b_ended") >= retry_batch.c.requested,
                ),
                bindparam("b_at", type_=retry_batch.c.finished_at.type),
            ),
            else_=retry_batch.c.finished_at,
        ),
    )
)
_LAST_RETRY = {
    "last_retry": bindparam("b_outcome", type_=failure.c.last_retry.type),
    "last_retry_detail": bindparam("b_detail", type_=failure.c.last_retry_detail.type),
}
_REOPEN = (
    update(failure)
    .where(failure.c.id == bindparam("b_id"), failure.c.state == FailureState.RETRYING)
    .values(
        state=FailureState.OPEN,
        retrying_by=None,
        retrying_since=None,
        failed_retries=failure.c.failed_retries + bindparam("b_failed"),
        **_LAST_RETRY,
    )
)
_CORRECT = (
    update(failure)
    .where(
        failure.c.id == bindparam("b_id"),
        failure.c.resolved_at.is_(None),
        failure.c.last_retry == RetryOutcome.TIMED_OUT,
    )
    .values(_LAST_RETRY)
)
_COUNTED_AS = {RetryOutcome.SUCCEEDED: "b_succeeded", RetryOutcome.FAILED: "b_failed"}
_UNANSWERED = (RetryOutcome.REFUSED, RetryOutcome.TIMED_OUT)


def retry_by_key(connection: Connection, key: str | None) -> RetryRow | None:
    row = connection.execute(_BY_KEY, {"key": key}).one_or_none() if _could_be_ours(key) else None
    return RetryRow(*row) if row else None


def asked_for(book: Book, held: Held, key: str | None) -> RetryRow | None:
    """The retry of this mailbox that an event answers; an id that we never gave out is nobody's."""
    found = retry_by_key(book.connection, key)
    return found if found and found.mailbox_id == held.id else None


def retries_holding(connection: Connection, failures: list[FailureId]) -> list[RetryRow]:
    return [RetryRow(*row) for row in connection.execute(_HOLDING, {"failures": failures})]


def prolong(book: Book, asked: RetryRow) -> None:
    """A sign of life from the engine starts the wait for its answer anew."""
    deadline = book.now + timedelta(seconds=asked.patience_s)
    book.connection.execute(_PROLONG, {"b_id": asked.id, "b_deadline": deadline})


def end_retry(book: Book, held: Held, asked: RetryRow, outcome: RetryOutcome, detail: str | None) -> bool:
    """End a retry and, where it still holds its failure, reopen that; False where it had ended already, or
    is to time out though the engine gave a sign of life.

    The true answer replaces a time-out, since it comes from the engine and the time-out only from us.
    """
    values = {"b_id": asked.id, "b_at": book.now, "b_outcome": outcome, "b_detail": detail}
    if book.connection.execute(_END, values).rowcount:
        _count(book, asked, outcome, late=False)
        _reopen(book, asked, outcome, detail)
        _note_end(book, held, asked, outcome)
        held.touch()
        return True
    if book.connection.execute(_END_LATE, values).rowcount:
        _count(book, asked, outcome, late=True)
        _correct(book, asked, outcome, detail)
        _note_end(book, held, asked, outcome)
        held.touch()
    return False


def _could_be_ours(key: str | None) -> bool:
    return key is not None and len(key) == KEY_LENGTH and key.isascii()


def _count(book: Book, asked: RetryRow, outcome: RetryOutcome, *, late: bool) -> None:
    """A late answer was counted as unanswered before."""
    values = {"b_succeeded": 0, "b_failed": 0, "b_unanswered": -1 if late else 0}
    values[_COUNTED_AS.get(outcome, "b_unanswered")] += 1
    listed = asked.whole and outcome in _UNANSWERED
    more = {"b_id": asked.batch_id, "b_listed": listed, "b_ended": 0 if late else 1, "b_at": book.now}
    book.connection.execute(_COUNT, values | more)


def _reopen(book: Book, asked: RetryRow, outcome: RetryOutcome, detail: str | None) -> None:
    values = {"b_id": asked.failure_id, "b_outcome": outcome, "b_detail": detail}
    failed = int(outcome is not RetryOutcome.SUCCEEDED)
    book.connection.execute(_REOPEN, values | {"b_failed": failed})


def _correct(book: Book, asked: RetryRow, outcome: RetryOutcome, detail: str | None) -> None:
    values = {"b_id": asked.failure_id, "b_outcome": outcome, "b_detail": detail}
    book.connection.execute(_CORRECT, values)


def _note_end(book: Book, held: Held, asked: RetryRow, outcome: RetryOutcome) -> None:
    """Without the detail: viewers read the audit log, and an engine may quote a subject."""
    succeeded = outcome is RetryOutcome.SUCCEEDED
    whole = asked.whole or asked.item == RUN_LEVEL
    what = "sync of the mailbox" if whole else "retry of 1 item"
    book.note(
        "retry succeeded" if succeeded else "retry failed",
        f"{held.source}: {what} {outcome}",
        at=book.now,
        actor=asked.actor,
        severity=Severity.INFORMATION if succeeded else Severity.ERROR,
        held=held,
    )
