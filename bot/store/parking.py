"""Which events were seen before, and which wait for the mailbox or policy that they speak of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, delete, insert

from bot.domain import events
from bot.domain.events import Envelope, Event
from bot.ports import Recorded
from bot.store.book import Book
from bot.store.columns import INSERTS
from bot.store.tables import event_parked, event_seen

_SEEN = {
    dialect: insert_into(event_seen).on_conflict_do_nothing().returning(event_seen.c.source, event_seen.c.id)
    for dialect, insert_into in INSERTS.items()
}
_LEAVE = (
    delete(event_parked)
    .where(event_parked.c.waits_for == bindparam("waits_for"))
    .returning(event_parked.c.number, event_parked.c.source, event_parked.c.id, event_parked.c.payload)
)


def mark_seen(connection: Connection, envelopes: Sequence[Envelope], now: datetime) -> set[tuple[str, str]]:
    """Of these events, the identities that were never seen before. Inserted in one order by everybody, so
    that two who bring the same ones wait for each other instead of blocking each other.
    """
    identities = sorted({(envelope.source, envelope.id) for envelope in envelopes})
    rows = [{"source": source, "id": identity, "seen_at": now} for source, identity in identities]
    if not rows:
        return set()
    inserted = connection.execute(_SEEN[connection.dialect.name], rows)
    return {(row.source, row.id) for row in inserted}


@dataclass(frozen=True, slots=True)
class Parking:
    book: Book

    def wait_for_mailbox(self, envelope: Envelope, key: str) -> Recorded:
        return self._park(envelope, f"mailbox:{key}")

    def wait_for_policy(self, envelope: Envelope, key: str) -> Recorded:
        return self._park(envelope, f"policy:{key}")

    def leave_mailbox(self, key: str) -> list[Envelope]:
        return self._leave(f"mailbox:{key}")

    def leave_policy(self, key: str) -> list[Envelope]:
        return self._leave(f"policy:{key}")

    def _park(self, envelope: Envelope, waits_for: str) -> Recorded:
        row = {
            "source": envelope.source,
            "id": envelope.id,
            "waits_for": waits_for,
            "payload": _packed(envelope.event),
            "received_at": self.book.now,
        }
        self.book.connection.execute(insert(event_parked), row)
        return Recorded.PARKED

    def _leave(self, waits_for: str) -> list[Envelope]:
        """What waited for this, by the time of the events, not of their arrival."""
        rows = self.book.connection.execute(_LEAVE, {"waits_for": waits_for}).all()
        found = [(_unpacked(row.payload), row) for row in sorted(rows, key=lambda row: row.number)]
        found.sort(key=lambda pair: pair[0].at)
        return [Envelope(row.source, row.id, event) for event, row in found]


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(getattr(events, kind))


def _packed(event: Event) -> dict[str, Any]:
    kind = type(event).__name__
    return {"kind": kind, "event": _adapter(kind).dump_python(event, mode="json")}


def _unpacked(payload: dict[str, Any]) -> Event:
    event: Event = _adapter(payload["kind"]).validate_python(payload["event"])
    return event
