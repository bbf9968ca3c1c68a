"""The status card of one mailbox: what the panel shows, and what to do about it."""

from blocks import entries, item, mutes, paging, running, tabs, words
from blocks.actions import Action
from blocks.kit import (
    Block,
    Element,
    Part,
    actions,
    button,
    confirmation,
    context,
    divider,
    field,
    fields,
    header,
    section,
    stack,
    table,
)
from blocks.look import USUAL, Look, result_line
from blocks.surface import Message, Modal
from blocks.text import foreign, one_line, when
from blocks.values import CardValue, MailboxValue
from bot.domain.values import MailboxStatus, RunStatus
from bot.views import CardKind, CardRef, StatusCard
from bot.views.history import LISTED

_HISTORY = 5


def message(card: StatusCard, ref: CardRef, look: Look = USUAL) -> Message:
    return Message.of(
        summary(card),
        stack(
            header(card.mailbox.source),
            *_top(card, running.in_message(card.under_way, safe=look.safe)),
            _activity_fields(card) if look.safe else _activity_table(card),
            _history_heading(card),
            *entries.in_message(card.history[:_HISTORY], safe=look.safe),
            actions(_sync_now(card), paging.refresh(ref), paging.share(ref, look)),
            _as_of(card),
        ),
    )


def modal(card: StatusCard, ref: CardRef, look: Look = USUAL) -> Modal:
    return Modal.of(
        "Sync status",
        stack(
            result_line(look.result, look),
            header(card.mailbox.source),
            tabs.row(card.mailbox, CardKind.STATUS),
            *_top(card, running.in_view(card.under_way)),
            _activity_fields(card),
            _history_heading(card),
            *entries.in_modal(card.history[:_HISTORY], card.mailbox, ref),
            actions(_sync_now(card), paging.refresh(ref)),
            _as_of(card),
        ),
        CardValue(ref=ref),
    )


def summary(card: StatusCard) -> str:
    latest = f"Latest sync {when(card.latest_sync_at)}." if card.latest_sync_at else "It was never synced."
    return f"{foreign(card.mailbox.source, 320)}: {words.status(card.status, card.open_failures)}. {latest}"


def _top(card: StatusCard, under_way: list[Block]) -> list[Block]:
    muted = context(mutes.line(card.muted)) if card.muted else None
    return stack(
        _addresses(card),
        _overview(card),
        muted,
        _requested(card),
        under_way,
        _failures(card),
        divider(),
    )


def _addresses(card: StatusCard) -> Part:
    return fields(
        f"`Source` Microsoft 365\n{foreign(card.mailbox.source, 320)}",
        f"`Destination` Google Workspace\n{foreign(card.mailbox.destination, 320)}",
    )


def _overview(card: StatusCard) -> Part:
    return fields(
        field("Status", words.marked_status(card.status, card.open_failures)),
        field("Policy", _policy(card)),
        field("Latest sync", when(card.latest_sync_at) if card.latest_sync_at else "never"),
        field("Next scheduled sync", _next(card)),
        field("Pipeline", words.stage(card.stage, card.delta)),
        field("Overdue", "yes, no success within 1.5 times the frequency") if card.overdue else None,
    )


def _policy(card: StatusCard) -> str:
    badge = "Active" if card.policy.active else "Inactive"
    return f"{foreign(card.policy.name)} `{badge}` {words.frequency(card.policy.frequency)}"


def _next(card: StatusCard) -> str:
    if not card.policy.active:
        return words.NONE_WHILE_INACTIVE
    return when(card.next_sync_at) if card.next_sync_at else "not scheduled yet"


def _requested(card: StatusCard) -> Part:
    is_to_come = card.syncing_requested and card.under_way.run is None
    return context("Sync requested, it starts soon") if is_to_come else None


def _failures(card: StatusCard) -> Part:
    """Only while something is unresolved; clears by itself."""
    if not card.open_failures:
        return None
    return stack(
        section("\n".join((_detected(card), *_run_failure(card)))),
        actions(_view_errors(card), _retry_all(card)),
        _support(card),
    )


