"""Failures, retries and alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _alert()
    _alert_indexes()
    _alert_message()
    _failure()
    _failure_indexes()
    _retry_batch()
    _retry_batch_indexes()
    _retry()
    _retry_indexes()


def _alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", ID, nullable=False),
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("opened_at", UTC_TIME, nullable=False),
        sa.Column("cleared_at", UTC_TIME),
        sa.Column("version", ID, nullable=False),
        sa.Column("dirty", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name="fk_alert_mailbox_id", ondelete="CASCADE"
        ),
    )


def _alert_indexes() -> None:
    op.create_index("ix_alert_cleared_at", "alert", ["cleared_at"])
    _partial("ix_alert_dirty", "alert", ["id"], "dirty", on_sqlite="dirty = 1")
    _partial("uq_alert_open", "alert", ["mailbox_id"], "cleared_at IS NULL", unique=True)


def _alert_message() -> None:
    op.create_table(
        "alert_message",
        sa.Column("id", ID, nullable=False),
        sa.Column("alert_id", ID, nullable=False),
        sa.Column("channel", sa.String(100), nullable=False),
        sa.Column("ts", sa.String(50)),
        sa.Column("shown_version", ID, nullable=False),
        sa.Column("shown_digest", sa.String(200)),
        sa.Column("deliver_after", UTC_TIME),
        sa.Column("leased_until", UTC_TIME),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(1000)),
        sa.PrimaryKeyConstraint("id", name="pk_alert_message"),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alert.id"], name="fk_alert_message_alert_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("alert_id", "channel", name="uq_alert_message_alert_id_channel"),
    )


def _failure() -> None:
    op.create_table(
        "failure",
        sa.Column("id", ID, nullable=False),
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("alert_id", ID),
        sa.Column("service", sa.String(100), nullable=False),
        sa.Column("item", sa.String(512), nullable=False),
        sa.Column("run_key", sa.String(512)),
        sa.Column("folder", sa.String(1000)),
        sa.Column("subject", sa.String(1000)),
        sa.Column("sender", sa.String(320)),
        sa.Column("received_at", UTC_TIME),
        sa.Column("size", sa.BigInteger()),
        sa.Column("code", sa.String(100), nullable=False),
        sa.Column("message", sa.String(4000), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("run_attempts", sa.BigInteger(), nullable=False),
        sa.Column("first_at", UTC_TIME, nullable=False),
        sa.Column("last_at", UTC_TIME, nullable=False),
        sa.Column("retry_at", UTC_TIME),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("failed_retries", sa.Integer(), nullable=False),
        sa.Column("retrying_by", sa.String(100)),
        sa.Column("retrying_since", UTC_TIME),
        sa.Column("last_retry", sa.String(20)),
        sa.Column("last_retry_detail", sa.String(1000)),
        sa.Column("resolved_at", UTC_TIME),
        sa.Column("resolved_by", sa.String(100)),
        sa.Column("resolved_run", sa.String(512)),
        sa.Column("reason", sa.String(1000)),
        sa.PrimaryKeyConstraint("id", name="pk_failure"),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name="fk_failure_mailbox_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name="fk_failure_alert_id", ondelete="SET NULL"),
    )


def _failure_indexes() -> None:
    op.create_index("ix_failure_alert_id", "failure", ["alert_id"])
    _partial("ix_failure_cause", "failure", ["code", "mailbox_id"], "resolved_at IS NULL")
    op.create_index("ix_failure_newest", "failure", ["mailbox_id", "service", "item", "id"])
    _partial("ix_failure_oldest", "failure", ["mailbox_id", "first_at", "id"], "resolved_at IS NULL")
    op.create_index("ix_failure_resolved", "failure", ["resolved_at"])
    _partial(
        "uq_failure_unresolved",
        "failure",
        ["mailbox_id", "service", "item"],
        "resolved_at IS NULL",
        unique=True,
    )


def _retry_batch() -> None:
    op.create_table(
        "retry_batch",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("requested_at", UTC_TIME, nullable=False),
        sa.Column("finished_at", UTC_TIME),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("requested", sa.Integer(), nullable=False),
        sa.Column("succeeded", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_retry_batch"),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name="fk_retry_batch_mailbox_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("key", name="uq_retry_batch_key"),
    )


def _retry_batch_indexes() -> None:
    op.create_index("ix_retry_batch_history", "retry_batch", ["mailbox_id", "listed", "requested_at"])
    op.create_index("ix_retry_batch_requested_at", "retry_batch", ["requested_at"])


def _retry() -> None:
    op.create_table(
        "retry",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("failure_id", ID),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("requested_at", UTC_TIME, nullable=False),
        sa.Column("patience_s", sa.Integer(), nullable=False),
        sa.Column("deadline", UTC_TIME, nullable=False),
        sa.Column("send_after", UTC_TIME, nullable=False),
        sa.Column("send_attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", UTC_TIME),
        sa.Column("sent_at", UTC_TIME),
        sa.Column("finished_at", UTC_TIME),
        sa.Column("outcome", sa.String(20)),
        sa.Column("detail", sa.String(1000)),
        sa.PrimaryKeyConstraint("id", name="pk_retry"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["retry_batch.id"], name="fk_retry_batch_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name="fk_retry_mailbox_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["failure_id"], ["failure.id"], name="fk_retry_failure_id", ondelete="SET NULL"
        ),
        sa.UniqueConstraint("key", name="uq_retry_key"),
    )


def _retry_indexes() -> None:
    op.create_index("ix_retry_batch_id", "retry", ["batch_id"])
    _partial("ix_retry_deadline", "retry", ["deadline"], "finished_at IS NULL")
    op.create_index("ix_retry_failure_id", "retry", ["failure_id"])
    _partial("ix_retry_unsent", "retry", ["send_after"], "finished_at IS NULL AND sent_at IS NULL")
    _partial("uq_retry_failure", "retry", ["failure_id"], "finished_at IS NULL", unique=True)
    _partial(
        "uq_retry_whole",
        "retry",
        ["mailbox_id"],
        "finished_at IS NULL AND whole",
        unique=True,
        on_sqlite="finished_at IS NULL AND whole = 1",
    )


def _partial(
    name: str, table: str, columns: list[str], where: str, *, unique: bool = False, on_sqlite: str = ""
) -> None:
    """An index over the rows for which `where` holds; SQLite has no true and false of its own."""
    op.create_index(
        name,
        table,
        columns,
        unique=unique,
        sqlite_where=sa.text(on_sqlite or where),
        postgresql_where=sa.text(where),
    )
