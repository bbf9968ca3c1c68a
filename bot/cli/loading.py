"""Cards and lists for the terminal, which has room for more than one page of them."""

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from bot.domain.values import MailboxId, MailboxStatus, Outcome
from bot.views import (
    CardKind,
    CardModel,
    CardRef,
    ErrorList,
    FailureLine,
    HistoryEntry,
    HistoryList,
    MailboxList,
    Overview,
    Page,
    StatusCard,
)

if TYPE_CHECKING:
    from bot.desk import Desk

ROWS = 50
"""Mailboxes a page."""

ROWS_AT_ONCE = 10_000
"""Mailboxes that one query reads where all are asked for."""

Card = TypeVar("Card", bound=CardModel)


async def card(desk: "Desk", ref: CardRef, kind: type[Card]) -> Card:
    """The card, known to be of its kind.

    Raises:
        StaleButton: the mailbox is gone.
    """
    model = await desk.cards.load(ref, desk.asker)
    if not isinstance(model, kind):
        raise TypeError(f"{ref.kind} is not answered by {type(model).__name__}")
    return model


async def status_of(desk: "Desk", mailbox: MailboxId) -> StatusCard:
    return await card(desk, CardRef(CardKind.STATUS, mailbox=mailbox), StatusCard)


async def overview_of(desk: "Desk") -> Overview:
    return await card(desk, CardRef(CardKind.OVERVIEW), Overview)


async def history_of(
    desk: "Desk", mailbox: MailboxId, limit: int, outcome: Outcome | None = None
) -> HistoryList:
    """The newest `limit` entries, each once, even if one more begins between two pages."""
    entries: dict[str, HistoryEntry] = {}
    number = 1
    while True:
        ref = CardRef(CardKind.HISTORY, mailbox=mailbox, page=number, outcome=outcome)
        listed = await card(desk, ref, HistoryList)
        entries |= {entry.key: entry for entry in listed.entries}
        if len(entries) >= limit or listed.page.number >= listed.page.count:
            return replace(listed, entries=tuple(entries.values())[:limit])
        number += 1


async def errors_of(desk: "Desk", mailbox: MailboxId) -> ErrorList:
    """All unresolved failures, each once."""
    lines: dict[int, FailureLine] = {}
    number = 1
    while True:
        ref = CardRef(CardKind.ERRORS, mailbox=mailbox, page=number)
        errors = await card(desk, ref, ErrorList)
        lines |= {line.id: line for line in errors.lines}
        if errors.page.number >= errors.page.count:
            return replace(errors, lines=tuple(lines.values()))
        number += 1


async def listed(
    desk: "Desk", status: MailboxStatus | None, policy: str | None, number: int | None
) -> MailboxList:
    """One page of mailboxes; without a number, all of them."""
    if number is not None:
        one = await desk.mailboxes.listed(status=status, policy=policy, page=number, size=ROWS)
        return replace(one, as_of=desk.clock.now())
    page = await desk.mailboxes.listed(status=status, policy=policy, page=1, size=ROWS_AT_ONCE)
    rows = {row.mailbox.id: row for row in page.rows}
    for following in range(2, page.page.count + 1):
        more = await desk.mailboxes.listed(status=status, policy=policy, page=following, size=ROWS_AT_ONCE)
        rows |= {row.mailbox.id: row for row in more.rows}
    whole = Page(1, max(1, len(rows)), len(rows))
    return replace(page, rows=tuple(rows.values()), page=whole, as_of=desk.clock.now())
