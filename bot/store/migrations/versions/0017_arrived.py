"""Messages are found by their id at the destination only once they have one."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_INDEX = "ix_mail_item_destination"
_HAS_ARRIVED = sa.text("destination_id IS NOT NULL")


def upgrade() -> None:
    op.drop_index(_INDEX, "mail_item")
    op.create_index(
        _INDEX,
        "mail_item",
        ["destination_id", "mailbox_id"],
        sqlite_where=_HAS_ARRIVED,
        postgresql_where=_HAS_ARRIVED,
    )
