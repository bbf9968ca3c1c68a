"""The tables of what channels are told: alerts, their messages, who wants them, and what is muted."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, Table, UniqueConstraint, false

from bot.domain.values import AlertKind, Credential, Ending
from bot.domain.wishes import Mode, MuteKind
from bot.store.columns import Clipped, Id, Key, UtcTime, Whole, Word
from bot.store.tables import mailbox_reference, metadata, partial_index, row_id

alert = Table(
    "alert",
    metadata,
    row_id(),
    Column("kind", Word(AlertKind), nullable=False, server_default=AlertKind.MAILBOX),
    # Empty for what is about more than one mailbox.
    mailbox_reference(nullable=True),
    Column("code", Clipped(100)),
    Column("connection", Key(100)),
    Column("opened_at", UtcTime, nullable=False),
    Column("cleared_at", UtcTime),
    Column("version", Id, nullable=False),
    Column("dirty", Boolean, nullable=False),
    # For which version the channels were chosen; 0 has them chosen anew.
    Column("routed_version", Id, nullable=False, server_default="0"),
    Column("acknowledged_by", Clipped(100)),
    Column("acknowledged_at", UtcTime),
    # How many failures, or mailboxes of an incident, were acknowledged.
    Column("acknowledged_count", Integer),
    Column("snoozed_until", UtcTime),
    Column("snoozed_by", Clipped(100)),
    # As ix_failure_resolved.
    partial_index("ix_alert_cleared", "cleared_at", where="cleared_at IS NOT NULL"),
    partial_index(
        "uq_alert_open", "mailbox_id", where="mailbox_id IS NOT NULL AND cleared_at IS NULL", unique=True
    ),
    partial_index(
        "uq_alert_open_incident",
        "code",
        "connection",
        where="kind = 'incident' AND cleared_at IS NULL",
        unique=True,
    ),
    partial_index(
        "uq_alert_open_credential",
        "connection",
        where="kind = 'credential' AND cleared_at IS NULL",
        unique=True,
    ),
    partial_index("ix_alert_dirty", "id", where="dirty"),
)

incident = Table(
    "incident",
    metadata,
    Column("alert_id", Id, ForeignKey("alert.id", ondelete="CASCADE"), primary_key=True),
    # How many mailboxes it ever was about, and how many of them are still failing, ...
    Column("mailboxes", Integer, nullable=False),
    Column("failing", Integer, nullable=False),
    Column("retrying", Integer, nullable=False),
    Column("dismissed", Integer, nullable=False),
    # ... and the ids of those that its message names.
    Column("named", JSON, nullable=False, server_default="[]"),
)

credential = Table(
    "credential",
    metadata,
    Column("alert_id", Id, ForeignKey("alert.id", ondelete="CASCADE"), primary_key=True),
    Column("credential", Word(Credential), nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("declared", Boolean, nullable=False),
    Column("step", Integer, nullable=False),
    Column("ending", Word(Ending)),
)

digest = Table(
    "digest",
    metadata,
    row_id(),
    Column("channel", Key(100), nullable=False),
    # The end of the period that it is about: one digest for each.
    Column("ends_at", UtcTime, nullable=False),
    Column("alert_id", Id, ForeignKey("alert.id", ondelete="CASCADE"), unique=True),
    # What it says, as it was counted then.
    Column("content", JSON, nullable=False),
    UniqueConstraint("channel", "ends_at"),
)

alert_message = Table(
    "alert_message",
    metadata,
    row_id(),
    Column("alert_id", Id, ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    Column("channel", Key(100), nullable=False),
    Column("ts", Clipped(50)),
    Column("shown_version", Id, nullable=False),
    Column("shown_digest", Clipped(200)),
    Column("deliver_after", UtcTime),
    Column("leased_until", UtcTime),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Clipped(1000)),
    # Why nothing is told yet, where that is as it should be; until `deliver_after`, or something changes.
    Column("waits_for", Clipped(200)),
    # How many failures the message and its thread have told of, and whether they told that all healed.
    Column("told", Whole, nullable=False, server_default="0"),
    Column("told_at", UtcTime),
    Column("told_cleared", Boolean, nullable=False, server_default=false()),
    # A message was sent since then whose answer nobody has read.
    Column("posting_since", UtcTime),
    # Slack has refused it since then.
    Column("failing_since", UtcTime),
    UniqueConstraint("alert_id", "channel"),
    partial_index("ix_alert_message_waiting", "deliver_after", where="waits_for IS NOT NULL"),
)

channel_state = Table(
    "channel_state",
    metadata,
    Column("channel", Key(100), primary_key=True),
    Column("delivered_at", UtcTime),
    # Why nothing can be delivered, since when, and until when nobody asks again.
    Column("reason", Clipped(200)),
    Column("since", UtcTime),
    Column("retry_after", UtcTime),
    Column("told_at", UtcTime),
    # When the admins were last told that it refuses some messages, though not all.
    Column("refusal_told_at", UtcTime),
)

subscription = Table(
    "subscription",
    metadata,
    row_id(),
    Column("channel", Key(100), nullable=False, unique=True),
    Column("filter", JSON, nullable=False),
    Column("mode", Word(Mode), nullable=False),
    Column("quiet", JSON),
    Column("mention", Clipped(100)),
    Column("digest", JSON),
    Column("by", Clipped(100), nullable=False),
    Column("at", UtcTime, nullable=False),
)

mute = Table(
    "mute",
    metadata,
    row_id(),
    Column("kind", Word(MuteKind), nullable=False),
    Column("key", Key(512), nullable=False),
    Column("until", UtcTime),
    Column("by", Clipped(100), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("reason", Clipped(1000), nullable=False),
    UniqueConstraint("kind", "key"),
)
