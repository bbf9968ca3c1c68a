"""Open cards, the audit log, and what engines reported."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _watch()
    _watch_indexes()
    _audit()
    _audit_indexes()
    _event_seen()
    _event_seen_indexes()
    _event_parked()
    _event_parked_indexes()


def _watch() -> None:
    op.create_table(
        "watch",
        sa.Column("id", ID, nullable=False),
        sa.Column("target", sa.String(512), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("hash", sa.String(200)),
        sa.Column("user", sa.String(100), nullable=False),
        sa.Column("ref", sa.JSON(), nullable=False),
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("shown_version", ID, nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("expires_at", UTC_TIME, nullable=False),
        sa.Column("leased_until", UTC_TIME),
        sa.PrimaryKeyConstraint("id", name="pk_watch"),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name="fk_watch_mailbox_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("target", name="uq_watch_target"),
    )


def _watch_indexes() -> None:
    op.create_index("ix_watch_expires_at", "watch", ["expires_at"])
    op.create_index("ix_watch_mailbox", "watch", ["mailbox_id"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("event", sa.String(100), nullable=False),
        sa.Column("message", sa.String(4000), nullable=False),
        sa.Column("mailbox_id", ID),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name="fk_audit_mailbox_id", ondelete="CASCADE"
        ),
    )


def _audit_indexes() -> None:
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_mailbox", "audit", ["mailbox_id", "at"])


def _event_seen() -> None:
    op.create_table(
        "event_seen",
        sa.Column("source", sa.String(255), nullable=False),
        sa.Column("id", sa.String(255), nullable=False),
        sa.Column("seen_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("source", "id", name="pk_event_seen"),
    )


def _event_seen_indexes() -> None:
    op.create_index("ix_event_seen_seen_at", "event_seen", ["seen_at"])


def _event_parked() -> None:
    op.create_table(
        "event_parked",
        sa.Column("number", ID, nullable=False),
        sa.Column("source", sa.String(255), nullable=False),
        sa.Column("id", sa.String(255), nullable=False),
        sa.Column("waits_for", sa.String(520), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("received_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_event_parked"),
    )


def _event_parked_indexes() -> None:
    op.create_index("ix_event_parked_received_at", "event_parked", ["received_at"])
    op.create_index("ix_event_parked_waits_for", "event_parked", ["waits_for"])
