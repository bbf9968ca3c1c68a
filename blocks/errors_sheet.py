"""Errors of a mailbox as CSV, and the words that go with the file."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from blocks import words
from blocks.kit import context, section, stack
from blocks.look import Result
from blocks.sheet import sheet
from blocks.surface import Message
from blocks.text import foreign, when
from bot.views import FailureLine
from bot.views.exports import ErrorSheet

_FACTS = (
    "failure",
    "source",
    "destination",
    "service",
    "item",
    "folder",
    "received",
    "size_bytes",
    "code",
    "cause",
    "remedy",
    "attempts",
    "first_failed",
    "last_failed",
    "heals_by_itself",
    "next_try",
    "state",
    "last_retry",
)
_PRIVATE = ("subject", "sender", "message", "last_retry_detail")
"""Columns that are there only for those who may see them."""

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take UTF-8 for something else."""


def csv(lines: Iterable[FailureLine], *, with_subjects: bool) -> str:
    """One line each; the head is there even where nothing fails."""
    head = (*_FACTS, *_PRIVATE) if with_subjects else _FACTS
    return sheet([head, *_rows(lines, with_subjects=with_subjects)])


def filename(told: ErrorSheet) -> str:
    """Without the address: names of files are shown where contents are not."""
    return f"sync-errors-{told.as_of.astimezone(UTC):%Y%m%d-%H%M}.csv"


def message(told: ErrorSheet) -> Message:
    """Above the file, in the direct message."""
    return Message.of(_sentence(told), stack(section(_sentence(told)), context(_what(told), _when(told))))


def result(told: ErrorSheet) -> Result:
    sent = f"{words.count(len(told.lines), 'failure')} sent to you as CSV, by direct message."
    return Result(sent, "success")


def _sentence(told: ErrorSheet) -> str:
    which = words.count(len(told.lines), "unresolved failure")
    first = "" if len(told.lines) >= told.total else f" The first of {words.number(told.total)}."
    return f"{which} of {foreign(told.mailbox.source, 320)} as CSV.{first}"


def _what(told: ErrorSheet) -> str:
    """Who keeps the file should know what is in it."""
    if told.with_subjects:
        return "With subjects, senders and the words of the engine: keep it to yourself"
    return "Without subjects, senders and the words of the engine"


def _when(told: ErrorSheet) -> str:
    return f"As of {when(told.as_of)}"


def _rows(lines: Iterable[FailureLine], *, with_subjects: bool) -> Iterator[tuple[str | None, ...]]:
    for line in lines:
        yield (*_facts(line), *_private(line)) if with_subjects else _facts(line)


def _facts(line: FailureLine) -> tuple[str | None, ...]:
    return (
        str(line.id),
        line.mailbox.source,
        line.mailbox.destination,
        line.service,
        line.item or "whole sync",
        line.folder,
        _time(line.received_at),
        None if line.size is None else str(line.size),
        line.code,
        line.cause,
        line.remedy,
        str(line.attempts),
        _time(line.first_at),
        _time(line.last_at),
        "yes" if line.heals_by_itself else "no",
        _time(line.retry_at),
        line.state.value,
        line.last_retry and words.outcome(line.last_retry),
    )


def _private(line: FailureLine) -> tuple[str | None, ...]:
    return line.subject, line.sender, line.message, line.last_retry_detail


def _time(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None
