"""Runs say how they came out, so that a history is filtered by it; failures are found by when they began."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_CAME_OUT = sa.text("""
UPDATE run SET outcome = CASE
    WHEN status = 'failed' THEN 'failed'
    WHEN EXISTS (SELECT 1 FROM run_service WHERE run_service.run_id = run.id AND run_service.failed > 0)
        THEN 'partial'
    ELSE 'synced' END
WHERE status <> 'running'
""")
_MAILBOXES_ALONE = ("mailbox", "mailbox_term")
"""Read by hot queries from the moment on that they were filled: until PostgreSQL has looked at what is in
them, it may choose to read all of it.
"""


def upgrade() -> None:
    op.add_column("run", sa.Column("outcome", sa.String(20), nullable=False, server_default="running"))
    op.execute(_CAME_OUT)
    op.create_index("ix_run_outcome", "run", ["mailbox_id", "outcome", "started_at"])
    op.create_index("ix_failure_first", "failure", ["mailbox_id", "first_at"])
    is_dismissed = sa.text("state = 'dismissed'")
    op.create_index(
        "ix_failure_dismissed",
        "failure",
        ["mailbox_id", "resolved_at", "resolved_by"],
        sqlite_where=is_dismissed,
        postgresql_where=is_dismissed,
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in _MAILBOXES_ALONE:
            op.execute(f"ANALYZE {table}")
