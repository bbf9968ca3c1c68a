"""Roles granted in Slack; audit lines that say where, outlive their mailbox, and are paged by two indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _access_grant()
    _audit()
    _audit_indexes()


def _access_grant() -> None:
    op.create_table(
        "access_grant",
        sa.Column("who", sa.String(100), nullable=False),
        sa.Column("role", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("who", name="pk_access_grant"),
    )


def _audit() -> None:
    """SQLite can only change a foreign key by a copy of the table."""
    with op.batch_alter_table("audit") as batch:
        batch.add_column(sa.Column("via", sa.String(100)))
        batch.add_column(sa.Column("channel", sa.String(100)))
        batch.add_column(sa.Column("message_ts", sa.String(40)))
        batch.drop_constraint("fk_audit_mailbox_id", type_="foreignkey")
        batch.create_foreign_key(
            "fk_audit_mailbox_id", "mailbox", ["mailbox_id"], ["id"], ondelete="SET NULL"
        )


def _audit_indexes() -> None:
    op.drop_index("ix_audit_at", "audit")
    op.drop_index("ix_audit_mailbox", "audit")
    op.create_index("ix_audit_newest", "audit", ["at", "id"])
    op.create_index("ix_audit_mailbox", "audit", ["mailbox_id", "at", "id"])
