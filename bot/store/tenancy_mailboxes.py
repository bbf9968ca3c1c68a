"""Mailboxes of a tenant file: taken up, changed, and let go, as a plan says."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, literal, select

from bot.domain.events import MailboxUpserted
from bot.domain.values import Severity
from bot.store.book import Held
from bot.store.chunks import chunks
from bot.store.engine_tables import mail_folder, mail_sync
from bot.store.parking import Parking
from bot.store.recording import record_own
from bot.store.setting_up import mailboxes_added, mailboxes_changed
from bot.store.signing import SignedBook
from bot.store.tables import audit, event_parked, mailbox
from bot.store.tenancy_ending import NO_LONGER, end_all, upsert_no_longer
from bot.store.tenancy_timing import first_times, make_due, reschedule
from bot.tenant.plan import Change, Plan
from bot.tenant.wanted import Tenant, WantedMailbox

_NAMED = mailbox.c.key.in_(bindparam("keys", expanding=True))
_KNOWN = select(mailbox.c.key).where(_NAMED)
_PARKED = select(event_parked.c.waits_for).distinct()
_LISTED = (
    select(func.max(mail_folder.c.tree_generation) + 1)
    .where(mail_folder.c.mailbox_id == mailbox.c.id)
    .scalar_subquery()
)
_EMPTY = {"listed": False, "pauses": 0, "changes": 0, "bytes": 0}
_NOW = bindparam("b_now", type_=mail_sync.c.due_at.type)
_TAKE_UP = insert(mail_sync).from_select(
    ["mailbox_id", "due_at", "folders_generation", *_EMPTY],
    # A mailbox that comes back: folders that vanished must look older than the listing without them.
    select(mailbox.c.id, _NOW, func.coalesce(_LISTED, 0), *map(literal, _EMPTY.values())).where(_NAMED),
)
_LEAVE = delete(mail_sync).where(mail_sync.c.mailbox_id.in_(select(mailbox.c.id).where(_NAMED)))
_NOTE_ADDED = insert(audit).from_select(
    ["at", "actor", "severity", "event", "message", "mailbox_id"],
    select(
        _NOW,
        bindparam("b_actor", type_=audit.c.actor.type),
        literal(Severity.INFORMATION, audit.c.severity.type),
        literal("mailbox added"),
        mailbox.c.source,
        mailbox.c.id,
    ).where(_NAMED),
)


@dataclass(slots=True)
class Roll:
    """The mailboxes of one plan. Rows of mail_sync are written before those of mailbox, as by the engine."""

    book: SignedBook
    plan: Plan
    before: Tenant
    wanted: Tenant

    def call(self) -> None:
        times = reschedule(self.book.connection, self.before, self.wanted, self.book.now)
        changes = self.plan.mailboxes
        for names in _names(changes.removed):
            self._let_go(names)
        for names in _names(changes.changed):
            self._change(names, times)
        firsts = first_times(self.wanted, [change.name for change in changes.added], self.book.now)
        for names in _names(changes.added):
            self._take_up(names, firsts)

    def replay_parked(self) -> None:
        """Whatever an engine outside reported of what is known only now. The book is closed."""
        connection, now, parking = self.book.connection, self.book.now, Parking(self.book)
        parked = set(connection.execute(_PARKED).scalars())
        for change in self.plan.policies.added if parked else ():
            if f"policy:{change.name}" in parked:
                record_own(connection, [each.event for each in parking.leave_policy(change.name)], now)
        for change in self.plan.mailboxes.added if parked else ():
            if f"mailbox:{change.name}" in parked:
                record_own(connection, [each.event for each in parking.leave_mailbox(change.name)], now)

    def _take_up(self, names: list[str], firsts: dict[str, datetime]) -> None:
        known = set(self.book.connection.execute(_KNOWN, {"keys": names}).scalars())
        events = {name: self._upserted(self.wanted.mailboxes[name], firsts[name]) for name in names}
        mailboxes_added(self.book, [event for name, event in events.items() if name not in known])
        mailboxes_changed(self.book, [(held, events[held.key]) for held in self._held(known)])
        values = {"keys": names, "b_now": self.book.now}
        self.book.connection.execute(_TAKE_UP, values)
        make_due(self.book.connection, {name: firsts[name] for name in names})
        self.book.connection.execute(_NOTE_ADDED, values | {"b_actor": self.book.actor})

    def _change(self, names: list[str], times: dict[str, datetime | None]) -> None:
        changes = []
        for held in self._held(names):
            next_sync_at = times.get(held.key, held.next_sync_at)
            changes.append((held, self._upserted(self.wanted.mailboxes[held.key], next_sync_at)))
            self.book.note("mailbox changed", held.source, at=self.book.now, held=held)
        mailboxes_changed(self.book, changes)

    def _let_go(self, names: list[str]) -> None:
        self.book.connection.execute(_LEAVE, {"keys": names})
        upsert_no_longer(self.book)
        changes = []
        for held in self._held(names):
            end_all(self.book, held)
            left = WantedMailbox(held.source, self.before.mailboxes[held.key].destination, NO_LONGER)
            changes.append((held, self._upserted(left, None)))
            self.book.note("mailbox removed", held.source, at=self.book.now, held=held)
        mailboxes_changed(self.book, changes)

    def _held(self, names: Collection[str]) -> Iterator[Held]:
        self.book.preload(names)
        return (held for name in names if (held := self.book.find(name)) is not None)

    def _upserted(self, wanted: WantedMailbox, next_sync_at: datetime | None) -> MailboxUpserted:
        key, destination = wanted.source, wanted.destination
        return MailboxUpserted(self.book.now, key, key, destination, wanted.policy, next_sync_at)


def _names(changes: Sequence[Change]) -> Iterator[list[str]]:
    return ([change.name for change in some] for some in chunks(changes))
