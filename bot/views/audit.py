"""Frozen read models of the audit log."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.values import Severity


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what, when, and where that was asked for.

    `actor` is a Slack user id, a login at the command line, or System; `via` a command or a control, and
    `message_ts` the message in `channel` whose control it was. All three are None for what nobody asked for.
    """

    id: int
    at: datetime
    actor: str
    severity: Severity
    event: str
    message: str
    via: str | None = None
    channel: str | None = None
    message_ts: str | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Newest first. `source` is the address of the mailbox that the lines are about; None: all lines.

    Pages follow one another by the ids of their lines: to count a million of them would take longer than to
    read these. `newer` and `older` are the ids to go on from, where there are such lines.
    """

    lines: tuple[AuditLine, ...]
    source: str | None
    newer: int | None
    older: int | None
    as_of: datetime | None = None
