"""Whatever the order in which reports arrive, however often: what is kept equals a recount of the rows."""

import os
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.domain.events import Envelope, Event, PolicyUpserted, SyncProgress
from bot.domain.values import MailboxId, RetryOutcome
from bot.ports import RetryTarget
from bot.store import Database, handling, recording, retry_requests
from tests.integration.store.words import (
    at,
    completed,
    email,
    item_failed,
    item_synced,
    mailbox,
    policy,
    started,
    sync_failed,
)

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("SYNCBOT_EXAMPLES", "40"))
_numbers = count()

HISTORY: tuple[Event, ...] = (
    mailbox(0),
    started(1, "r1"),
    SyncProgress(at(2), "m1", "r1", 1, 5, email(1, 0, 10)),
    item_failed(3, "i1", run="r1"),
    item_failed(4, "i2", run="r1", code="source_throttled"),
    SyncProgress(at(5), "m1", "r1", 4, 5, email(3, 1, 30)),
    completed(6, "r1", services=email(4, 2, 40), next_sync_at=at(66)),
    item_synced(7, "i1"),
    started(8, "r2"),
    item_failed(9, "i1", run="r2"),
    sync_failed(10, "r2"),
    started(11, "r3"),
    started(13, "r4"),
    completed(12, "r3", still_failing=("i2",)),
    item_failed(14, "i3", run="r4", code="source_item_gone"),
    sync_failed(15, "r4", code="network"),
    completed(17, "r5", started_at=at(16), services=()),
    item_failed(18, "i2"),
)
ANSWERS = ("item_failed", "item_synced", "started", "completed", "sync_failed")

actions = st.one_of(
    st.tuples(st.just("record"), st.lists(st.integers(0, len(HISTORY) - 1), min_size=1, max_size=6)),
    st.tuples(st.just("retry"), st.sampled_from(["all", "whole"])),
    st.tuples(st.just("answer"), st.tuples(st.sampled_from(ANSWERS), st.integers(0, 3), st.integers(1, 20))),
    st.tuples(st.just("dismiss"), st.integers(0, 5)),
    st.tuples(st.just("restore"), st.integers(0, 5)),
    st.tuples(st.just("end"), st.sampled_from([RetryOutcome.TIMED_OUT, RetryOutcome.REFUSED])),
)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.booleans(), st.permutations(range(len(HISTORY))), st.lists(actions, max_size=15))
def test_what_is_kept_equals_a_recount(
    database: Database,
    known: bool,  # noqa: FBT001 - drawn
    order: list[int],
    extra: list[tuple[str, Any]],
) -> None:
    world = World(database)
    if known:
        world.record([0])
    world.record(order[:9])
    for kind, argument in extra:
        getattr(world, kind)(argument)
        world.check()
    world.record(order[9:])
    world.record(order)
    world.check()


def test_the_order_of_the_clock_gives_what_the_card_should_say(database: Database) -> None:
    world = World(database)
    world.record(range(len(HISTORY)))
    world.check()
    (row,) = world.query("SELECT open_failures, initial_done, newest_status FROM mailbox WHERE id = :m")
    assert tuple(row.values()) == (1, True, "succeeded")


ASKED = """
    SELECT r.key, f.item FROM retry r LEFT JOIN failure f ON f.id = r.failure_id
    WHERE r.mailbox_id = :m ORDER BY r.id DESC
"""


