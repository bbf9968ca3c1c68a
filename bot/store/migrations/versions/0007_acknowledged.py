"""How much of an alert was acknowledged."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("alert", sa.Column("acknowledged_count", sa.Integer()))
