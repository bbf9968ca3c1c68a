"""What mailboxes are found by, and addresses that are sorted by their characters."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_AT_ONCE = 10_000
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.String(320).with_variant(sa.String(320, collation="C"), "postgresql")
_MAILBOXES = sa.text("SELECT id, source, destination FROM mailbox WHERE id > :after ORDER BY id LIMIT :limit")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for column in ("source", "destination"):
            op.alter_column("mailbox", column, type_=sa.String(320, collation="C"), existing_nullable=False)
    _fill(_created())


def _created() -> sa.Table:
    return op.create_table(
        "mailbox_term",
        sa.Column("term", _SORTED, nullable=False),
        sa.Column("mailbox_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("term", "mailbox_id", name="pk_mailbox_term"),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name="fk_mailbox_term_mailbox_id", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )


def _fill(table: sa.Table) -> None:
    for rows in _some():
        named = sorted((term, row.id) for row in rows for term in _terms(row.source, row.destination))
        if named:
            op.get_bind().execute(sa.insert(table), [{"term": each, "mailbox_id": of} for each, of in named])


def _some() -> Iterator[list[sa.Row[tuple[int, str, str]]]]:
    """All mailboxes, some at a time: the more at once, the fewer pages of the index are written twice."""
    after = 0
    while rows := list(op.get_bind().execute(_MAILBOXES, {"after": after, "limit": _AT_ONCE})):
        yield rows
        after = rows[-1].id


def _terms(*addresses: str) -> set[str]:
    """The pieces of three characters of each name between < and @, and each domain with its @."""
    found = set()
    for address in addresses:
        before, at, after = address.rpartition("@")
        name, domain = (before, after) if at else (after, "")
        text = f"<{name}@"
        found |= {text[i : i + 3] for i in range(len(text) - 2)} | ({f"@{domain}"} if domain else set())
    return found
