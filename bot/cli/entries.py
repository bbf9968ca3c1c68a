"""One entry of the history, and one unresolved failure, in the lines of a table's cells."""

from datetime import datetime

from rich.text import Text

from blocks import words
from blocks.entries import headline
from bot.cli.phrases import local, moment
from bot.cli.screen import foreign, lines
from bot.domain.values import FailureState, ServiceCounts, Trigger
from bot.views import DismissalEntry, FailureLine, HistoryEntry, RetryEntry, RunEntry


def happened(entry: HistoryEntry) -> Text:
    """How it ended, with the details of each service or the reasons of the engine."""
    return lines((headline(entry), *_details(entry)))


def _details(entry: HistoryEntry) -> list[Text]:
    if isinstance(entry, DismissalEntry):
        why = [Text.assemble("  Reason: ", foreign(entry.reason))] if entry.reason else []
        return [foreign(f"  {', '.join(entry.codes)}"), *why, Text.assemble("  By ", foreign(entry.actor))]
    return _retry_details(entry) if isinstance(entry, RetryEntry) else _run_details(entry)


def took(entry: HistoryEntry) -> str:
    if isinstance(entry, DismissalEntry):
        return ""
    return words.duration(entry.finished_at - entry.started_at) if entry.finished_at else "not finished yet"


def service(counts: ServiceCounts) -> Text:
    moved = words.size(counts.bytes) if counts.bytes else None
    failed = words.count(counts.failed, "failed item") if counts.failed else None
    told = ", ".join(part for part in (words.count(counts.changes, "change"), moved, failed) if part)
    return Text.assemble("  ", foreign(words.capital(counts.service)), f": {told}")


def place(line: FailureLine, now: datetime) -> Text:
    """What failed and where. Subject and sender are there only for those who may see them."""
    if line.item is None:
        return Text("The sync as a whole")
    return lines(
        (
            foreign(line.subject) if line.subject else None,
            Text.assemble("from ", foreign(line.sender)) if line.sender else None,
            foreign(line.folder or words.capital(line.service or "item")),
            words.size(line.size) if line.size is not None else None,
            f"received {moment(line.received_at, now)}" if line.received_at else None,
        )
    )


def why(line: FailureLine) -> Text:
    """Cause, remedy and the code to look up; the engine's own words where they are not hidden."""
    return lines(
        (
            foreign(words.sentence(line.cause)),
            Text.assemble("Remedy: ", foreign(words.sentence(line.remedy))),
            foreign(line.code, "dim"),
            foreign(line.message, "dim") if line.message else None,
        )
    )


def prospect(line: FailureLine, now: datetime) -> Text:
    """Whether it is being retried, will heal by itself, or waits for somebody."""
    return lines(
        (
            _retrying(line, now) if line.state is FailureState.RETRYING else _healing(line, now),
            f"{words.count(line.attempts, 'attempt')} since {local(line.first_at)}",
            _last_retry(line),
        )
    )


def _run_details(entry: RunEntry) -> list[Text]:
    by = (
        Text.assemble("  Asked for by ", foreign(entry.actor))
        if entry.trigger is Trigger.MANUAL
        else Text("")
    )
    error = " ".join(part for part in (entry.code, entry.message) if part)
    services = [service(counts) for counts in entry.services]
    return [*services, *([Text.assemble("  Error: ", foreign(error))] if error else []), by]


def _retry_details(entry: RetryEntry) -> list[Text]:
    reasons = [Text.assemble("  ", foreign(reason)) for reason in entry.details]
    return [*reasons, Text.assemble("  Asked for by ", foreign(entry.actor))]


def _retrying(line: FailureLine, now: datetime) -> Text:
    since = f" since {moment(line.retrying_since, now)}" if line.retrying_since else ""
    by = (", asked for by ", foreign(line.retrying_by)) if line.retrying_by else ()
    return Text.assemble((f"Retrying{since}", "cyan"), *by)


def _healing(line: FailureLine, now: datetime) -> str:
    if line.retry_at:
        return f"Tried again by itself {moment(line.retry_at, now)}."
    if line.heals_by_itself:
        return "May heal by itself: the next sync tries it again."
    return "Does not heal by itself."


def _last_retry(line: FailureLine) -> Text | None:
    if line.last_retry is None or line.state is FailureState.RETRYING:
        return None
    detail = f": {line.last_retry_detail}" if line.last_retry_detail else ""
    return foreign(words.sentence(f"The last retry {words.outcome(line.last_retry)}{detail}"))