def _detected(card: StatusCard) -> str:
    detected = f"*{words.count(card.open_failures, 'sync failure')} detected* ⚠️"
    return f"{detected}\n{words.number(card.retrying)} of them retrying now" if card.retrying else detected


def _run_failure(card: StatusCard) -> list[str]:
    line = card.run_failure
    if line is None:
        return []
    return [f"The newest sync failed: {item.why(line)}", item.prospect(line, card.next_sync_at)]


def _view_errors(card: StatusCard) -> Element:
    return button("View errors", Action.ERRORS_VIEW, MailboxValue(mailbox=card.mailbox.id))


def _retry_all(card: StatusCard) -> Element | None:
    waiting = card.open_failures - card.retrying
    if not card.may_act or waiting <= 0:
        return None
    only_run = card.run_failure is not None and card.open_failures == 1
    return retry_all(waiting, MailboxValue(mailbox=card.mailbox.id), card.mailbox.source, only_run=only_run)


def retry_all(
    waiting: int, value: MailboxValue, source: str, *, only_run: bool = False, is_one_of_many: bool = False
) -> Element:
    """Says what it will do; asks first where it does more than one thing.

    `is_one_of_many`: many such buttons stand on the card, so none stands out, and each says whose it is.
    """
    label = "Retry sync" if only_run else f"Retry {words.count(waiting, 'item')}"
    ask = confirmation(
        f"{label}?",
        f"Each of the {words.number(waiting)} failures of {one_line(source, 150)} is tried once more, now.",
        label,
    )
    return button(
        label,
        Action.MAILBOX_RETRY_ALL,
        value,
        style=None if is_one_of_many else "primary",
        confirm=ask if waiting > 1 else None,
        describe=f"{label} of {one_line(source, 50)}" if is_one_of_many else None,
    )


def _support(card: StatusCard) -> Part:
    return support(card.support_contact) if card.escalate else None


def support(contact: str | None) -> Part:
    """Who helps where retries do not, and with which words."""
    to = foreign(contact) if contact else "your partner or support"
    return context(f"It keeps failing: contact {to}. *View errors* has a report to copy.")


def _activity_table(card: StatusCard) -> Part:
    if not card.activity:
        return _no_activity()
    rows = [
        (words.capital(c.service), words.number(c.changes), _activity_status(card, c.failed))
        for c in card.activity[:20]
    ]
    return stack(section("*Last sync activity*"), table(("Service", "Changes", "Status"), rows))


def _activity_fields(card: StatusCard) -> Part:
    if not card.activity:
        return _no_activity()
    shown = (
        f"{entries.service_line(counts)}\n{_activity_status(card, counts.failed)}" for counts in card.activity
    )
    return stack(section("*Last sync activity*"), fields(*shown))


def _no_activity() -> Part:
    return section("*Last sync activity*\nNothing was synced yet.")


def _activity_status(card: StatusCard, failed: int) -> str:
    return words.run_status(card.activity_status or RunStatus.RUNNING, failed)


def _history_heading(card: StatusCard) -> Part:
    if not card.history:
        return section("*Sync history*\nNo sync has run yet.")
    more = card.history_total > len(card.history[:_HISTORY])
    return section(
        f"*Sync history*\n{_shown(card)}",
        button("View all history", Action.HISTORY_VIEW, MailboxValue(mailbox=card.mailbox.id))
        if more
        else None,
    )


def _shown(card: StatusCard) -> str:
    shown = len(card.history[:_HISTORY])
    if card.history_total > shown:
        return f"The newest {shown} of {words.at_most(card.history_total, LISTED, 'entry')}"
    return words.count(shown, "entry")


def _sync_now(card: StatusCard) -> Element | None:
    """Not for those who may not act, nor while a sync runs or is about to."""
    if not card.may_act or card.syncing_requested or card.status is MailboxStatus.IN_PROGRESS:
        return None
    return button("Sync now", Action.MAILBOX_SYNC, MailboxValue(mailbox=card.mailbox.id))


def _as_of(card: StatusCard) -> Part:
    return context(f"As of {when(card.as_of)}")
