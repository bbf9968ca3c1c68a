"""Home tabs are followed as open cards are, though they show no one mailbox."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """SQLite can only make a column optional by a copy of the table."""
    with op.batch_alter_table("watch") as batch:
        batch.alter_column("mailbox_id", existing_type=ID, nullable=True)
        batch.add_column(sa.Column("digest", sa.String(64)))
        batch.add_column(sa.Column("not_before", sa.DateTime(timezone=True)))
    is_home = sa.text("mailbox_id IS NULL")
    op.create_index("ix_watch_home", "watch", ["not_before"], sqlite_where=is_home, postgresql_where=is_home)
