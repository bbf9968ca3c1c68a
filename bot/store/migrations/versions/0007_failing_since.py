"""Since when Slack has refused a message, and when the admins were told that a channel refuses some."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("alert_message", sa.Column("failing_since", UTC_TIME))
    op.add_column("channel_state", sa.Column("refusal_told_at", UTC_TIME))
