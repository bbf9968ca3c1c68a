"""What is handed over as a file."""

from dataclasses import dataclass
from datetime import datetime

from bot.views.mailboxes import FailureLine
from bot.views.refs import MailboxRef


@dataclass(frozen=True, slots=True)
class ErrorSheet:
    """Unresolved failures of one mailbox. `with_subjects`: subjects, senders and engines' own words, too.

    `lines` may be fewer than the `total`, where there are too many for a file.
    """

    mailbox: MailboxRef
    lines: tuple[FailureLine, ...]
    total: int
    with_subjects: bool
    as_of: datetime
