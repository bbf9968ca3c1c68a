"""Policies: what is listed of them, and how one is enabled or disabled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, exists, func, select

from bot.domain.events import PolicyUpserted
from bot.domain.values import Frequency, MailboxId, PolicyId
from bot.errors import NotOurPolicy
from bot.store.chunks import AT_ONCE
from bot.store.columns import AnyRow
from bot.store.database import Database
from bot.store.engine_tables import mail_policy, mail_sync
from bot.store.postgres import APPLYING, take_turns
from bot.store.rows import clamped, offset, policy_badge
from bot.store.setting_up import policy_upserted
from bot.store.signing import SignedBook
from bot.store.tables import mailbox, policy
from bot.store.tenancy_timing import TIMINGS, write_times
from bot.tenant.timing import Rhythm, Timing, due_after
from bot.views.policies import PolicyLine, PolicyList, PolicySwitched

_OURS = exists().where(mail_policy.c.policy_id == policy.c.id).label("ours")
_TOTAL = select(func.count()).select_from(policy)
_PAGE = (
    select(policy, _OURS)
    .order_by(policy.c.name, policy.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_COUNTS = (
    select(
        mailbox.c.policy_id,
        func.count().label("mailboxes"),
        func.sum(case((mailbox.c.open_failures > 0, 1), else_=0)).label("failing"),
        func.min(mailbox.c.next_sync_at).label("next_sync_at"),
    )
    .where(mailbox.c.policy_id.in_(bindparam("ids", expanding=True)))
    .group_by(mailbox.c.policy_id)
)
_LOCKED = select(policy, _OURS).where(policy.c.id == bindparam("id")).with_for_update(of=policy)
_UNDER = mailbox.c.policy_id == bindparam("policy")
_NEVER_RAN = (
    select(func.count())
    .select_from(mail_sync.join(mailbox))
    .where(_UNDER, mailbox.c.latest_sync_at.is_(None))
)
_SOME = (
    TIMINGS.where(_UNDER, mailbox.c.id > bindparam("after")).order_by(mailbox.c.id).limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class SqlPolicyBook:
    database: Database

    async def switch(
        self, policy: PolicyId, *, active: bool, by: str, now: datetime
    ) -> PolicySwitched | None:
        return await self.database.write(switch, policy, active=active, by=by, now=now)


def listed(connection: Connection, number: int, size: int, now: datetime) -> PolicyList:
    """One pass over the mailboxes of the policies on this page."""
    page = clamped(number, size, connection.execute(_TOTAL).scalar_one())
    rows = connection.execute(_PAGE, offset(page)).all()
    counts = {row.policy_id: row for row in connection.execute(_COUNTS, {"ids": [row.id for row in rows]})}
    return PolicyList(tuple(_line(row, counts.get(row.id)) for row in rows), page, now)


def switch(
    connection: Connection, policy_id: PolicyId, *, active: bool, by: str, now: datetime
) -> PolicySwitched | None:
    """Takes turns with `syncbot apply`, which thus plans upon what this wrote, or is refused.

    Whatever runs goes on: a claim looks at the policy, what was claimed does not. What is due stays written
    where a policy is disabled, as applying a file leaves it, since a run that ends would write it again;
    nobody claims or shows it until the policy is enabled, which writes it anew.
    """
    take_turns(connection, APPLYING)
    row = connection.execute(_LOCKED, {"id": policy_id}).one_or_none()
    if row is None:
        return None
    if not row.ours:
        raise NotOurPolicy(row.name)
    if row.active == active:
        return PolicySwitched(row.name, active=active, is_new=False)
    if active:
        _spread(connection, row, now)
    _write(row, SignedBook(connection, now, actor=by), active=active)
    return PolicySwitched(row.name, active=active)


def _write(row: AnyRow, book: SignedBook, *, active: bool) -> None:
    at, frequency = max(book.now, row.updated_at), Frequency(row.every, row.unit)
    services, delay = tuple(row.services), row.deletion_delay_days
    policy_upserted(
        book, PolicyUpserted(at, row.key, row.name, row.description, active, services, frequency, delay)
    )
    book.close()


def _spread(connection: Connection, row: AnyRow, now: datetime) -> None:
    """Some mailboxes at a time, however many there are."""
    interval = Frequency(row.every, row.unit).interval
    was, becomes = Rhythm(interval, active=False), Rhythm(interval, active=True)
    beginners = connection.execute(_NEVER_RAN, {"policy": row.id}).scalar_one()
    for some in _timings(connection, PolicyId(row.id)):
        times = [(found, due_after(timing, was, becomes, now, beginners)) for found, timing in some]
        write_times(connection, times)


def _timings(connection: Connection, policy_id: PolicyId) -> Iterator[Sequence[tuple[MailboxId, Timing]]]:
    after = 0
    while rows := connection.execute(_SOME, {"policy": policy_id, "after": after, "limit": AT_ONCE}).all():
        yield [(MailboxId(row_id), Timing(*facts)) for row_id, *facts in rows]
        after = rows[-1].id


def _line(row: AnyRow, counts: AnyRow | None) -> PolicyLine:
    return PolicyLine(
        PolicyId(row.id),
        policy_badge(row),
        tuple(row.services),
        mailboxes=counts.mailboxes if counts else 0,
        failing=int(counts.failing) if counts else 0,
        next_sync_at=counts.next_sync_at if counts and row.active else None,
        is_ours=row.ours,
    )
