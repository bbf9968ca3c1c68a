"""The status of one mailbox, and the overview of all, as the cards in Slack have them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.console import RenderableType
from rich.text import Text

from blocks import words
from bot.cli import entries
from bot.cli.phrases import moment
from bot.cli.screen import foreign, heading, lines, listing, pairs
from bot.domain.values import Delta, MailboxStatus, RunStatus, Stage
from bot.views import FailingMailbox, HistoryEntry, Overview, StatusCard

_STYLES = {
    MailboxStatus.NEVER_SYNCED: "dim",
    MailboxStatus.SYNCED: "green",
    MailboxStatus.IN_PROGRESS: "cyan",
    MailboxStatus.FAILED: "bold red",
}
_WARNING = "yellow"


def status(card: StatusCard, now: datetime) -> Iterator[RenderableType]:
    yield heading(card.mailbox.source)
    yield pairs(_facts(card, now))
    if card.open_failures:
        yield Text()
        yield lines(_failures(card, now))
    yield Text()
    yield heading("Last sync activity")
    yield _activity(card)
    yield Text()
    yield heading(_history_heading(card))
    if card.history:
        yield history(card.history, now)


def overview(card: Overview, now: datetime) -> Iterator[RenderableType]:
    yield heading(_overview_heading(card))
    yield pairs(_numbers(card, now))
    if card.failing:
        yield Text()
        yield heading("Mailboxes with failures")
        rows = [_failing(mailbox, now) for mailbox in card.failing]
        yield listing(("Source", "Status", "Failures", "Cause", "Since"), rows, numbers=("Failures",))
    left = card.failing_total - len(card.failing)
    if left > 0:
        yield Text(f"and {words.count(left, 'mailbox')} more: syncbot list")


def history(shown: Iterable[HistoryEntry], now: datetime) -> RenderableType:
    rows = [(moment(each.started_at, now), entries.happened(each), entries.took(each)) for each in shown]
    return listing(("Started", "What", "Took"), rows, apart=True)


def status_text(value: MailboxStatus, failures: int) -> Text:
    warned = value is MailboxStatus.SYNCED and failures
    return Text(words.status(value, failures), _WARNING if warned else _STYLES[value])


def _facts(card: StatusCard, now: datetime) -> list[tuple[str, RenderableType | None]]:
    return [
        ("Source", Text.assemble(foreign(card.mailbox.source), " (Microsoft 365)")),
        ("Destination", Text.assemble(foreign(card.mailbox.destination), " (Google Workspace)")),
        ("Status", status_text(card.status, card.open_failures)),
        ("Policy", _policy(card)),
        ("Latest sync", moment(card.latest_sync_at, now) if card.latest_sync_at else "never"),
        ("Next scheduled sync", _next(card, now)),
        ("Pipeline", words.stage(card.stage, card.delta)),
        ("Overdue", _overdue() if card.overdue else None),
        ("Now", _running(card)),
    ]


def _policy(card: StatusCard) -> Text:
    badge = "Active" if card.policy.active else "Inactive"
    return Text.assemble(foreign(card.policy.name), f", {badge}, {words.frequency(card.policy.frequency)}")


def _next(card: StatusCard, now: datetime) -> str:
    if not card.policy.active:
        return "none while the policy is inactive"
    return moment(card.next_sync_at, now) if card.next_sync_at else "not scheduled yet"


def _overdue() -> Text:
    return Text("yes, no success within 1.5 times the frequency", _WARNING)


def _running(card: StatusCard) -> str | None:
    if card.progress:
        return f"Sync running: {words.progress(*card.progress)}"
    return "Sync requested, it starts soon" if card.syncing_requested else None


def _failures(card: StatusCard, now: datetime) -> Iterator[Text | str | None]:
    yield Text(f"{words.count(card.open_failures, 'sync failure')} detected", _WARNING)
    yield f"{words.number(card.retrying)} of them retrying now" if card.retrying else None
    if card.run_failure:
        yield "The newest sync failed:"
        yield entries.why(card.run_failure)
        yield entries.prospect(card.run_failure, now)
    yield Text.assemble("syncbot errors ", foreign(card.mailbox.source), " lists them.")
    if card.escalate and card.support_contact:
        yield Text.assemble("It keeps failing: contact ", foreign(card.support_contact), ".")


def _activity(card: StatusCard) -> RenderableType:
    if not card.activity:
        return Text("Nothing was synced yet.")
    rows = [
        (
            foreign(words.capital(counts.service)),
            words.number(counts.changes),
            words.size(counts.bytes),
            words.run_status(card.activity_status or RunStatus.RUNNING, counts.failed),
        )
        for counts in card.activity
    ]
    return listing(("Service", "Changes", "Size", "Status"), rows, numbers=("Changes", "Size"))


def _history_heading(card: StatusCard) -> str:
    if not card.history:
        return "No sync has run yet."
    if card.history_total > len(card.history):
        return f"Sync history, the newest {len(card.history)} of {words.count(card.history_total, 'entry')}"
    return f"Sync history, {words.count(card.history_total, 'entry')}"


def _overview_heading(card: Overview) -> str:
    if not card.mailboxes:
        return "No mailbox is set up yet."
    if not card.failing_total:
        return f"{words.count(card.mailboxes, 'mailbox')}: none has failures"
    has = words.verb(card.failing_total, "has", "have")
    failing = f"{words.number(card.failing_total)} {has} unresolved failures"
    return f"{words.count(card.mailboxes, 'mailbox')}: {failing}"


def _numbers(card: Overview, now: datetime) -> list[tuple[str, RenderableType]]:
    return [
        *((status, words.number(card.by_status.get(status, 0))) for status in MailboxStatus),
        ("Unresolved failures", words.number(card.open_failures)),
        ("Data synced", words.size(card.bytes)),
        ("Changes in the last 24 hours", words.number(card.changes_24h)),
        ("Newest success", _success(card.newest_success_at, now)),
        ("Oldest last success", _success(card.oldest_success_at, now)),
        ("Overdue", words.count(card.overdue, "mailbox")),
        ("Pipeline", ", ".join(f"{stage} {words.number(card.by_stage.get(stage, 0))}" for stage in Stage)),
        (
            "Of those synced",
            ", ".join(f"{words.number(card.by_delta.get(delta, 0))} {delta}" for delta in Delta),
        ),
    ]


def _success(at: datetime | None, now: datetime) -> str:
    return moment(at, now) if at else "none yet"


def _failing(failing: FailingMailbox, now: datetime) -> tuple[RenderableType, ...]:
    return (
        foreign(failing.mailbox.source),
        status_text(failing.status, failing.open_failures),
        words.number(failing.open_failures),
        Text.assemble(foreign(words.sentence(failing.cause)), " ", foreign(failing.code, "dim")),
        moment(failing.since, now),
    )
