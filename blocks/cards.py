"""From any card's model to its message or modal: one way for handlers and for what follows open cards."""

from typing import Any, Final, Protocol

from blocks import (
    audit,
    choose,
    errors,
    failures,
    history,
    last_good,
    mailboxes,
    overview,
    policies,
    search,
    status,
)
from blocks.look import Look, Result
from blocks.surface import Message, Modal
from bot.views import (
    CardModel,
    CardRef,
    Choice,
    ErrorList,
    FailureGroups,
    HistoryList,
    LastGood,
    MailboxList,
    Overview,
    PolicyList,
    SearchResult,
    StatusCard,
    Suggestions,
)
from bot.views.audit import AuditPage


class _Card(Protocol):
    def message(self, card: Any, ref: CardRef, look: Look) -> Message: ...  # noqa: ANN401 - by type, below

    def modal(self, card: Any, ref: CardRef, look: Look) -> Modal: ...  # noqa: ANN401 - by type, below


_CARDS: Final[dict[type[CardModel], _Card]] = {
    StatusCard: status,
    Overview: overview,
    MailboxList: mailboxes,
    HistoryList: history,
    LastGood: last_good,
    ErrorList: errors,
    FailureGroups: failures,
    SearchResult: search,
    Suggestions: choose,
    Choice: choose,
    AuditPage: audit,
    PolicyList: policies,
}


LAST: Final = "Slack lets an answer be updated only a few times. *Refresh* shows what has changed since."


def message_of(
    model: CardModel, ref: CardRef, *, safe: bool = False, shared: bool = False, last: bool = False
) -> Message:
    """`safe` uses only blocks that every surface takes; `shared` is for a copy that others read.

    `last`: it is not kept up to date from here on, and says so above everything else.
    """
    message = _CARDS[type(model)].message(model, ref, Look(safe=safe, shared=shared))
    return message.below(LAST) if last else message


def modal_of(model: CardModel, ref: CardRef, *, safe: bool = False, result: Result | None = None) -> Modal:
    """`result` says on top what the last gesture came to."""
    return _CARDS[type(model)].modal(model, ref, Look(safe=safe, result=result))
