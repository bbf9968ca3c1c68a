"""Handing a mailbox's errors over as a file: to the one who asks, as that person may see them."""

from dataclasses import dataclass
from typing import Final

import structlog

from bot.domain.access import Asker
from bot.domain.values import MailboxId, Role, Severity
from bot.errors import CannotUpload, DeliveryFailed, StaleButton
from bot.ports import Audit, Clock, Details
from bot.ports.files import Files
from bot.services.access import Access
from bot.services.cards import as_seen
from bot.views import ErrorList, FailureLine, Narrowing
from bot.views.exports import ErrorSheet

AT_ONCE: Final = 1_000
"""Failures that are read in one transaction."""

MOST: Final = 50_000
"""Failures in one file: a mailbox that has more has another problem."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Exporting:
    details: Details
    files: Files
    access: Access
    audit: Audit
    clock: Clock

    async def errors(self, mailbox: MailboxId, narrowing: Narrowing, asker: Asker) -> ErrorSheet:
        """Send what is listed there to the asker.

        Raises:
            NotAllowed, StaleButton
            CannotUpload: Slack does not take the file.
        """
        await self.access.require(asker, Role.VIEWER, to="export errors")
        visible = await self.access.may_see_subjects(asker)
        sheet = await self._sheet(mailbox, narrowing, visible=visible)
        try:
            await self.files.send_errors(asker.user, sheet)
        except DeliveryFailed as failure:
            _log.warning("file not sent", reason=failure.reason, user=asker.user)
            raise CannotUpload(failure.reason, sheet.mailbox.source) from failure
        await self._note(sheet, asker)
        return sheet

    async def _sheet(self, mailbox: MailboxId, narrowing: Narrowing, *, visible: bool) -> ErrorSheet:
        """Page by page, each failure once, though the list may change meanwhile."""
        listed = await self._page(mailbox, narrowing, 1)
        lines: dict[int, FailureLine] = {line.id: line for line in listed.lines}
        for number in range(2, min(listed.page.count, MOST // AT_ONCE) + 1):
            lines |= {line.id: line for line in (await self._page(mailbox, narrowing, number)).lines}
        seen = tuple(as_seen(line, visible=visible) for line in lines.values())
        return ErrorSheet(listed.mailbox, seen, listed.page.total, visible, self.clock.now())

    async def _page(self, mailbox: MailboxId, narrowing: Narrowing, number: int) -> ErrorList:
        listed = await self.details.errors(mailbox, page=number, size=AT_ONCE, narrowing=narrowing)
        if listed is None:
            raise StaleButton("That mailbox is no longer synced. Look for it with `/sync search`.")
        return listed

    async def _note(self, sheet: ErrorSheet, asker: Asker) -> None:
        with_ = "with" if sheet.with_subjects else "without"
        await self.audit.write(
            at=self.clock.now(),
            actor=asker.user,
            severity=Severity.INFORMATION,
            event="errors exported",
            message=f"{sheet.mailbox.source}: {len(sheet.lines)} failures as CSV, {with_} subjects",
            mailbox=sheet.mailbox.id,
        )
