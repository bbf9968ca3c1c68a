"""The built-in engine's tables: connections, what policies want, and the journal of each mailbox."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from bot.domain.mail import DeletedItems, ItemState, Junk, Removals, WellKnown
from bot.domain.values import RunKind
from bot.store.columns import Clipped, Id, Key, UtcTime, Whole, Word
from bot.store.tables import mailbox_reference, metadata, partial_index, row_id

WAITING = "state IN ('new', 'sending', 'changed', 'removed')"
"""Items that the engine has to work on."""

FAILED = "state = 'failed'"

connection = Table(
    "connection",
    metadata,
    row_id(),
    Column("name", Key(100), nullable=False, unique=True),
    Column("settings", JSON, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
)

mail_policy = Table(
    "mail_policy",
    metadata,
    Column("policy_id", Id, ForeignKey("policy.id", ondelete="CASCADE"), primary_key=True),
    Column("source_connection_id", Id, ForeignKey("connection.id"), nullable=False),
    Column("destination_connection_id", Id, ForeignKey("connection.id"), nullable=False),
    Column("initial_days", Integer, nullable=False),
    Column("removals", Word(Removals), nullable=False),
    Column("deleted_items", Word(DeletedItems), nullable=False),
    Column("junk", Word(Junk), nullable=False),
)

mail_sync = Table(
    "mail_sync",
    metadata,
    Column("mailbox_id", Id, ForeignKey("mailbox.id", ondelete="CASCADE"), primary_key=True),
    Column("due_at", UtcTime),
    Column("window_start", UtcTime),
    Column("folders_cursor", Text),
    Column("folders_generation", Integer, nullable=False),
    # The run that is under way, in this process, in another one, or waiting.
    Column("run_key", Key(64)),
    Column("run_kind", Word(RunKind)),
    Column("began_at", UtcTime),
    Column("listed", Boolean, nullable=False),
    Column("pauses", Integer, nullable=False),
    Column("changes", Whole, nullable=False),
    Column("bytes", Whole, nullable=False),
    Column("resume_at", UtcTime),
    Column("leased_by", Key(100)),
    Column("leased_until", UtcTime),
    # A sync of the whole mailbox that somebody asked for, and work on single items of it.
    Column("retry_key", Key(64)),
    Column("items_leased_by", Key(100)),
    Column("items_leased_until", UtcTime),
    partial_index("ix_mail_sync_due", "due_at", where="run_key IS NULL"),
    partial_index("ix_mail_sync_run", "mailbox_id", where="run_key IS NOT NULL"),
    partial_index("ix_mail_sync_asked", "mailbox_id", where="retry_key IS NOT NULL"),
)

mail_folder = Table(
    "mail_folder",
    metadata,
    row_id(),
    mailbox_reference(),
    Column("source_id", Key(512), nullable=False),
    Column("parent", Key(512)),
    Column("name", Clipped(1000)),
    Column("well_known", Word(WellKnown)),
    # False for a folder whose well-known name came before the folder itself.
    Column("in_tree", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("tree_generation", Integer, nullable=False),
    Column("cursor", Text),
    Column("generation", Integer, nullable=False),
    Column("label", Key(200)),
    Column("label_name", Clipped(1000)),
    Column("label_called", Clipped(1000)),
    Column("place", Key(100)),
    Column("failed", Clipped(100)),
    Column("failed_run", Key(64)),
    Column("retry_key", Key(64)),
    UniqueConstraint("mailbox_id", "source_id"),
    partial_index("ix_mail_folder_asked", "mailbox_id", where="retry_key IS NOT NULL"),
)

mail_item = Table(
    "mail_item",
    metadata,
    row_id(),
    mailbox_reference(),
    Column("source_id", Key(512), nullable=False),
    Column("version", Clipped(200)),
    Column("message_id", Clipped(1000)),
    Column("received_at", UtcTime),
    Column("state", Word(ItemState), nullable=False),
    Column("folder", Key(512), nullable=False),
    Column("is_read", Boolean, nullable=False),
    Column("is_flagged", Boolean, nullable=False),
    Column("generation", Integer, nullable=False),
    # No folder of the source has it any more: what REMOVED and GONE mean, and FAILED may hide.
    Column("removed", Boolean, nullable=False),
    Column("shown_folder", Key(512)),
    Column("shown_read", Boolean),
    Column("shown_flagged", Boolean),
    Column("destination_id", Key(200)),
    Column("intent_at", UtcTime),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", UtcTime),
    Column("code", Clipped(100)),
    Column("message", Clipped(4000)),
    Column("failed_run", Key(64)),
    Column("retry_key", Key(64)),
    UniqueConstraint("mailbox_id", "source_id"),
    partial_index(
        "ix_mail_item_destination", "destination_id", "mailbox_id", where="destination_id IS NOT NULL"
    ),
    Index("ix_mail_item_folder", "folder", "mailbox_id", "generation"),
    partial_index("ix_mail_item_failed", "mailbox_id", where=FAILED),
    partial_index("ix_mail_item_due", "mailbox_id", "id", where=WAITING),
    partial_index("ix_mail_item_asked", "mailbox_id", "id", where="retry_key IS NOT NULL"),
)

# Folders are read one after another, so that a message that moves may be seen in two of them for a while:
# here is how the others show it, until they report that it left.
mail_sighting = Table(
    "mail_sighting",
    metadata,
    Column("mailbox_id", Id, ForeignKey("mailbox.id", ondelete="CASCADE"), primary_key=True),
    Column("source_id", Key(512), primary_key=True),
    Column("folder", Key(512), primary_key=True),
    Column("version", Clipped(200)),
    Column("is_read", Boolean, nullable=False),
    Column("is_flagged", Boolean, nullable=False),
    Column("generation", Integer, nullable=False),
)
