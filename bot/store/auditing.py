"""The audit log, newest first, page by page: each page is a few rows of an index, however many there are."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select, tuple_

from bot.domain.values import MailboxId
from bot.store.columns import AnyRow
from bot.store.tables import audit, mailbox
from bot.views.audit import AuditLine, AuditPage

LINE = select(
    audit.c.id,
    audit.c.at,
    audit.c.actor,
    audit.c.severity,
    audit.c.event,
    audit.c.message,
    audit.c.via,
    audit.c.channel,
    audit.c.message_ts,
).limit(bindparam("limit"))
_PLACE = tuple_(audit.c.at, audit.c.id)
_FROM: ColumnElement[Any] = tuple_(bindparam("at", type_=audit.c.at.type), bindparam("from_id"))
_NEWEST = LINE.order_by(audit.c.at.desc(), audit.c.id.desc())
_OLDEST = LINE.order_by(audit.c.at, audit.c.id)
_OF_MAILBOX = audit.c.mailbox_id == bindparam("mailbox_id")
_SINCE = audit.c.at >= bindparam("since", type_=audit.c.at.type)
_AT = select(audit.c.at).where(audit.c.id == bindparam("id"))
_SOURCE = select(mailbox.c.source).where(mailbox.c.id == bindparam("id"))


def audit_page(
    connection: Connection,
    mailbox_id: MailboxId | None,
    *,
    before: int | None = None,
    after: int | None = None,
    size: int,
) -> AuditPage | None:
    """The lines before the line `before`, else those after `after`, else the newest.

    None where the mailbox does not exist. A line that is not there counts as none: the newest are shown.
    """
    source = None
    if mailbox_id is not None:
        source = connection.execute(_SOURCE, {"id": mailbox_id}).scalar_one_or_none()
        if source is None:
            return None
    turn = _Turn(connection, mailbox_id, size)
    lines = turn.newer_than(after) if after is not None and before is None else turn.older_than(before)
    return AuditPage(tuple(lines), source, turn.newer(lines), turn.older(lines))


def audit_lines(
    connection: Connection,
    mailbox_id: MailboxId | None,
    *,
    since: datetime | None,
    before: int | None,
    limit: int,
) -> tuple[AuditLine, ...]:
    """The next lines before the line `before`, newest first, back to `since`."""
    statement = _NEWEST.where(_SINCE) if since else _NEWEST
    return tuple(_Turn(connection, mailbox_id, limit).read(statement, "<", before, {"since": since}))


class _Turn:
    """One reading of a page, and what is on either side of it."""

    def __init__(self, connection: Connection, mailbox_id: MailboxId | None, size: int) -> None:
        self.connection, self.mailbox_id, self.size = connection, mailbox_id, size

    def older_than(self, line: int | None) -> list[AuditLine]:
        return self.read(_NEWEST, "<", line, {})

    def newer_than(self, line: int) -> list[AuditLine]:
        """Fewer than a page are left on the way back to the newest: then those are shown, as a whole page."""
        lines = self.read(_OLDEST, ">", line, {})[::-1]
        return lines if len(lines) == self.size else self.older_than(None)

    def newer(self, lines: list[AuditLine]) -> int | None:
        return lines[0].id if lines and self._is_any(_OLDEST, ">", lines[0].id) else None

    def older(self, lines: list[AuditLine]) -> int | None:
        return lines[-1].id if lines and self._is_any(_NEWEST, "<", lines[-1].id) else None

    def read(
        self, statement: Select[Any], side: str, line: int | None, values: dict[str, Any]
    ) -> list[AuditLine]:
        return [audit_line(row) for row in self._rows(statement, side, line, values | {"limit": self.size})]

    def _is_any(self, statement: Select[Any], side: str, line: int) -> bool:
        return bool(self._rows(statement, side, line, {"limit": 1}))

    def _rows(
        self, statement: Select[Any], side: str, line: int | None, values: dict[str, Any]
    ) -> list[AnyRow]:
        if self.mailbox_id is not None:
            statement, values = statement.where(_OF_MAILBOX), values | {"mailbox_id": self.mailbox_id}
        at = None if line is None else self.connection.execute(_AT, {"id": line}).scalar_one_or_none()
        if at is not None:
            statement, values = statement.where(_PLACE.op(side)(_FROM)), values | {"at": at, "from_id": line}
        return list(self.connection.execute(statement, values))


def audit_line(row: AnyRow) -> AuditLine:
    return AuditLine(*row)
