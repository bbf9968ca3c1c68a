"""How a mailbox's runs came out day by day, by the index of when they began."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select

from bot.domain.values import MailboxId, Outcome
from bot.store.columns import AnyRow
from bot.store.tables import run
from bot.views import RunDay

LOOKED_AT = 5_000
"""Runs that are read at most; a day of which not all would be is left out."""

_A_DAY = dt.timedelta(days=1)
_NEWEST = (
    select(run.c.started_at, run.c.outcome, run.c.changes)
    .where(
        run.c.mailbox_id == bindparam("mailbox_id"),
        run.c.started_at >= bindparam("since", type_=run.c.started_at.type),
    )
    .order_by(run.c.started_at.desc())
    .limit(LOOKED_AT)
)


def run_days(
    connection: Connection, mailbox_id: MailboxId, since: dt.date, until: dt.date
) -> tuple[RunDay, ...]:
    """Both days included, in UTC, oldest first."""
    values = {"mailbox_id": mailbox_id, "since": dt.datetime.combine(since, dt.time(), dt.UTC)}
    rows = connection.execute(_NEWEST, values).all()
    if len(rows) == LOOKED_AT:
        since = rows[-1].started_at.date() + _A_DAY
    return _by_day(rows, since, until)


def _by_day(rows: Iterable[AnyRow], since: dt.date, until: dt.date) -> tuple[RunDay, ...]:
    runs: dict[dt.date, Counter[Outcome]] = {}
    changes: Counter[dt.date] = Counter()
    for row in rows:
        day = row.started_at.date()
        runs.setdefault(day, Counter())[row.outcome] += 1
        changes[day] += row.changes
    days = (since + n * _A_DAY for n in range((until - since).days + 1))
    return tuple(RunDay(day, dict(runs.get(day, {})), changes[day]) for day in days)
