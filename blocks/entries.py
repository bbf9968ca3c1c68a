"""History entries: a line each, that opens to details by container in messages, by button in modals."""

from datetime import datetime

from blocks import dismissed, words
from blocks.actions import Action
from blocks.kit import Block, Element, Part, actions, button, container, context, dated_title, section, stack
from blocks.text import foreign, person, utc, when
from blocks.values import EntryValue
from bot.domain.values import RunStatus, ServiceCounts, Trigger
from bot.views import CardRef, DismissalEntry, HistoryEntry, MailboxRef, RetryEntry, RunEntry


def in_message(entries: tuple[HistoryEntry, ...], *, safe: bool = False) -> list[Block]:
    """Collapsed, newest first; without containers, a line each with the details below it."""
    if safe:
        return [section(f"*{when(e.started_at)}* · {headline(e)}\n" + "\n".join(details(e))) for e in entries]
    return [container(dated_title(e.started_at, headline(e)), opened(e)) for e in entries]


def in_modal(entries: tuple[HistoryEntry, ...], mailbox: MailboxRef, ref: CardRef) -> list[Block]:
    """A line each with a Details button; the one that the reference names is open."""
    return stack(*(_foldable(entry, mailbox, is_open=entry.key == ref.entry) for entry in entries))


def headline(entry: HistoryEntry) -> str:
    """How it ended, in plain words."""
    if isinstance(entry, DismissalEntry):
        return f"{words.count(entry.dismissed, 'failed item')} dismissed"
    return _retry_headline(entry) if isinstance(entry, RetryEntry) else _run_headline(entry)


def details(entry: HistoryEntry) -> list[str]:
    if isinstance(entry, DismissalEntry):
        return _dismissal_details(entry)
    return _retry_details(entry) if isinstance(entry, RetryEntry) else _run_details(entry)


def service_line(counts: ServiceCounts) -> str:
    failed = f", {words.count(counts.failed, 'failed item')}" if counts.failed else ""
    moved = f", {words.size(counts.bytes)}" if counts.bytes else ""
    name = words.capital(foreign(counts.service, 60))
    return f"*{name}*: {words.count(counts.changes, 'change')}{moved}{failed}"


def _foldable(entry: HistoryEntry, mailbox: MailboxRef, *, is_open: bool) -> Part:
    line = section(f"*{when(entry.started_at)}*\n{headline(entry)}", _toggle(entry, mailbox, is_open=is_open))
    return stack(line, *(opened(entry) if is_open else ()), _way_back(entry, mailbox) if is_open else None)


def _way_back(entry: HistoryEntry, mailbox: MailboxRef) -> Part:
    """A dismissal is taken back where its items are listed."""
    return actions(dismissed.link(mailbox)) if isinstance(entry, DismissalEntry) else None


def _toggle(entry: HistoryEntry, mailbox: MailboxRef, *, is_open: bool) -> Element:
    label = "Hide details" if is_open else "Details"
    value = EntryValue(mailbox=mailbox.id, entry=None if is_open else entry.key)
    described = f"{label} of {utc(entry.started_at)}, {headline(entry)}"
    return button(label, Action.HISTORY_DETAILS, value, describe=described)


def opened(entry: HistoryEntry) -> list[Block]:
    told = section("\n".join(details(entry)))
    if isinstance(entry, DismissalEntry):
        return [told]
    return stack(told, context(_timing(entry.started_at, entry.finished_at)))


def _timing(started: datetime, finished: datetime | None) -> str:
    if finished is None:
        return f"Started {when(started)}, not finished yet"
    return f"Finished {when(finished)} after {words.duration(finished - started)}"


def _run_headline(entry: RunEntry) -> str:
    ended = words.run_status(entry.status, entry.failed)
    if entry.status is RunStatus.RUNNING and entry.done is not None:
        ended = f"{ended}, {words.progress(entry.done, entry.total)}"
    return f"{words.run_kind(entry.kind)}: {ended} · {words.count(entry.changes, 'change')}"


def _run_details(entry: RunEntry) -> list[str]:
    asked = (
        f"Asked for by {person(entry.actor)}"
        if entry.trigger is Trigger.MANUAL
        else "Started by the schedule"
    )
    services = [service_line(counts) for counts in entry.services[:20]] or ["No service reported any change."]
    return [*services, *_error(entry), asked]


def _error(entry: RunEntry) -> list[str]:
    if not entry.code and not entry.message:
        return []
    code = f"`{foreign(entry.code, 60)}` " if entry.code else ""
    cause = f"{words.sentence(foreign(entry.cause, 300))} " if entry.cause else ""
    told = "" if entry.message == entry.cause else foreign(entry.message or "", 400)
    return [f"*Error*: {code}{cause}{told}".rstrip()]


def _dismissal_details(entry: DismissalEntry) -> list[str]:
    codes = ", ".join(f"`{foreign(code, 60)}`" for code in entry.codes[:5])
    why = [f"*Reason*: {foreign(entry.reason, 300)}"] if entry.reason else []
    return [f"Dismissed by {person(entry.actor)}: {codes}", *why]


def _retry_headline(entry: RetryEntry) -> str:
    return f"Retry of {words.count(entry.requested, 'item')}: {_retry_result(entry)}"


def _retry_result(entry: RetryEntry) -> str:
    counts = (
        (entry.succeeded, "succeeded"),
        (entry.failed, "failed"),
        (entry.unanswered, "refused or unanswered"),
        (entry.pending, "still retrying"),
    )
    present = [(n, word) for n, word in counts if n > 0]
    if len(present) == 1 and present[0][0] == entry.requested:
        return present[0][1]
    return ", ".join(f"{words.number(n)} {word}" for n, word in present) or "nothing to do"


def _retry_details(entry: RetryEntry) -> list[str]:
    reasons = [f"• {foreign(reason, 300)}" for reason in entry.details[:5]]
    if len(entry.details) > len(reasons):
        reasons.append(f"• and {words.count(len(entry.details) - len(reasons), 'other reason')}")
    return [f"Asked for by {person(entry.actor)}", *reasons]
