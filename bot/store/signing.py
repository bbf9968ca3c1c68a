"""A book whose lines in the audit log name the person who gave the order."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.values import SYSTEM, Severity
from bot.store.book import Book, Held


@dataclass(slots=True)
class SignedBook(Book):
    actor: str = SYSTEM

    def note(
        self,
        event: str,
        message: str,
        *,
        at: datetime,
        actor: str = SYSTEM,
        severity: Severity = Severity.INFORMATION,
        held: Held | None = None,
    ) -> None:
        who = self.actor if actor == SYSTEM else actor
        Book.note(self, event, message, at=at, actor=who, severity=severity, held=held)
