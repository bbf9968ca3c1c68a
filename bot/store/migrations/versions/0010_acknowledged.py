"""How much of an alert was acknowledged."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("alert", sa.Column("acknowledged_count", sa.Integer()))
