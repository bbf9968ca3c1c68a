"""Asking for a retry, and the requests that wait to be sent, answered or given up."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from bot.domain.values import RUN_LEVEL, FailureId, FailureState, RetryKey, RetryOutcome
from bot.ports import RetryRequest, RetryTarget
from bot.store.book import Book, Held
from bot.store.chunks import chunks
from bot.store.columns import AnyRow
from bot.store.narrowing import narrowed
from bot.store.retry_rows import end_retry, retry_by_key
from bot.store.tables import failure, mailbox, retry, retry_batch
from bot.views import MailboxRef, RetryStarted

_NOW = bindparam("now", type_=retry.c.send_after.type)
_UNRESOLVED = select(failure.c.id, failure.c.service, failure.c.item, failure.c.state).where(
    failure.c.mailbox_id == bindparam("mailbox_id"), failure.c.resolved_at.is_(None)
)
_WHOLE_IN_FLIGHT = select(retry.c.id).where(
    retry.c.mailbox_id == bindparam("mailbox_id"), retry.c.whole, retry.c.finished_at.is_(None)
)
_CLAIM = (
    update(failure)
    .where(failure.c.id.in_(bindparam("ids", expanding=True)), failure.c.state == FailureState.OPEN)
    .values(
        state=FailureState.RETRYING,
        retrying_by=bindparam("b_actor"),
        retrying_since=bindparam("b_now"),
    )
    .returning(failure.c.id)
)
_BATCH = insert(retry_batch).values(succeeded=0, failed=0, unanswered=0).returning(retry_batch.c.id)
_RETRY = insert(retry).values(send_attempts=0)

_IS_DUE = (
    retry.c.finished_at.is_(None),
    retry.c.sent_at.is_(None),
    retry.c.send_after <= _NOW,
    retry.c.deadline > _NOW,
    or_(retry.c.leased_until.is_(None), retry.c.leased_until <= _NOW),
)
_DUE = (
    select(retry.c.id)
    .where(*_IS_DUE)
    .order_by(retry.c.send_after, retry.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_LEASE = (
    update(retry)
    .where(retry.c.id.in_(bindparam("ids", expanding=True)))
    .values(leased_until=bindparam("b_until"), send_attempts=retry.c.send_attempts + 1)
)
_REQUESTS = (
    select(
        retry.c.key,
        mailbox.c.key.label("mailbox_key"),
        retry.c.whole,
        failure.c.service,
        failure.c.item,
        retry.c.actor,
        retry.c.requested_at,
        retry.c.send_attempts,
    )
    .join_from(retry, mailbox)
    .outerjoin(failure, failure.c.id == retry.c.failure_id)
    .where(retry.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(retry.c.send_after, retry.c.id)
)
_IN_FLIGHT = update(retry).where(retry.c.key == bindparam("b_key"), retry.c.finished_at.is_(None))
_SENT = _IN_FLIGHT.values(sent_at=bindparam("b_now"), leased_until=None)
_POSTPONE = _IN_FLIGHT.values(send_after=bindparam("b_until"), leased_until=None)
_EXPIRED = (
    select(retry.c.key)
    .where(retry.c.finished_at.is_(None), retry.c.deadline <= _NOW)
    .order_by(retry.c.deadline)
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, when, and how long an answer may take. `after`: it is sent no sooner than then."""

    actor: str
    now: dt.datetime
    deadline: dt.datetime
    after: dt.datetime | None = None

    @property
    def sent_at(self) -> dt.datetime:
        return self.after or self.now


@dataclass(slots=True)
class Claimed:
    """What one request won, and found taken. None: the mailbox as a whole, without a failure."""

    items: list[FailureId]
    whole: list[FailureId | None]
    taken: int = 0

    @property
    def count(self) -> int:
        return len(self.items) + len(self.whole)


def claim(connection: Connection, target: RetryTarget, asking: Asking) -> RetryStarted | None:
    book = Book(connection, asking.now)
    held = book.hold(target.mailbox)
    if held is None:
        return None
    claimed = _claim(connection, held, target, asking)
    batch = uuid4().hex
    if claimed.count:
        _insert(connection, held, claimed, asking, batch)
        held.touch()
        _note(book, held, claimed, asking)
    book.close()
    return RetryStarted(_ref(connection, held), batch, claimed.count, claimed.taken, target.whole_mailbox)


def lease_due(
    connection: Connection, now: dt.datetime, until: dt.datetime, limit: int
) -> tuple[RetryRequest, ...]:
    ids = list(connection.execute(_DUE, {"now": now, "limit": limit}).scalars())
    if not ids:
        return ()
    connection.execute(_LEASE, {"ids": ids, "b_until": until})
    return tuple(map(_request, connection.execute(_REQUESTS, {"ids": ids})))


def sent(connection: Connection, key: RetryKey, now: dt.datetime) -> None:
    connection.execute(_SENT, {"b_key": key, "b_now": now})


