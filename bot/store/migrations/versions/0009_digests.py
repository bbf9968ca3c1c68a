"""Credentials that expire, digests, and what they count by."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _credential()
    _digest()
    op.drop_index("ix_run_finished_changes", "run")
    op.create_index("ix_run_finished", "run", ["finished_at", "changes", "mailbox_id"])
    op.create_index("ix_failure_began", "failure", ["first_at"])


def _credential() -> None:
    op.create_table(
        "credential",
        sa.Column("alert_id", ID, nullable=False),
        sa.Column("credential", sa.String(20), nullable=False),
        sa.Column("expires_at", UTC_TIME, nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("ending", sa.String(20)),
        sa.PrimaryKeyConstraint("alert_id", name="pk_credential"),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alert.id"], name="fk_credential_alert_id", ondelete="CASCADE"
        ),
    )
    is_open = sa.text("kind = 'credential' AND cleared_at IS NULL")
    op.create_index(
        "uq_alert_open_credential",
        "alert",
        ["connection"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _digest() -> None:
    op.create_table(
        "digest",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.String(100), nullable=False),
        sa.Column("ends_at", UTC_TIME, nullable=False),
        sa.Column("alert_id", ID),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_digest"),
        sa.UniqueConstraint("channel", "ends_at", name="uq_digest_channel_ends_at"),
        sa.UniqueConstraint("alert_id", name="uq_digest_alert_id"),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name="fk_digest_alert_id", ondelete="CASCADE"),
    )
