"""What came of a request, in sentences."""

from collections.abc import Iterator

from blocks import words
from bot.cli.findings import Followed
from bot.cli.phrases import local
from bot.ports.batches import BatchProgress
from bot.views import RetryStarted

NOBODY_SENDS = (
    "Nothing has taken the request up yet: is `syncbot run` running? It will find the request when it starts."
)
UNREACHABLE = (
    "A bot has taken the request up, but the engine does not take it yet: it is sent again by itself."
)


def sentences(followed: Followed) -> Iterator[str]:
    started = followed.started
    yield f"{words.capital(what(started))} of {started.mailbox.source}: {_outcome(followed.progress)}."
    if started.already_retrying:
        yield f"{words.count(started.already_retrying, 'item')} already retrying before."
    if followed.gone:
        yield f"No longer failing: {', '.join(map(str, followed.gone))}."
    yield from _prospect(followed)


def what(started: RetryStarted) -> str:
    return "sync" if started.whole_mailbox else f"retry of {words.count(started.claimed, 'item')}"


def at_stage(progress: BatchProgress | None) -> str:
    """What is being waited for, while it is."""
    if progress is None or progress.has_ended:
        return "Ended"
    if progress.is_sent:
        return "The engine is at work"
    return "Reaching the engine" if progress.is_taken_up else "Waiting for a bot to take it up"


def _outcome(progress: BatchProgress | None) -> str:
    if progress is None:
        return "its history is gone"
    counts = (
        (progress.succeeded, "succeeded"),
        (progress.failed, "failed"),
        (progress.unanswered, "refused or unanswered"),
        (progress.requested - progress.done, "requested" if progress.done == 0 else "still under way"),
    )
    present = [(number, word) for number, word in counts if number > 0]
    if len(present) == 1:
        return present[0][1]
    return ", ".join(f"{words.number(number)} {word}" for number, word in present)


def _prospect(followed: Followed) -> Iterator[str]:
    """What to look at, or to wait for, next."""
    progress, source = followed.progress, followed.started.mailbox.source
    if progress is None:
        return
    if progress.has_ended:
        if progress.succeeded < progress.requested:
            yield f"Why: syncbot {'history' if followed.started.whole_mailbox else 'errors'} {source}"
        return
    if not progress.is_taken_up:
        yield NOBODY_SENDS
    elif not progress.is_sent:
        yield UNREACHABLE
    yield _patience(followed, progress)


def _patience(followed: Followed, progress: BatchProgress) -> str:
    shown_by = f"syncbot history {followed.started.mailbox.source} shows its result"
    if followed.waited and not followed.interrupted:
        return f"No answer came in time; {shown_by} should one still come."
    until = f" until {local(progress.deadline)}" if progress.deadline else ""
    return f"The request stays in place{until}; {shown_by}."
