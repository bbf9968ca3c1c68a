"""Ten thousand mailboxes as rows: what recording would leave, without its time."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence

from sqlalchemy import Connection, insert, select, update

from bot.domain.values import FailureState
from bot.store import Database
from bot.store.alert_tables import alert, alert_message
from bot.store.tables import failure, mailbox, policy
from tests.integration.store.words import T0

CHUNK = 500
_VERSION = select(alert.c.version).where(alert.c.id == alert_message.c.alert_id).scalar_subquery()


def name(number: int) -> str:
    return f"n{number:05}"


async def employ(database: Database, numbers: Sequence[int]) -> None:
    """Under the first policy."""
    await database.write(_employ, numbers)


async def fail(
    database: Database, numbers: Sequence[int], began: Callable[[int], dt.datetime], code: str, item: str = ""
) -> None:
    """Each fails as a whole, or one item of it does; it has an alert of its own, as recording gives it."""
    for start in range(0, len(numbers), CHUNK):
        await database.write(_fail, numbers[start : start + CHUNK], began, code, item)


async def heal(database: Database, numbers: Sequence[int], at: dt.datetime) -> None:
    """All that fails in them is resolved."""
    for start in range(0, len(numbers), CHUNK):
        await database.write(_heal, numbers[start : start + CHUNK], at)


async def tell(database: Database, channel: str) -> None:
    """Every alert has been told there, as it is now."""
    await database.write(_tell, channel)


def _employ(connection: Connection, numbers: Sequence[int]) -> None:
    policy_id = connection.execute(select(policy.c.id).limit(1)).scalar_one()
    base = {"policy_id": policy_id, "version": 1, "open_failures": 0, "initial_done": True, "bytes": 0}
    times = dict.fromkeys(("policy_since", "next_sync_known_at", "updated_at", "created_at"), T0)
    rows = [
        base
        | times
        | {"key": name(n), "source": f"{name(n)}@old.example", "destination": f"{name(n)}@new.example"}
        for n in numbers
    ]
    connection.execute(insert(mailbox), rows)


def _ids(connection: Connection, numbers: Sequence[int]) -> dict[int, int]:
    rows = connection.execute(
        select(mailbox.c.id, mailbox.c.key).where(mailbox.c.key.in_(map(name, numbers)))
    )
    return {int(row.key[1:]): row.id for row in rows}


def _fail(
    connection: Connection, numbers: Sequence[int], began: Callable[[int], dt.datetime], code: str, item: str
) -> None:
    ids = _ids(connection, numbers)
    known = _open_alerts(connection, ids.values())
    opened = [
        {"mailbox_id": ids[n], "opened_at": began(n), "version": 1, "dirty": True}
        for n in numbers
        if ids[n] not in known
    ]
    if opened:
        connection.execute(insert(alert), opened)
    known = _open_alerts(connection, ids.values())
    base = {
        "service": "email" if item else "",
        "item": item,
        "code": code,
        "message": "said so",
        "attempts": 1,
    }
    base |= {"run_attempts": 0, "state": FailureState.OPEN, "returns": 0, "failed_retries": 0}
    rows = [
        base | {"mailbox_id": ids[n], "alert_id": known[ids[n]], "first_at": began(n), "last_at": began(n)}
        for n in numbers
    ]
    connection.execute(insert(failure), rows)
    connection.execute(
        update(mailbox)
        .where(mailbox.c.id.in_(ids.values()))
        .values(open_failures=mailbox.c.open_failures + 1, version=mailbox.c.version + 1)
    )
    connection.execute(
        update(alert).where(alert.c.id.in_(known.values())).values(version=alert.c.version + 1, dirty=True)
    )


def _open_alerts(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    chosen = select(alert.c.id, alert.c.mailbox_id).where(
        alert.c.mailbox_id.in_(ids), alert.c.cleared_at.is_(None)
    )
    return {row.mailbox_id: row.id for row in connection.execute(chosen)}


def _heal(connection: Connection, numbers: Sequence[int], at: dt.datetime) -> None:
    ids = list(_ids(connection, numbers).values())
    connection.execute(
        update(failure)
        .where(failure.c.mailbox_id.in_(ids), failure.c.resolved_at.is_(None))
        .values(state=FailureState.RESOLVED, resolved_at=at, resolved_by="System")
    )
    connection.execute(
        update(mailbox)
        .where(mailbox.c.id.in_(ids))
        .values(open_failures=0, last_success_at=at, version=mailbox.c.version + 1)
    )
    connection.execute(
        update(alert)
        .where(alert.c.mailbox_id.in_(ids), alert.c.cleared_at.is_(None))
        .values(cleared_at=at, version=alert.c.version + 1, dirty=True)
    )


def _tell(connection: Connection, channel: str) -> None:
    known = select(alert_message.c.alert_id).where(alert_message.c.channel == channel)
    rows = [
        {"alert_id": found, "channel": channel, "shown_version": 0, "attempts": 0}
        for found in connection.execute(select(alert.c.id).where(alert.c.id.not_in(known))).scalars()
    ]
    if rows:
        connection.execute(insert(alert_message), rows)
    connection.execute(update(alert_message).values(ts="1.0", shown_version=_VERSION, waits_for=None))
    connection.execute(update(alert).values(dirty=False, routed_version=alert.c.version))
