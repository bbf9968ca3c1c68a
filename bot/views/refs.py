"""A mailbox by name, as every view names it."""

from dataclasses import dataclass

from bot.domain.values import MailboxId


@dataclass(frozen=True, slots=True)
class MailboxRef:
    id: MailboxId
    source: str
    destination: str
