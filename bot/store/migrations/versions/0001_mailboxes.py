"""Policies, mailboxes and their runs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _policy()
    _mailbox()
    _mailbox_indexes()
    _run()
    _run_indexes()
    _run_service()


def _policy() -> None:
    op.create_table(
        "policy",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(512), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.String(4000), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("deletion_delay_days", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_policy"),
        sa.UniqueConstraint("key", name="uq_policy_key"),
    )


def _mailbox() -> None:
    op.create_table(
        "mailbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(512), nullable=False),
        sa.Column("source", sa.String(320), nullable=False),
        sa.Column("destination", sa.String(320), nullable=False),
        sa.Column("policy_id", ID, nullable=False),
        sa.Column("policy_since", UTC_TIME, nullable=False),
        sa.Column("next_sync_at", UTC_TIME),
        sa.Column("next_sync_known_at", UTC_TIME, nullable=False),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.Column("open_failures", sa.Integer(), nullable=False),
        sa.Column("live_run_id", ID),
        sa.Column("newest_run_id", ID),
        sa.Column("newest_status", sa.String(20)),
        sa.Column("latest_sync_at", UTC_TIME),
        sa.Column("initial_done", sa.Boolean(), nullable=False),
        sa.Column("last_success_at", UTC_TIME),
        sa.Column("last_success_run_id", ID),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mailbox"),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name="fk_mailbox_policy_id"),
        sa.UniqueConstraint("key", name="uq_mailbox_key"),
    )


def _mailbox_indexes() -> None:
    op.create_index("ix_mailbox_destination", "mailbox", ["destination"])
    _partial("ix_mailbox_failing", "mailbox", ["open_failures"], "open_failures > 0")
    op.create_index("ix_mailbox_policy_id", "mailbox", ["policy_id"])
    op.create_index("ix_mailbox_source", "mailbox", ["source"])


def _run() -> None:
    op.create_table(
        "run",
        sa.Column("id", ID, nullable=False),
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("key", sa.String(512), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("trigger", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("started_at", UTC_TIME, nullable=False),
        sa.Column("start_seen", sa.Boolean(), nullable=False),
        sa.Column("finished_at", UTC_TIME),
        sa.Column("presumed", sa.Boolean(), nullable=False),
        sa.Column("heartbeat_at", UTC_TIME),
        sa.Column("done", sa.BigInteger()),
        sa.Column("total", sa.BigInteger()),
        sa.Column("code", sa.String(100)),
        sa.Column("message", sa.String(4000)),
        sa.Column("retry_key", sa.String(512)),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailbox.id"], name="fk_run_mailbox_id", ondelete="CASCADE"),
        sa.UniqueConstraint("mailbox_id", "key", name="uq_run_mailbox_id_key"),
    )


def _run_indexes() -> None:
    op.create_index("ix_run_finished_changes", "run", ["finished_at", "changes"])
    op.create_index("ix_run_newest_end", "run", ["mailbox_id", "finished_at"])
    op.create_index("ix_run_newest_start", "run", ["mailbox_id", "started_at"])
    op.create_index("ix_run_started", "run", ["started_at"])
    _partial("uq_run_in_flight", "run", ["mailbox_id"], "finished_at IS NULL", unique=True)


def _run_service() -> None:
    op.create_table(
        "run_service",
        sa.Column("run_id", ID, nullable=False),
        sa.Column("service", sa.String(100), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "service", name="pk_run_service"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_service_run_id", ondelete="CASCADE"),
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
