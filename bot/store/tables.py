"""The tables. Whatever must be unique is an index; whatever waits for a sweep has a partial one."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

from bot import occasion
from bot.domain.values import FailureState, Outcome, RetryOutcome, RunKind, RunStatus, Severity, Trigger, Unit
from bot.ports import WatchKind
from bot.store.columns import Clipped, Id, Key, Sorted, UtcTime, Whole, Word

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def row_id() -> Column[int]:
    return Column("id", Id, primary_key=True)


def mailbox_reference(*, nullable: bool = False) -> Column[int]:
    return Column("mailbox_id", Id, ForeignKey("mailbox.id", ondelete="CASCADE"), nullable=nullable)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the few rows for which `where` holds; queries must repeat it literally."""
    on_sqlite = text("dirty = 1" if where == "dirty" else where)
    return Index(name, *columns, unique=unique, sqlite_where=on_sqlite, postgresql_where=text(where))


def _occasion(what: str) -> str | None:
    now = occasion.present()
    return getattr(now, what) if now else None


policy = Table(
    "policy",
    metadata,
    row_id(),
    Column("key", Key(512), nullable=False, unique=True),
    Column("name", Clipped(200), nullable=False),
    Column("description", Clipped(4000), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("services", JSON, nullable=False),
    Column("every", Integer, nullable=False),
    Column("unit", Word(Unit), nullable=False),
    Column("deletion_delay_days", Integer, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
)

mailbox = Table(
    "mailbox",
    metadata,
    row_id(),
    Column("key", Key(512), nullable=False, unique=True),
    Column("source", Sorted(320), nullable=False, index=True),
    Column("destination", Sorted(320), nullable=False, index=True),
    Column("policy_id", Id, ForeignKey("policy.id"), nullable=False, index=True),
    Column("policy_since", UtcTime, nullable=False),
    Column("next_sync_at", UtcTime),
    Column("next_sync_known_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # What follows is derived from other rows, in the transaction that changes them.
    Column("version", Id, nullable=False),
    Column("open_failures", Integer, nullable=False),
    Column("live_run_id", Id),
    Column("newest_run_id", Id),
    Column("newest_status", Word(RunStatus)),
    Column("latest_sync_at", UtcTime),
    Column("initial_done", Boolean, nullable=False),
    Column("last_success_at", UtcTime),
    Column("last_success_run_id", Id),
    Column("bytes", Whole, nullable=False),
    Index("ix_mailbox_last_success", "policy_id", "last_success_at"),
    partial_index("ix_mailbox_failing", "open_failures", where="open_failures > 0"),
)

# What mailboxes are found by: bot/domain/finding.py. None is ever read by its mailbox.
mailbox_term = Table(
    "mailbox_term",
    metadata,
    Column("term", Sorted(320), primary_key=True),
    Column("mailbox_id", Id, ForeignKey("mailbox.id", ondelete="CASCADE"), primary_key=True),
    sqlite_with_rowid=False,
)

run = Table(
    "run",
    metadata,
    row_id(),
    mailbox_reference(),
    Column("key", Key(512), nullable=False),
    Column("kind", Word(RunKind), nullable=False),
    Column("trigger", Word(Trigger), nullable=False),
    Column("actor", Clipped(100), nullable=False),
    Column("status", Word(RunStatus), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("start_seen", Boolean, nullable=False),
    Column("finished_at", UtcTime),
    # Nobody told that it ended: a newer run began.
    Column("presumed", Boolean, nullable=False),
    Column("heartbeat_at", UtcTime),
    Column("done", Whole),
    Column("total", Whole),
    Column("code", Clipped(100)),
    Column("message", Clipped(4000)),
    Column("retry_key", Key(512)),
    Column("counted", Boolean, nullable=False),
    Column("changes", Whole, nullable=False),
    # Derived from the status and the counts of its services, in the statement that ends the run.
    Column("outcome", Word(Outcome), nullable=False, server_default=Outcome.RUNNING.value),
    UniqueConstraint("mailbox_id", "key"),
    Index("ix_run_newest_start", "mailbox_id", "started_at"),
    Index("ix_run_newest_end", "mailbox_id", "finished_at"),
    Index("ix_run_outcome", "mailbox_id", "outcome", "started_at"),
    # All that is summed of the runs of a period, so that none of their rows is read.
    Index("ix_run_finished", "finished_at", "changes", "mailbox_id"),
    Index("ix_run_started", "started_at"),
    partial_index("uq_run_in_flight", "mailbox_id", where="finished_at IS NULL", unique=True),
)

run_service = Table(
    "run_service",
    metadata,
    Column("run_id", Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("service", Key(100), primary_key=True),
    Column("changes", Whole, nullable=False),
    Column("bytes", Whole, nullable=False),
    Column("failed", Whole, nullable=False),
)

failure = Table(
    "failure",
    metadata,
    row_id(),
    mailbox_reference(),
    Column("alert_id", Id, ForeignKey("alert.id", ondelete="SET NULL"), index=True),
    Column("incident_id", Id, ForeignKey("alert.id", ondelete="SET NULL")),
    # Both are empty for the failure of a whole run.
    Column("service", Key(100), nullable=False),
    Column("item", Key(512), nullable=False),
    Column("run_key", Key(512)),
    Column("folder", Clipped(1000)),
    Column("subject", Clipped(1000)),
    Column("sender", Clipped(320)),
    Column("received_at", UtcTime),
    Column("size", Whole),
    Column("code", Clipped(100), nullable=False),
    Column("message", Clipped(4000), nullable=False),
    Column("attempts", Whole, nullable=False),
    Column("run_attempts", Whole, nullable=False),
    Column("first_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("retry_at", UtcTime),
    Column("state", Word(FailureState), nullable=False),
    Column("returns", Integer, nullable=False),
    Column("failed_retries", Integer, nullable=False),
    Column("retrying_by", Clipped(100)),
    Column("retrying_since", UtcTime),
    Column("last_retry", Word(RetryOutcome)),
    Column("last_retry_detail", Clipped(1000)),
    Column("resolved_at", UtcTime),
    Column("resolved_by", Clipped(100)),
    Column("resolved_run", Key(512)),
    Column("reason", Clipped(1000)),
    Index("ix_failure_newest", "mailbox_id", "service", "item", "id"),
    Index("ix_failure_began", "first_at"),
    Index("ix_failure_first", "mailbox_id", "first_at"),
    # Of those that are over alone: SQLite would take it to find the others, which may be most of all rows.
    partial_index("ix_failure_resolved", "resolved_at", where="resolved_at IS NOT NULL"),
    partial_index(
        "uq_failure_unresolved", "mailbox_id", "service", "item", where="resolved_at IS NULL", unique=True
    ),
    partial_index("ix_failure_oldest", "mailbox_id", "first_at", "id", where="resolved_at IS NULL"),
    partial_index("ix_failure_cause", "code", "mailbox_id", where="resolved_at IS NULL"),
    partial_index(
        "ix_failure_dismissed", "mailbox_id", "resolved_at", "resolved_by", where="state = 'dismissed'"
    ),
    partial_index("ix_failure_incident", "incident_id", "mailbox_id", where="incident_id IS NOT NULL"),
)

retry_batch = Table(
    "retry_batch",
    metadata,
    row_id(),
    Column("key", Key(32), nullable=False, unique=True),
    mailbox_reference(),
    Column("actor", Clipped(100), nullable=False),
    Column("requested_at", UtcTime, nullable=False, index=True),
    Column("finished_at", UtcTime),
    # A retry of a whole mailbox stands in the history as its run, unless none came of it.
    Column("listed", Boolean, nullable=False),
    Column("requested", Integer, nullable=False),
    Column("succeeded", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("unanswered", Integer, nullable=False),
    Column("heard_at", UtcTime),
    Index("ix_retry_batch_history", "mailbox_id", "listed", "requested_at"),
    partial_index("ix_retry_batch_under_way", "requested_at", where="finished_at IS NULL"),
)

retry = Table(
    "retry",
    metadata,
    row_id(),
    Column("key", Key(32), nullable=False, unique=True),
    Column("batch_id", Id, ForeignKey("retry_batch.id", ondelete="CASCADE"), nullable=False, index=True),
    mailbox_reference(),
    Column("failure_id", Id, ForeignKey("failure.id", ondelete="SET NULL"), index=True),
    Column("whole", Boolean, nullable=False),
    Column("actor", Clipped(100), nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("patience_s", Integer, nullable=False),
    Column("deadline", UtcTime, nullable=False),
    Column("send_after", UtcTime, nullable=False),
    Column("send_attempts", Integer, nullable=False),
    Column("leased_until", UtcTime),
    Column("sent_at", UtcTime),
    Column("finished_at", UtcTime),
    Column("outcome", Word(RetryOutcome)),
    Column("detail", Clipped(1000)),
    partial_index("uq_retry_failure", "failure_id", where="finished_at IS NULL", unique=True),
    Index(
        "uq_retry_whole",
        "mailbox_id",
        unique=True,
        sqlite_where=text("finished_at IS NULL AND whole = 1"),
        postgresql_where=text("finished_at IS NULL AND whole"),
    ),
    partial_index("ix_retry_unsent", "send_after", where="finished_at IS NULL AND sent_at IS NULL"),
    partial_index("ix_retry_deadline", "deadline", where="finished_at IS NULL"),
)

watch = Table(
    "watch",
    metadata,
    row_id(),
    Column("target", Key(512), nullable=False, unique=True),
    Column("kind", Word(WatchKind), nullable=False),
    Column("hash", Clipped(200)),
    Column("user", Clipped(100), nullable=False),
    Column("ref", JSON, nullable=False),
    # A Home tab shows no one mailbox: it is looked at again from `not_before` on, and compared by its digest.
    mailbox_reference(nullable=True),
    Column("shown_version", Id, nullable=False),
    Column("uses_left", Integer, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
    Column("leased_until", UtcTime),
    Column("digest", Clipped(64)),
    Column("not_before", UtcTime),
    Index("ix_watch_mailbox", "mailbox_id"),
    partial_index("ix_watch_home", "not_before", where="mailbox_id IS NULL"),
)

audit = Table(
    "audit",
    metadata,
    row_id(),
    Column("at", UtcTime, nullable=False),
    Column("actor", Clipped(100), nullable=False),
    Column("severity", Word(Severity), nullable=False),
    Column("event", Clipped(100), nullable=False),
    Column("message", Clipped(4000), nullable=False),
    # The line outlives its mailbox.
    Column("mailbox_id", Id, ForeignKey("mailbox.id", ondelete="SET NULL")),
    # Filled in by themselves, so that no change can forget to say where it was asked for.
    Column("via", Clipped(100), default=lambda: _occasion("via")),
    Column("channel", Clipped(100), default=lambda: _occasion("channel")),
    Column("message_ts", Clipped(40), default=lambda: _occasion("message_ts")),
    Index("ix_audit_newest", "at", "id"),
    Index("ix_audit_mailbox", "mailbox_id", "at", "id"),
)

event_seen = Table(
    "event_seen",
    metadata,
    Column("source", Key(255), primary_key=True),
    Column("id", Key(255), primary_key=True),
    Column("seen_at", UtcTime, nullable=False, index=True),
)

event_parked = Table(
    "event_parked",
    metadata,
    Column("number", Id, primary_key=True),
    Column("source", Key(255), nullable=False),
    Column("id", Key(255), nullable=False),
    Column("waits_for", Key(520), nullable=False, index=True),
    Column("payload", JSON, nullable=False),
    Column("received_at", UtcTime, nullable=False, index=True),
)
