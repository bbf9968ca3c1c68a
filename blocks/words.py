"""Words for numbers, sizes, durations and states, that read well at 0, 1 and 1,000,000."""

from datetime import timedelta

from bot.domain.values import (
    Delta,
    Frequency,
    MailboxStatus,
    Outcome,
    RetryOutcome,
    RunKind,
    RunStatus,
    Severity,
    Stage,
)

_KILO = 1024
_SIZES = ("KB", "MB", "GB", "TB", "PB")
_ONE_DECIMAL_BELOW = 10
_LENGTHS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_A_MINUTE = timedelta(minutes=1)
_MANY = {
    "address": "addresses",
    "mailbox": "mailboxes",
    "retry": "retries",
    "entry": "entries",
    "policy": "policies",
}

_EMOJI = {
    MailboxStatus.NEVER_SYNCED: "⚪",
    MailboxStatus.SYNCED: "✅",
    MailboxStatus.IN_PROGRESS: "🔄",
    MailboxStatus.FAILED: "❌",
}
_WARNED = {Severity.INFORMATION: "", Severity.WARNING: " ⚠️", Severity.ERROR: " ❌"}
_OUTCOMES = {
    RetryOutcome.SUCCEEDED: "succeeded",
    RetryOutcome.FAILED: "failed",
    RetryOutcome.REFUSED: "was refused",
    RetryOutcome.TIMED_OUT: "got no answer in time",
}

_CAME_OUT = {
    Outcome.FAILED: "Failed",
    Outcome.PARTIAL: "With failed items",
    Outcome.SYNCED: "Synced",
    Outcome.RUNNING: "In progress",
}

NONE_WHILE_INACTIVE = "none while the policy is inactive"


def number(n: int) -> str:
    return f"{n:,}"


def plural(n: int, one: str) -> str:
    return one if n == 1 else _MANY.get(one, f"{one}s")


def count(n: int, one: str) -> str:
    """`3 items`; the last word takes the plural: `2 failed items`."""
    *before, last = one.split(" ")
    return " ".join((number(n), *before, plural(n, last)))


def size(n: int) -> str:
    if n < _KILO:
        return count(n, "byte")
    power = min(len(_SIZES), (n.bit_length() - 1) // 10)
    value, unit = n / _KILO**power, _SIZES[power - 1]
    decimals = 1 if value < _ONE_DECIMAL_BELOW else 0
    return f"{value:,.{decimals}f} {unit}".replace(".0 ", " ")


def duration(length: timedelta) -> str:
    """The two largest units: `2 hours 5 minutes`."""
    rest = max(0, int(length.total_seconds()))
    parts = []
    for name, seconds in _LENGTHS:
        whole, rest = divmod(rest, seconds)
        parts.append((whole, name))
    first = next((i for i, (whole, _) in enumerate(parts) if whole), None)
    if first is None:
        return "less than a second"
    return " ".join(count(whole, name) for whole, name in parts[first : first + 2] if whole)


def ago(length: timedelta) -> str:
    return "just now" if length < _A_MINUTE else f"{duration(length)} ago"


def frequency(value: Frequency) -> str:
    return f"every {value.unit}" if value.every == 1 else f"every {count(value.every, value.unit)}"


def status(value: MailboxStatus, failed: int = 0) -> str:
    """As the panel says it; a mailbox that is synced but for some items says so."""
    if value is MailboxStatus.SYNCED and failed:
        return f"Synced with {count(failed, 'failed item')}"
    return str(value)


def marked_status(value: MailboxStatus, failed: int = 0) -> str:
    """With an emoji after the words, which say it all without."""
    warned = value is MailboxStatus.SYNCED and failed
    return f"{status(value, failed)} {'⚠️' if warned else _EMOJI[value]}"


def run_status(value: RunStatus, failed: int = 0) -> str:
    return {
        RunStatus.RUNNING: "In Progress",
        RunStatus.SUCCEEDED: f"Synced with {count(failed, 'failed item')}" if failed else "Synced",
        RunStatus.FAILED: "Failed",
    }[value]


def came_out(value: Outcome) -> str:
    """How a run, or a request to retry, came out, as a filter names it."""
    return _CAME_OUT[value]


def at_most(n: int, most: int, one: str) -> str:
    """Of a count that stops beyond `most`."""
    return count(n, one) if n <= most else f"more than {count(most, one)}"


def run_kind(value: RunKind) -> str:
    return {RunKind.INITIAL: "Initial sync", RunKind.DELTA: "Delta sync"}[value]


def stage(value: Stage, delta: Delta | None) -> str:
    return f"{value}, {delta}" if delta else str(value)


def outcome(value: RetryOutcome) -> str:
    return _OUTCOMES[value]


def marked_severity(value: Severity) -> str:
    """With an emoji after the word, where it is more than information."""
    return f"{value}{_WARNED[value]}"


def progress(done: int, total: int | None) -> str:
    """`1,200 of 4,000 items (30%)`; without a total, what is done."""
    if total is None or total <= 0:
        return f"{count(done, 'item')} so far"
    return f"{number(done)} of {count(total, 'item')} ({min(100, done * 100 // total)}%)"


def verb(n: int, one: str, many: str) -> str:
    """`is` or `are`: the verb that goes with `n`."""
    return one if n == 1 else many


def capital(text: str) -> str:
    """The first letter raised, the others left alone."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """With its full stop, and a capital."""
    text = text.strip()
    closed = text if text.endswith((".", "!", "?", "…")) else f"{text}."
    return capital(closed)
