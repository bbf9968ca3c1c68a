"""Incidents know whom their messages name, so that another list of as many is told as well."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("incident", sa.Column("named", sa.JSON(), nullable=False, server_default="[]"))