class World:
    """One mailbox of its own in a database that other examples share."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.key = f"m{next(_numbers)}"
        self.seen = count()
        with database.writing() as connection:
            recording.record(connection, [Envelope(self.key, "policy", policy())], at(0))

    def record(self, numbers: Sequence[int]) -> None:
        self._record([Envelope(self.key, f"h{n}", self._own(HISTORY[n])) for n in numbers])

    def retry(self, what: str) -> None:
        chosen = self._mailbox()
        if chosen is not None:
            target = RetryTarget(chosen, whole_mailbox=what == "whole")
            self._do(retry_requests.claim, target, retry_requests.Asking("U1", at(20), at(30)))

    def answer(self, how: tuple[str, int, int]) -> None:
        kind, number, minute = how
        asked = self.query(ASKED)
        key, item = asked[number % len(asked)].values() if asked else ("nobody's", f"i{number}")
        events: dict[str, Event] = {
            "item_failed": item_failed(minute, item or "i1", retry_id=key),
            "item_synced": item_synced(minute, item or "i1", retry_id=key),
            "started": started(minute, f"answer{number}", retry_id=key),
            "completed": completed(minute, f"answer{number}", retry_id=key),
            "sync_failed": sync_failed(minute, f"answer{number}", retry_id=key),
        }
        self._record([Envelope(self.key, f"x{next(self.seen)}", self._own(events[kind]))])

    def end(self, outcome: RetryOutcome) -> None:
        for row in self.query("SELECT key FROM retry WHERE mailbox_id = :m AND finished_at IS NULL"):
            self._do(retry_requests.end, row["key"], outcome, "no answer", at(30))

    def dismiss(self, number: int) -> None:
        """Whichever it is, whatever became of it."""
        self._handle(handling.dismiss, number)

    def restore(self, number: int) -> None:
        self._handle(handling.restore, number)

    def _handle(self, command: Any, number: int) -> None:
        known = self.query("SELECT id FROM failure WHERE mailbox_id = :m ORDER BY id DESC")
        if known:
            self._do(command, [known[number % len(known)]["id"]], handling.Doing("U1", at(20), "accepted"))

    def check(self) -> None:
        wrong = self.query(RECOUNT)
        assert wrong == []

    def query(self, query: str) -> list[dict[str, Any]]:
        chosen = {"m": self._mailbox()}
        with self.database.reading() as connection:
            return [dict(row) for row in connection.execute(text(query), chosen).mappings()]

    def _mailbox(self) -> MailboxId | None:
        with self.database.reading() as connection:
            found = connection.execute(text("SELECT id FROM mailbox WHERE key = :k"), {"k": self.key})
            return found.scalar_one_or_none()

    def _own(self, event: Event) -> Event:
        assert not isinstance(event, PolicyUpserted)
        return replace(event, mailbox=self.key)

    def _record(self, envelopes: list[Envelope]) -> None:
        self._do(recording.record, envelopes, at(20))

    def _do(self, command: Any, *args: Any) -> None:
        with self.database.writing() as connection:
            command(connection, *args)


FAILURES = "(SELECT count(*) FROM failure f WHERE f.mailbox_id = m.id AND f.resolved_at IS NULL)"
NEWEST = "FROM run r WHERE r.mailbox_id = m.id AND r.finished_at IS NOT NULL "
NEWEST += "ORDER BY r.finished_at DESC, r.id DESC LIMIT 1"
SUCCESSES = "FROM run r WHERE r.mailbox_id = m.id AND r.status = 'succeeded'"
RECOUNTS = {
    "open failures": f"SELECT open_failures FROM mailbox m WHERE id = :m AND open_failures <> {FAILURES}",
    "live run": "SELECT live_run_id FROM mailbox m WHERE id = :m AND coalesce(live_run_id, 0) <> "
    "coalesce((SELECT r.id FROM run r WHERE r.mailbox_id = m.id AND r.finished_at IS NULL), 0)",
    "newest run": f"SELECT newest_run_id FROM mailbox m WHERE id = :m AND (newest_run_id <> "
    f"(SELECT r.id {NEWEST}) OR newest_status <> (SELECT r.status {NEWEST}))",
    "latest sync": "SELECT latest_sync_at FROM mailbox m WHERE id = :m AND latest_sync_at <> "
    "(SELECT max(r.started_at) FROM run r WHERE r.mailbox_id = m.id)",
    "bytes": "SELECT bytes FROM mailbox m WHERE id = :m AND bytes <> (SELECT coalesce(sum(s.bytes), 0) "
    "FROM run r JOIN run_service s ON s.run_id = r.id WHERE r.mailbox_id = m.id)",
    "changes": "SELECT id FROM run WHERE mailbox_id = :m AND changes <> "
    "(SELECT coalesce(sum(s.changes), 0) FROM run_service s WHERE s.run_id = run.id)",
    "initial sync": f"SELECT id FROM mailbox m WHERE id = :m "
    f"AND initial_done <> (EXISTS (SELECT 1 {SUCCESSES}))",
    "last success": f"SELECT last_success_at FROM mailbox m WHERE id = :m AND last_success_at <> "
    f"(SELECT max(r.finished_at) {SUCCESSES})",
    "runs end after they begin": "SELECT key FROM run WHERE mailbox_id = :m AND finished_at < started_at",
    "running has no end": "SELECT key FROM run WHERE mailbox_id = :m "
    "AND (status = 'running') <> (finished_at IS NULL)",
    "alert while failing": "SELECT id FROM mailbox m WHERE id = :m AND (open_failures > 0) <> "
    "(EXISTS (SELECT 1 FROM alert a WHERE a.mailbox_id = m.id AND a.cleared_at IS NULL))",
    "failures of the open alert": "SELECT f.id FROM failure f JOIN alert a ON a.id = f.alert_id "
    "WHERE f.mailbox_id = :m AND f.resolved_at IS NULL AND a.cleared_at IS NOT NULL",
    "retrying is held by a retry": "SELECT id FROM failure f WHERE mailbox_id = :m "
    "AND (state = 'retrying') <> "
    "(EXISTS (SELECT 1 FROM retry r WHERE r.failure_id = f.id AND r.finished_at IS NULL))",
    "retrying is unresolved": "SELECT id FROM failure WHERE mailbox_id = :m "
    "AND (state IN ('open', 'retrying')) <> (resolved_at IS NULL)",
    "attempts": "SELECT id FROM failure WHERE mailbox_id = :m AND (attempts < 1 OR first_at > last_at)",
    "batches": "SELECT b.id FROM retry_batch b JOIN retry r ON r.batch_id = b.id WHERE b.mailbox_id = :m "
    "GROUP BY b.id, b.requested, b.succeeded, b.failed, b.unanswered, b.finished_at "
    "HAVING b.requested <> count(*) "
    "OR b.succeeded <> sum(CASE WHEN r.outcome = 'succeeded' THEN 1 ELSE 0 END) "
    "OR b.failed <> sum(CASE WHEN r.outcome = 'failed' THEN 1 ELSE 0 END) "
    "OR b.unanswered <> sum(CASE WHEN r.outcome IN ('refused', 'timed out') THEN 1 ELSE 0 END) "
    "OR (b.finished_at IS NULL) <> (count(*) > count(r.finished_at))",
    "parked": "SELECT waits_for FROM event_parked WHERE waits_for IN "
    "(SELECT 'mailbox:' || key FROM mailbox WHERE id = :m)",
}
RECOUNT = " UNION ALL ".join(
    f"SELECT '{name}' AS what FROM ({query}) AS wrong{n}" for n, (name, query) in enumerate(RECOUNTS.items())
)
