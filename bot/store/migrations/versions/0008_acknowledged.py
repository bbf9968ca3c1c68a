"""How much of an alert was acknowledged."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("alert", sa.Column("acknowledged_count", sa.Integer()))
