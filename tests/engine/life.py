"""The life of one process of the engine: it works until nothing is due, or until it is killed."""

import asyncio
import os
import signal
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, Engine, select

from bot.bootstrap.engine import built_in_engine
from bot.config import Settings
from bot.domain.mail import Item, ItemState
from bot.domain.values import MailboxId
from bot.engine.built_in import BuiltInEngine
from bot.ports.journal import Entry, Intent
from bot.store import Database, SqlJournal, database
from bot.store.engine_tables import mail_item, mail_sync
from bot.store.mail_states import is_waiting
from tests.engine.orders import Flaw, Moment, Orders
from tests.engine.shared import SharedClock

T = TypeVar("T")

_SYNCS = select(mail_sync.c.run_key, mail_sync.c.due_at, mail_sync.c.resume_at, mail_sync.c.leased_until)
_ASKED = (
    select(mail_item.c.retry_at, mail_sync.c.items_leased_until)
    .join_from(mail_item, mail_sync, mail_item.c.mailbox_id == mail_sync.c.mailbox_id)
    .where(mail_item.c.retry_key.is_not(None), is_waiting())
)
_PATIENCE_S = 1.0
_GLANCE_S = 0.05
"""Nothing rings the bell where only the process beside is at work."""
_A_MOMENT = timedelta(milliseconds=1)


def live(orders: Orders) -> None:
    clock = SharedClock(orders.clock, orders.place)
    clock.commits = 0
    _count_commits(orders, clock)
    _spoil(orders.flaw)
    asyncio.run(_work(orders, clock))


class Bell:
    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def heard(self, patience_s: float) -> None:
        """The bell is a hint: whoever waits looks again all the same."""
        try:
            async with asyncio.timeout(patience_s):
                await self._rung.wait()
        except TimeoutError:
            return
        self._rung.clear()


async def _work(orders: Orders, clock: SharedClock) -> None:
    opened, bell = Database(orders.database_url), Bell()
    async with built_in_engine(_settings(orders), opened, bell, clock) as engine:
        while await _has_more(engine, opened, bell, clock):
            pass
    await opened.close()


async def _has_more(engine: BuiltInEngine, opened: Database, bell: Bell, clock: SharedClock) -> bool:
    """A wait is skipped once nothing at all is under way, here and in the process beside."""
    with clock.held():
        await engine.sweep()
        is_busy = bool(engine._runs or engine._singles)
        clock.set_busy(clock.place, is_busy=is_busy)
        if not is_busy and not clock.are_others_busy:
            return await _skipped(opened, clock)
    await bell.heard(_PATIENCE_S if is_busy else _GLANCE_S)
    return True


async def _skipped(opened: Database, clock: SharedClock) -> bool:
    """Whether there is anything to wait for."""
    now = clock.now()
    next_at = await opened.read(_next_at, now)
    if next_at is not None and next_at > now:
        clock.skip(next_at - now + _A_MOMENT)
    return next_at is not None


def _next_at(connection: Connection, now: datetime) -> datetime | None:
    """When there is something to do: a run to go on with, a mailbox that is due already, or a retry."""
    asked = connection.execute(_ASKED).all()
    times = [max(filter(None, row), default=now) for row in asked]
    for row in connection.execute(_SYNCS):
        if row.run_key is not None:
            times.append(max(filter(None, (row.resume_at, row.leased_until)), default=now))
        elif row.due_at is not None and row.due_at <= now:
            times.append(now)
    return min(times, default=None)


def _settings(orders: Orders) -> Settings:
    return Settings(
        _env_file=None,
        database_url=orders.database_url,
        graph_url=orders.graph_url,
        microsoft_login_url=orders.login_url,
        gmail_url=orders.gmail_url,
        gmail_units_per_user=1_000_000,
        index_lag=timedelta(seconds=orders.index_lag),
        mailboxes_at_once=orders.at_once,
    )


# ---- what is done to it


def _count_commits(orders: Orders, clock: SharedClock) -> None:
    once = database._once

    def counted(engine: Engine, call: Callable[[Connection], T]) -> T:
        if engine.get_execution_options().get("isolation_level") or _only_reads(engine):
            return once(engine, call)
        with engine.begin() as connection:
            result = call(connection)
            clock.commits += 1
            is_last = clock.commits == orders.dies_at
            if is_last and orders.moment is Moment.BEFORE:
                _die()
        if is_last:
            _die()
        return result

    database._once = counted


def _only_reads(engine: Engine) -> bool:
    """Of SQLite's two engines the writer alone has a single connection."""
    return engine.dialect.name == "sqlite" and engine.pool.size() > 1  # type: ignore[attr-defined]


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _spoil(flaw: Flaw) -> None:
    if flaw is Flaw.NO_INTENT:
        SqlJournal.write = _write_without_intents  # type: ignore[method-assign]
    if flaw is Flaw.NO_SEARCH:
        SqlJournal.due = _due_without_sending  # type: ignore[method-assign]


_write = SqlJournal.write


async def _write_without_intents(
    self: SqlJournal, entries: Sequence[Entry], intents: Sequence[Intent] = ()
) -> frozenset[int]:
    await _write(self, entries)
    return frozenset(intent.item.id for intent in intents)


_due = SqlJournal.due


async def _due_without_sending(
    self: SqlJournal, mailbox: MailboxId, now: datetime, *, after: int, limit: int, blocked: Collection[str]
) -> tuple[Item, ...]:
    found = await _due(self, mailbox, now, after=after, limit=limit, blocked=blocked)
    return tuple(item for item in found if item.state is not ItemState.SENDING)
