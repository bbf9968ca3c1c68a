"""Incidents, subscriptions, mutes, and what became of each message."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _alert()
    _incident()
    _alert_message()
    _channel_state()
    _subscription()
    _mute()


def _alert() -> None:
    """SQLite can only make a column optional by a copy of the table."""
    with op.batch_alter_table("alert") as batch:
        batch.alter_column("mailbox_id", existing_type=ID, nullable=True)
        batch.add_column(sa.Column("kind", sa.String(20), nullable=False, server_default="mailbox"))
        batch.add_column(sa.Column("code", sa.String(100)))
        batch.add_column(sa.Column("connection", sa.String(100)))
        batch.add_column(sa.Column("routed_version", ID, nullable=False, server_default="0"))
        batch.add_column(sa.Column("acknowledged_by", sa.String(100)))
        batch.add_column(sa.Column("acknowledged_at", UTC_TIME))
        batch.add_column(sa.Column("snoozed_until", UTC_TIME))
        batch.add_column(sa.Column("snoozed_by", sa.String(100)))
    is_open = sa.text("kind = 'incident' AND cleared_at IS NULL")
    op.create_index(
        "uq_alert_open_incident",
        "alert",
        ["code", "connection"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _incident() -> None:
    op.create_table(
        "incident",
        sa.Column("alert_id", ID, nullable=False),
        sa.Column("mailboxes", sa.Integer(), nullable=False),
        sa.Column("failing", sa.Integer(), nullable=False),
        sa.Column("retrying", sa.Integer(), nullable=False),
        sa.Column("dismissed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("alert_id", name="pk_incident"),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name="fk_incident_alert_id", ondelete="CASCADE"),
    )
    with op.batch_alter_table("failure") as batch:
        batch.add_column(sa.Column("incident_id", ID))
        batch.create_foreign_key(
            "fk_failure_incident_id", "alert", ["incident_id"], ["id"], ondelete="SET NULL"
        )
    _incident_of_failure()


def _incident_of_failure() -> None:
    is_told = sa.text("incident_id IS NOT NULL")
    op.create_index(
        "ix_failure_incident",
        "failure",
        ["incident_id", "mailbox_id"],
        sqlite_where=is_told,
        postgresql_where=is_told,
    )


def _alert_message() -> None:
    op.add_column("alert_message", sa.Column("waits_for", sa.String(200)))
    op.add_column("alert_message", sa.Column("told", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("alert_message", sa.Column("told_at", UTC_TIME))
    op.add_column(
        "alert_message", sa.Column("told_cleared", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("alert_message", sa.Column("posting_since", UTC_TIME))
    waits = sa.text("waits_for IS NOT NULL")
    op.create_index(
        "ix_alert_message_waiting",
        "alert_message",
        ["deliver_after"],
        sqlite_where=waits,
        postgresql_where=waits,
    )


def _channel_state() -> None:
    op.create_table(
        "channel_state",
        sa.Column("channel", sa.String(100), nullable=False),
        sa.Column("delivered_at", UTC_TIME),
        sa.Column("reason", sa.String(200)),
        sa.Column("since", UTC_TIME),
        sa.Column("retry_after", UTC_TIME),
        sa.Column("told_at", UTC_TIME),
        sa.PrimaryKeyConstraint("channel", name="pk_channel_state"),
    )


def _subscription() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.String(100), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        sa.Column("mode", sa.String(20), nullable=False),
        sa.Column("quiet", sa.JSON()),
        sa.Column("mention", sa.String(100)),
        sa.Column("digest", sa.JSON()),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
        sa.UniqueConstraint("channel", name="uq_subscription_channel"),
    )


def _mute() -> None:
    op.create_table(
        "mute",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(512), nullable=False),
        sa.Column("until", UTC_TIME),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mute"),
        sa.UniqueConstraint("kind", "key", name="uq_mute_kind_key"),
    )
