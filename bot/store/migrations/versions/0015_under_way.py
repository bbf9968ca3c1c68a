"""Retries of several items know when their newest answer came, and those under way are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("retry_batch", sa.Column("heard_at", sa.DateTime(timezone=True)))
    under_way = sa.text("finished_at IS NULL")
    op.create_index(
        "ix_retry_batch_under_way",
        "retry_batch",
        ["requested_at"],
        sqlite_where=under_way,
        postgresql_where=under_way,
    )
