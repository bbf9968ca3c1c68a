"""One unresolved failure in words, and its own Retry button."""

from datetime import datetime

from blocks import words
from blocks.actions import Action
from blocks.kit import Element, button
from blocks.text import clean, foreign, one_line, person, utc, when
from blocks.values import FailureValue
from bot.domain.values import FailureState
from bot.views import FailureLine


def is_run(line: FailureLine) -> bool:
    """Whether a whole run failed, and not one item."""
    return line.item is None


def is_retrying(line: FailureLine) -> bool:
    return line.state is FailureState.RETRYING


def subject(line: FailureLine) -> str:
    """None means that this reader may not see it."""
    if is_run(line):
        return "Failed sync"
    if line.subject is None:
        return "Subject hidden"
    return foreign(line.subject) if line.subject.strip() else "(no subject)"


def place(line: FailureLine) -> str:
    """Where the item is, for everybody's eyes: never its subject or sender."""
    if is_run(line):
        return "The sync as a whole"
    parts = (
        foreign(line.folder, 120) if line.folder else words.capital(foreign(line.service or "item", 60)),
        words.size(line.size) if line.size is not None else None,
        f"received {when(line.received_at)}" if line.received_at else None,
    )
    return " · ".join(part for part in parts if part)


def why(line: FailureLine) -> str:
    """Cause, remedy and the code to look up."""
    return f"{cause_and_remedy(line.cause, line.remedy)} `{foreign(line.code, 60)}`"


def cause_and_remedy(cause: str, remedy: str) -> str:
    return f"{words.sentence(foreign(cause, 300))} *Remedy:* {words.sentence(foreign(remedy, 300))}"


def prospect(line: FailureLine, next_sync_at: datetime | None = None) -> str:
    """Whether it will heal by itself, and when."""
    if line.retry_at:
        return f"Tried again by itself {when(line.retry_at)}."
    if line.heals_by_itself:
        at = f", {when(next_sync_at)}," if next_sync_at else ""
        return f"May heal by itself: the next sync{at} tries it again."
    return "Does not heal by itself."


def attempts(line: FailureLine) -> str:
    since = f"first failed {when(line.first_at)}"
    if line.attempts <= 1:
        return f"{words.count(line.attempts, 'attempt')}, {since}"
    return f"{words.count(line.attempts, 'attempt')}, {since}, last {when(line.last_at)}"


def retrying(line: FailureLine) -> str:
    """Shown in place of the button."""
    since = f" since {when(line.retrying_since)}" if line.retrying_since else ""
    asked = f", asked for by {person(line.retrying_by)}" if line.retrying_by else ""
    return f"*Retrying*{since}{asked} 🔄"


def last_retry(line: FailureLine) -> str | None:
    if line.last_retry is None or is_retrying(line):
        return None
    detail = f": {foreign(line.last_retry_detail, 200)}" if line.last_retry_detail else ""
    return words.sentence(f"The last retry {words.outcome(line.last_retry)}{detail}")


def retry_button(line: FailureLine, of: tuple[int, int], value: FailureValue) -> Element | None:
    """`of` is its number and how many there are. None while it is being retried already."""
    if is_retrying(line):
        return None
    label = "Retry sync" if is_run(line) else "Retry"
    return button(label, Action.FAILURE_RETRY, value, describe=described("Retry", line, of))


def report(lines: tuple[FailureLine, ...], source: str, destination: str) -> str:
    """What support needs, to be copied; without subjects and senders, since it leaves the house."""
    head = f"Sync failure report\nMailbox: {one_line(source, 320)} -> {one_line(destination, 320)}"
    return "\n\n".join((head, *(_reported(line) for line in lines)))


def described(verb: str, line: FailureLine, of: tuple[int, int]) -> str:
    """What a screen reader says of one of many buttons that look alike."""
    number, total = of
    where = "whole sync" if is_run(line) else one_line(line.folder or line.service or "", 24)
    return f"{verb} item {number:,} of {total:,}, {where}, {cause_of(line.code)}"


def cause_of(code: str) -> str:
    """The code in words: `dest_too_large` is `too large`."""
    words_ = code.removeprefix("source_").removeprefix("dest_").replace("_", " ")
    return one_line(words_, 24)


def _reported(line: FailureLine) -> str:
    rows = (
        ("Failure", str(line.id)),
        ("Item", one_line(line.item, 120) if line.item else "whole sync"),
        ("Service", line.service and one_line(line.service, 40)),
        ("Folder", line.folder and one_line(line.folder, 80)),
        ("Size", line.size is not None and f"{line.size} bytes"),
        ("Received", line.received_at and utc(line.received_at)),
        ("Code", one_line(line.code, 60)),
        ("Attempts", f"{line.attempts}, {utc(line.first_at)} to {utc(line.last_at)}"),
        ("Error", clean(line.message[:300]).strip()),
    )
    return "\n".join(f"{name}: {value}" for name, value in rows if value)
