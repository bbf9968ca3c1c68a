"""Connections, what policies want of mail, and the journal of each mailbox."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC_TIME = sa.DateTime(timezone=True)
WAITING = "state IN ('new', 'sending', 'changed', 'removed')"


def upgrade() -> None:
    op.create_index("ix_mailbox_last_success", "mailbox", ["policy_id", "last_success_at"])
    _connection()
    _mail_policy()
    _mail_sync()
    _mail_sync_indexes()
    _mail_folder()
    _mail_item()
    _mail_item_indexes()
    _mail_sighting()


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _connection() -> None:
    op.create_table(
        "connection",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_connection"),
        sa.UniqueConstraint("name", name="uq_connection_name"),
    )


def _mail_policy() -> None:
    op.create_table(
        "mail_policy",
        sa.Column("policy_id", ID, nullable=False),
        sa.Column("source_connection_id", ID, nullable=False),
        sa.Column("destination_connection_id", ID, nullable=False),
        sa.Column("initial_days", sa.Integer(), nullable=False),
        sa.Column("removals", sa.String(20), nullable=False),
        sa.Column("deleted_items", sa.String(20), nullable=False),
        sa.Column("junk", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("policy_id", name="pk_mail_policy"),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policy.id"], name="fk_mail_policy_policy_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["source_connection_id"], ["connection.id"], name="fk_mail_policy_source_connection_id"
        ),
        sa.ForeignKeyConstraint(
            ["destination_connection_id"],
            ["connection.id"],
            name="fk_mail_policy_destination_connection_id",
        ),
    )


def _mail_sync() -> None:
    op.create_table(
        "mail_sync",
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("due_at", UTC_TIME),
        sa.Column("window_start", UTC_TIME),
        sa.Column("folders_cursor", sa.Text()),
        sa.Column("folders_generation", sa.Integer(), nullable=False),
        sa.Column("run_key", sa.String(64)),
        sa.Column("run_kind", sa.String(20)),
        sa.Column("began_at", UTC_TIME),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("pauses", sa.Integer(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("resume_at", UTC_TIME),
        sa.Column("leased_by", sa.String(100)),
        sa.Column("leased_until", UTC_TIME),
        sa.Column("retry_key", sa.String(64)),
        sa.Column("items_leased_by", sa.String(100)),
        sa.Column("items_leased_until", UTC_TIME),
        sa.PrimaryKeyConstraint("mailbox_id", name="pk_mail_sync"),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name="fk_mail_sync_mailbox_id", ondelete="CASCADE"
        ),
    )


def _mail_sync_indexes() -> None:
    _partial_index("ix_mail_sync_due", "mail_sync", ["due_at"], "run_key IS NULL")
    _partial_index("ix_mail_sync_run", "mail_sync", ["mailbox_id"], "run_key IS NOT NULL")
    _partial_index("ix_mail_sync_asked", "mail_sync", ["mailbox_id"], "retry_key IS NOT NULL")


def _mail_folder() -> None:
    op.create_table(
        "mail_folder",
        sa.Column("id", ID, nullable=False),
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("source_id", sa.String(512), nullable=False),
        sa.Column("parent", sa.String(512)),
        sa.Column("name", sa.String(1000)),
        sa.Column("well_known", sa.String(20)),
        sa.Column("in_tree", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("tree_generation", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Text()),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(200)),
        sa.Column("label_name", sa.String(1000)),
        sa.Column("failed", sa.String(100)),
        sa.Column("failed_run", sa.String(64)),
        sa.Column("retry_key", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_mail_folder"),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name="fk_mail_folder_mailbox_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("mailbox_id", "source_id", name="uq_mail_folder_mailbox_id_source_id"),
    )
    _partial_index("ix_mail_folder_asked", "mail_folder", ["mailbox_id"], "retry_key IS NOT NULL")


def _mail_item() -> None:
    op.create_table(
        "mail_item",
        sa.Column("id", ID, nullable=False),
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("source_id", sa.String(512), nullable=False),
        sa.Column("version", sa.String(200)),
        sa.Column("message_id", sa.String(1000)),
        sa.Column("received_at", UTC_TIME),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("folder", sa.String(512), nullable=False),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("shown_folder", sa.String(512)),
        sa.Column("shown_read", sa.Boolean()),
        sa.Column("shown_flagged", sa.Boolean()),
        sa.Column("destination_id", sa.String(200)),
        sa.Column("intent_at", UTC_TIME),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", UTC_TIME),
        sa.Column("code", sa.String(100)),
        sa.Column("message", sa.String(4000)),
        sa.Column("failed_run", sa.String(64)),
        sa.Column("retry_key", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_mail_item"),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name="fk_mail_item_mailbox_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("mailbox_id", "source_id", name="uq_mail_item_mailbox_id_source_id"),
    )


def _mail_item_indexes() -> None:
    op.create_index("ix_mail_item_destination", "mail_item", ["destination_id", "mailbox_id"])
    op.create_index("ix_mail_item_folder", "mail_item", ["folder", "mailbox_id", "generation"])
    _partial_index("ix_mail_item_failed", "mail_item", ["mailbox_id"], "state = 'failed'")
    _partial_index("ix_mail_item_due", "mail_item", ["mailbox_id", "id"], WAITING)
    _partial_index("ix_mail_item_asked", "mail_item", ["mailbox_id", "id"], "retry_key IS NOT NULL")


def _mail_sighting() -> None:
    op.create_table(
        "mail_sighting",
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("source_id", sa.String(512), nullable=False),
        sa.Column("folder", sa.String(512), nullable=False),
        sa.Column("version", sa.String(200)),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox_id", "source_id", "folder", name="pk_mail_sighting"),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name="fk_mail_sighting_mailbox_id", ondelete="CASCADE"
        ),
    )
