"""What the commands found, drawn for people."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from blocks import words
from bot.cli import cards, entries, results
from bot.cli.findings import Audited, Finding, Followed, Undecided, Written
from bot.cli.phrases import moment
from bot.cli.screen import Plain, console, foreign, heading, listing, plain_listing
from bot.views import (
    Choice,
    ErrorList,
    HistoryList,
    MailboxList,
    MailboxRow,
    Overview,
    StatusCard,
    Suggestions,
)
from bot.views.audit import AuditLine

READABLE = 1_000
"""Rows of a table that somebody may read; more are for a filter."""

Drawing = Iterable[RenderableType]


def show(finding: Finding, now: datetime) -> None:
    screen = console()
    for part in drawn(finding, now):
        if isinstance(part, Plain):
            screen.out(part, highlight=False)
        else:
            screen.print(part)


def drawn(finding: Finding, now: datetime) -> Drawing:
    drawers: Mapping[type, Callable[[Any, datetime], Drawing]] = _DRAWERS
    return drawers[type(finding)](finding, now)


def _list(listed: MailboxList, now: datetime) -> Iterator[RenderableType]:
    if not listed.rows:
        yield Text("No mailbox matches.")
        return
    rows = [_row(row, now) for row in listed.rows]
    columns = ("Source", "Destination", *_COLUMNS)
    if len(rows) > READABLE:
        yield plain_listing(columns, rows)
    else:
        yield listing(columns, rows, numbers=("Failures",))
    yield Text(f"{words.count(listed.page.total, 'mailbox')}{_which_page(listed)}")


def _which_page(listed: MailboxList) -> str:
    page = listed.page
    return "" if page.count == 1 else f", page {words.number(page.number)} of {words.number(page.count)}"


def _row(row: MailboxRow, now: datetime) -> tuple[Text | str, ...]:
    return (
        foreign(row.mailbox.source),
        foreign(row.mailbox.destination),
        cards.status_text(row.status, row.open_failures),
        foreign(row.policy),
        moment(row.latest_sync_at, now) if row.latest_sync_at else "never",
        words.number(row.open_failures),
    )


def _history(listed: HistoryList, now: datetime) -> Iterator[RenderableType]:
    shown, total = len(listed.entries), listed.page.total
    newest = f"the newest {words.number(shown)} of " if shown < total else ""
    counted = f"{'more than ' if listed.is_cut else ''}{words.count(total, 'entry')}"
    came_out = f", {words.came_out(listed.outcome).lower()} only" if listed.outcome else ""
    yield heading(f"Sync history of {listed.mailbox.source}{came_out}: {newest}{counted}")
    if listed.entries:
        yield cards.history(listed.entries, now)


def _errors(errors: ErrorList, now: datetime) -> Iterator[RenderableType]:
    source, total, shown = errors.mailbox.source, errors.page.total, len(errors.lines)
    if not total:
        yield foreign(f"{source} has no unresolved failures.")
        return
    only = f", {words.number(shown)} of them shown" if shown < total else ""
    yield heading(f"{source} has {words.count(total, 'unresolved failure')}{only}")
    if errors.lines:
        rows = [
            (str(line.id), entries.place(line, now), entries.why(line), entries.prospect(line, now))
            for line in errors.lines
        ]
        yield listing(("Item", "What", "Why", "And now"), rows, numbers=("Item",), apart=True)
    if errors.support_contact and any(line.escalate for line in errors.lines):
        yield Text.assemble("Some keep failing: contact ", foreign(errors.support_contact), ".")


def _undecided(found: Undecided, now: datetime) -> Iterator[RenderableType]:
    yield from _errors(found.errors, now)
    yield Text("Which of them? Add --item with a number of the first column, or --all.")


def _suggestions(found: Suggestions, _now: datetime) -> Iterator[RenderableType]:
    yield foreign(f"No mailbox has the address {found.typed}.")
    if not found.closest:
        yield Text("None resembles it either. syncbot list shows all.")
        return
    yield Text("Did you mean one of these?")
    yield from (Text.assemble("  ", foreign(mailbox.source)) for mailbox in found.closest)


def _choice(found: Choice, now: datetime) -> Iterator[RenderableType]:
    yield foreign(f"{len(found.matches)} mailboxes have the address {found.typed}:")
    rows = [(str(row.mailbox.id), *_row(row, now)) for row in found.matches]
    yield listing(("Number", "Source", "Destination", *_COLUMNS), rows, numbers=("Number", "Failures"))
    yield Text(f"Which one? For example: syncbot {found.purpose} {found.matches[0].mailbox.id}")


def _followed(followed: Followed, _now: datetime) -> Iterator[RenderableType]:
    yield from map(foreign, results.sentences(followed))


def _audited(found: Audited, now: datetime) -> Iterator[RenderableType]:
    if not found.lines:
        yield Text("The audit log has nothing of that.")
        return
    rows = [_audit_row(line, now) for line in found.lines]
    columns = ("When", "Who", "Severity", "Event", "What", "Asked for")
    yield plain_listing(columns, rows) if len(rows) > READABLE else listing(columns, rows)


def _audit_row(line: AuditLine, now: datetime) -> tuple[Text | str, ...]:
    return (
        moment(line.at, now),
        foreign(line.actor),
        line.severity,
        foreign(words.capital(line.event)),
        foreign(line.message),
        foreign(" in ".join(filter(None, (line.via, line.channel))) or "nobody"),
    )


_COLUMNS = ("Status", "Policy", "Latest sync", "Failures")
_DRAWERS: dict[type, Callable[[Any, datetime], Drawing]] = {
    StatusCard: cards.status,
    Overview: cards.overview,
    MailboxList: _list,
    HistoryList: _history,
    ErrorList: _errors,
    Suggestions: _suggestions,
    Choice: _choice,
    Undecided: _undecided,
    Followed: _followed,
    Audited: _audited,
    Written: lambda _written, _now: (),
}
