"""A channel's day or week: what was synced, what failed, how it healed, and what is left to do."""

from datetime import datetime
from zoneinfo import ZoneInfo

from blocks import words
from blocks.kit import (
    Block,
    Part,
    Series,
    bar_chart,
    context,
    field,
    fields,
    header,
    more,
    section,
    stack,
)
from blocks.surface import Message
from blocks.text import foreign, when
from bot.views import DigestCard, DigestCause, DigestPart


def message(card: DigestCard, *, safe: bool = False) -> Message:
    """`safe` has words where there would be a chart."""
    return Message.of(
        f"{_title(card)}: {_summary(card)}",
        stack(
            header(_title(card)),
            context(
                _span(card), _late(card), "Only what this channel subscribed to" if card.is_filtered else ""
            ),
            section(_summary(card)),
            _numbers(card),
            *_causes(card),
            *(_in_words(card) if safe else _charts(card)),
            _support(card),
        ),
    )


def _title(card: DigestCard) -> str:
    what = "week" if card.is_weekly else "day"
    return f"Mailbox sync so far, this {what}" if card.is_preview else f"Mailbox sync, the last {what}"


def _span(card: DigestCard) -> str:
    """By the channel's clock, and not the reader's: it is the period that the channel asked for."""
    return f"{_full(card, card.begins_at)} to {_full(card, card.ends_at)} ({foreign(card.zone, 50)})"


def _full(card: DigestCard, at: datetime) -> str:
    local = _at(card, at)
    return f"{local:%a} {local.day} {local:%B %Y, %H:%M}"


def _at(card: DigestCard, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(card.zone))


def _late(card: DigestCard) -> str:
    return f"Late: it was due {when(card.ends_at)}" if card.is_late and not card.is_preview else ""


def _summary(card: DigestCard) -> str:
    if not card.mailboxes:
        return "no mailbox to tell of."
    synced = f"{words.number(card.synced)} of {words.count(card.mailboxes, 'mailbox')} synced"
    if not card.unresolved:
        return f"{synced}, and nothing is failing ✅"
    verb = words.verb(card.unresolved, "is", "are")
    return f"{synced}. {words.count(card.unresolved, 'failure')} {verb} unresolved ⚠️"


def _numbers(card: DigestCard) -> Part:
    return fields(
        field("Synced", f"{words.count(card.synced, 'mailbox')}, {words.count(card.changes, 'change')}"),
        field("Failed", _of(card.failed, card.failed_mailboxes)),
        field("Healed by themselves", _some(card.healed_by_itself)),
        field("Healed by a click", _some(card.healed_by_click)),
        field("Unresolved now", _of(card.unresolved, card.unresolved_mailboxes)),
        field("Oldest last success", _oldest(card)),
        field("Never synced", words.count(card.never_synced, "mailbox")) if card.never_synced else None,
        field("Dismissed", words.count(card.dismissed, "failure")) if card.dismissed else None,
    )


def _of(failures: int, mailboxes: int) -> str:
    if not failures:
        return _some(failures)
    return f"{words.count(failures, 'failure')} of {words.count(mailboxes, 'mailbox')}"


def _some(failures: int) -> str:
    return words.count(failures, "failure") if failures else "none"


def _oldest(card: DigestCard) -> str:
    if card.oldest_success_at is None:
        return "none yet"
    return words.ago(card.counted_at - card.oldest_success_at)


def _causes(card: DigestCard) -> list[Block]:
    if not card.causes:
        return []
    lines = "\n".join(map(_cause, card.causes))
    return stack(section(f"*What is failing now*\n{lines}"), more(card.more_causes, "cause"))


def _cause(cause: DigestCause) -> str:
    prospect = "May heal by itself. " if cause.heals_by_itself else ""
    remedy = f"*Remedy:* {words.sentence(foreign(cause.remedy, 300))}"
    counted = _of(cause.failures, cause.mailboxes)
    return f"• {words.capital(foreign(cause.cause, 300))}: {counted}. {prospect}{remedy}"


def _charts(card: DigestCard) -> list[Block]:
    labels = [_label(card, part) for part in card.parts]
    failed = Series("Failed", [part.failed for part in card.parts])
    healed = Series("Healed", [part.healed for part in card.parts])
    changes = Series("Changes", [part.changes for part in card.parts])
    has_failed, has_changes = any((*failed.values, *healed.values)), any(changes.values)
    return stack(
        bar_chart("Failures that began and that healed", labels, (failed, healed)) if has_failed else None,
        bar_chart("Changes synced", labels, (changes,)) if has_changes else None,
    )


def _in_words(card: DigestCard) -> list[Block]:
    told = [_part(card, part) for part in card.parts if part.changes or part.failed or part.healed]
    return (
        stack(
            section("\n".join((f"*{'Day by day' if card.is_weekly else 'In the course of the day'}*", *told)))
        )
        if told
        else []
    )


def _part(card: DigestCard, part: DigestPart) -> str:
    numbers = (
        words.count(part.changes, "change"),
        f"{words.number(part.failed)} failed",
        f"{words.number(part.healed)} healed",
    )
    return f"{_label(card, part)}: {', '.join(numbers)}"


def _label(card: DigestCard, part: DigestPart) -> str:
    begins = _at(card, part.begins_at)
    return f"{begins:%a} {begins.day}" if card.is_weekly else f"{begins:%H:%M}"


def _support(card: DigestCard) -> Part:
    if not card.support_contact or not card.unresolved:
        return None
    return context(f"If the remedies do not help: contact {foreign(card.support_contact)}.")
