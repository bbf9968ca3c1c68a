"""Where the mail of folders was put, and what labels are called whose names were refused."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("mail_folder", sa.Column("label_called", sa.String(1000)))
    op.add_column("mail_folder", sa.Column("place", sa.String(100)))
