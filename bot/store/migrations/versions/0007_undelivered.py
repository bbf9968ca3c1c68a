"""Since when Slack has refused a message, whom it was told; and indexes that find only what is over."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("alert_message", sa.Column("failing_since", UTC_TIME))
    op.add_column("channel_state", sa.Column("refusal_told_at", UTC_TIME))
    op.drop_index("ix_alert_cleared_at", "alert")
    _index("ix_alert_cleared", "alert", "cleared_at", "cleared_at IS NOT NULL")
    op.drop_index("ix_failure_resolved", "failure")
    _index("ix_failure_resolved", "failure", "resolved_at", "resolved_at IS NOT NULL")
    op.drop_index("uq_alert_open", "alert")
    _index(
        "uq_alert_open", "alert", "mailbox_id", "mailbox_id IS NOT NULL AND cleared_at IS NULL", unique=True
    )


def _index(name: str, table: str, column: str, where: str, *, unique: bool = False) -> None:
    chosen = sa.text(where)
    op.create_index(name, table, [column], unique=unique, sqlite_where=chosen, postgresql_where=chosen)
