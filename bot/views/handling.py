"""What there is to be handled, and what became of it. Texts are private, as in bot.views.mailboxes."""

from dataclasses import dataclass

from bot.domain.handling import Deed
from bot.domain.values import AlertId, FailureId
from bot.views.channels import Handled
from bot.views.mailboxes import FailureLine
from bot.views.refs import MailboxRef


@dataclass(frozen=True, slots=True)
class AlertState:
    """What became of an alert, and what people did about it. `told` names it: a mailbox, or a cause."""

    id: AlertId
    told: str
    is_cleared: bool
    handled: Handled


@dataclass(frozen=True, slots=True)
class Deeded:
    """What a click on an alert came to. `is_done` is false where somebody was quicker; `state` says who."""

    deed: Deed
    asker: str
    is_done: bool
    state: AlertState


@dataclass(frozen=True, slots=True)
class Dismissable:
    """The failed items of a mailbox that somebody may dismiss: the oldest of `total`.

    `newest` is the latest failure among all: what comes after it was not seen by who dismisses all.
    """

    mailbox: MailboxRef
    lines: tuple[FailureLine, ...]
    total: int
    newest: FailureId


@dataclass(frozen=True, slots=True)
class Decided:
    """What dismissing failures, or taking that back, came to: `done` of those that were `asked` for."""

    mailbox: MailboxRef
    asked: int
    done: int
    reason: str = ""