def postpone(connection: Connection, key: RetryKey, until: dt.datetime) -> None:
    connection.execute(_POSTPONE, {"b_key": key, "b_until": until})


def end(connection: Connection, key: RetryKey, outcome: RetryOutcome, detail: str, now: dt.datetime) -> bool:
    asked = retry_by_key(connection, key)
    book = Book(connection, now)
    held = book.hold(asked.mailbox_id) if asked else None
    if asked is None or held is None or not asked.in_flight:
        return False
    ended = end_retry(book, held, asked, outcome, detail)
    book.close()
    return ended


def expired(connection: Connection, now: dt.datetime, limit: int) -> tuple[RetryKey, ...]:
    rows = connection.execute(_EXPIRED, {"now": now, "limit": limit})
    return tuple(RetryKey(row.key) for row in rows)


def _claim(connection: Connection, held: Held, target: RetryTarget, asking: Asking) -> Claimed:
    claimed = Claimed([], [])
    rows = _wanted(connection, held, target)
    items = [row.id for row in rows if row.item != RUN_LEVEL]
    claimed.items = _won(connection, items, asking)
    claimed.taken = len(items) - len(claimed.items)
    run_level = [row.id for row in rows if row.item == RUN_LEVEL]
    if run_level or target.whole_mailbox:
        _claim_whole(connection, held, claimed, run_level, asking)
    return claimed


def _wanted(connection: Connection, held: Held, target: RetryTarget) -> list[AnyRow]:
    """Syncing the mailbox now retries its failed run, but none of its items by themselves."""
    chosen = narrowed(connection, held.id, target.narrowing)
    if chosen is None:
        return []
    query = _UNRESOLVED.where(*chosen.conditions)
    rows = connection.execute(query, {"mailbox_id": held.id} | chosen.values).all()
    if target.whole_mailbox:
        return [row for row in rows if row.item == RUN_LEVEL]
    ids = None if target.failures is None else set(target.failures)
    return [row for row in rows if ids is None or row.id in ids]


def _won(connection: Connection, failures: Sequence[FailureId], asking: Asking) -> list[FailureId]:
    """Those that nobody else holds, in the order in which they were asked for."""
    who = {"b_actor": asking.actor, "b_now": asking.now}
    won = {
        each
        for some in chunks(failures)
        for each in connection.execute(_CLAIM, {"ids": some} | who).scalars()
    }
    return [each for each in failures if each in won]


def _claim_whole(
    connection: Connection, held: Held, claimed: Claimed, run_level: list[FailureId], asking: Asking
) -> None:
    if connection.execute(_WHOLE_IN_FLIGHT, {"mailbox_id": held.id}).first():
        claimed.taken += 1
    elif not run_level:
        claimed.whole.append(None)
    else:
        claimed.whole += _won(connection, run_level[:1], asking)
        claimed.taken += not claimed.whole


def _insert(connection: Connection, held: Held, claimed: Claimed, asking: Asking, batch: str) -> None:
    row = {
        "key": batch,
        "mailbox_id": held.id,
        "actor": asking.actor,
        "requested_at": asking.now,
        "listed": bool(claimed.items),
        "requested": claimed.count,
    }
    batch_id = connection.execute(_BATCH, row).scalar_one()
    items = [_retry(held, asking, batch_id, failure_id, whole=False) for failure_id in claimed.items]
    wholes = [_retry(held, asking, batch_id, failure_id, whole=True) for failure_id in claimed.whole]
    connection.execute(_RETRY, items + wholes)


def _retry(
    held: Held, asking: Asking, batch_id: int, failure_id: FailureId | None, *, whole: bool
) -> dict[str, Any]:
    return {
        "key": uuid4().hex,
        "batch_id": batch_id,
        "mailbox_id": held.id,
        "failure_id": failure_id,
        "whole": whole,
        "actor": asking.actor,
        "requested_at": asking.now,
        "patience_s": int((asking.deadline - asking.sent_at).total_seconds()),
        "deadline": asking.deadline,
        "send_after": asking.sent_at,
    }


def _note(book: Book, held: Held, claimed: Claimed, asking: Asking) -> None:
    count = len(claimed.items)
    items = [f"retry of {count} item{'' if count == 1 else 's'}"] if count else []
    wholes = ["sync of the mailbox"] if claimed.whole else []
    what = " and ".join(items + wholes)
    book.note("retry requested", f"{held.source}: {what}", at=asking.now, actor=asking.actor, held=held)


def _ref(connection: Connection, held: Held) -> MailboxRef:
    destination = connection.execute(
        select(mailbox.c.destination).where(mailbox.c.id == held.id)
    ).scalar_one()
    return MailboxRef(held.id, held.source, destination)


def _request(row: AnyRow) -> RetryRequest:
    return RetryRequest(
        key=RetryKey(row.key),
        mailbox_key=row.mailbox_key,
        service=None if row.whole else row.service,
        item=None if row.whole else row.item,
        actor=row.actor,
        requested_at=row.requested_at,
        attempts=row.send_attempts,
    )
