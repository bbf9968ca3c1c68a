"""The Home tab: what is left to set up, the numbers, what runs, what fails, and who is told."""

from collections.abc import Collection

from blocks import checklist, health, overview, retrying, running, trend, words
from blocks.actions import Action
from blocks.item import cause_and_remedy
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
    more,
    section,
    stack,
)
from blocks.look import USUAL, Look
from blocks.rows import view
from blocks.status import retry_all
from blocks.surface import Home
from blocks.text import foreign, one_line, ours, people, place, when
from blocks.values import CardValue, CauseValue, MailboxValue
from bot.domain.values import MailboxStatus, Role, Stage
from bot.views import (
    CardKind,
    CardRef,
    CauseGroup,
    IncidentRetried,
    MailboxRef,
    Overview,
    RetryStarted,
)
from bot.views.health import ChannelHealth
from bot.views.home import HomeCard, HomeFacts, LiveRetry, LiveRun, Retryable, Told

_CAUSES = 5
_CHANNELS = 10
_TROUBLES = 5


def home(card: HomeCard, look: Look = USUAL) -> Home:
    facts = card.facts
    return Home.of(
        stack(
            header("Mailbox sync"),
            section(f"*{_begun(card.started)}*") if card.started else None,
            checklist.blocks(facts.steps, card.role, is_outside=card.engine_is_outside),
            section(overview.summary(facts.overview)),
            *_dashboard(facts.overview),
            _controls(card),
            *_failing(card),
            *_running(card),
            *trend.blocks(facts.days, look),
            *_told(card),
            _footer(card),
        )
    )


def closed(why: str, admins: Collection[str]) -> Home:
    """For who has no role, with whom to ask; `why` is a sentence of ours."""
    ask = f"Admins of syncbot here: {people(tuple(sorted(admins)))}." if admins else None
    return Home.of(stack(header("Mailbox sync"), section(ours(why, 2_000)), section(ask) if ask else None))


def _begun(started: RetryStarted | IncidentRetried) -> str:
    if isinstance(started, IncidentRetried):
        return retrying.of_many(started)
    return retrying.sentence(started)


def _dashboard(card: Overview) -> list[Block]:
    """Nothing but zeros is nothing to read."""
    if not card.mailboxes:
        return []
    return stack(_numbers(card), section(f"*Pipeline*\n{overview.pipeline(card)}"))


def _numbers(card: Overview) -> Part:
    """No time that passed since something: it would be wrong a minute later."""
    return fields(
        field("Mailboxes synced", _of(card.by_stage.get(Stage.SYNCED, 0), card.mailboxes)),
        field("Failed mailboxes", words.number(card.by_status.get(MailboxStatus.FAILED, 0))),
        field("Total data synced", words.size(card.bytes)),
        field("Changes in the last 24 hours", words.number(card.changes_24h)),
        field("Newest success", when(card.newest_success_at) if card.newest_success_at else "none yet"),
        field("Oldest last success", when(card.oldest_success_at) if card.oldest_success_at else "none yet"),
        field("Overdue", words.count(card.overdue, "mailbox")),
        field("Unresolved failures", words.number(card.open_failures)),
    )


def _of(part: int, whole: int) -> str:
    return f"{words.number(part)} of {words.number(whole)}"


def _controls(card: HomeCard) -> Part:
    shown = card.facts.overview
    failed = CardRef(CardKind.LIST, status=MailboxStatus.FAILED)
    return actions(
        button(
            "Refresh", Action.HOME_REFRESH, CardValue(ref=CardRef(CardKind.OVERVIEW)), describe="Refresh Home"
        ),
        _opens("List mailboxes", CardRef(CardKind.LIST)) if shown.mailboxes else None,
        _opens("List failed mailboxes", failed) if shown.by_status.get(MailboxStatus.FAILED) else None,
        _opens("Failures by cause", CardRef(CardKind.FAILURES)) if shown.open_failures else None,
    )


def _opens(label: str, ref: CardRef) -> Element:
    return button(label, Action.CARD_OPEN, CardValue(ref=ref))


def _running(card: HomeCard) -> list[Block]:
    facts = card.facts
    if not facts.running and not facts.retrying:
        return []
    return stack(
        divider(),
        section(f"*In progress: {_how_many(facts)}*"),
        *map(_run, facts.running),
        more(facts.running_total - len(facts.running), "run"),
        *map(_live_retry, facts.retrying),
        more(facts.retrying_total - len(facts.retrying), "retry"),
    )


def _how_many(facts: HomeFacts) -> str:
    runs = words.count(facts.running_total, "run") if facts.running else None
    retries = f"{words.count(facts.retrying_total, 'retry')} of several items" if facts.retrying else None
    return ", ".join(part for part in (runs, retries) if part)


def _live_retry(live: LiveRetry) -> Block:
    told = f"*{foreign(live.mailbox.source, 320)}*\n{running.retry(live.progress)}"
    return section(told, _view_errors(live.mailbox, "retried errors"))


def _run(run: LiveRun) -> Block:
    progress = run.progress
    return section(
        f"*{foreign(run.mailbox.source, 320)}*\n"
        f"{words.run_kind(progress.kind)} since {when(progress.started_at)}\n{running.how_far(progress)}",
        view(run.mailbox),
    )


def _failing(card: HomeCard) -> list[Block]:
    groups = card.facts.causes.groups
    if not groups:
        return []
    return stack(
        divider(),
        section("*Failing, by cause*"),
        *(block for group in groups[:_CAUSES] for block in _cause(card, group)),
        more(len(groups) - _CAUSES, "cause"),
    )


def _cause(card: HomeCard, group: CauseGroup) -> list[Block]:
    heals = "May heal by itself." if group.heals_by_itself else "Does not heal by itself."
    affected = f"{words.count(group.failures, 'failure')} of {words.count(group.mailboxes, 'mailbox')}"
    return stack(
        section(
            f"*{affected}* `{foreign(group.code, 60)}` since {when(group.since)}\n"
            f"{cause_and_remedy(group.cause, group.remedy)} {heals}",
            _retry_cause(card, group),
        ),
        *(block for mailbox in group.examples for block in _failing_mailbox(card, mailbox)),
        more(group.mailboxes - len(group.examples), "mailbox"),
    )


def _retry_cause(card: HomeCard, group: CauseGroup) -> Element | None:
    """For more than one mailbox: a single one has its own button."""
    waiting = card.facts.waiting.get(group.code, 0)
    if not card.may_act or group.mailboxes <= 1 or waiting <= 0:
        return None
    now = min(waiting, card.retried_at_once)
    what = words.count(now, "mailbox")
    asked = what if now == waiting else f"{words.number(now)} of {words.count(waiting, 'mailbox')}"
    confirm = confirmation(
        f"Retry {asked}?",
        f"Cause: {one_line(group.cause, 100)}. They are retried one after another, not all at once."
        + ("" if now == waiting else " Press the button again for the others.")
        + ("" if group.heals_by_itself else " Until the cause is repaired they fail again."),
        f"Retry {what}",
    )
    described = f"Retry {what}: {one_line(group.cause, 50)}"
    value = CauseValue(code=group.code[:100])
    return button(f"Retry {what}", Action.CAUSE_RETRY, value, confirm=confirm, describe=described)


def _failing_mailbox(card: HomeCard, mailbox: MailboxRef) -> list[Block]:
    waiting = card.facts.retryable.get(mailbox.id)
    name = foreign(mailbox.source, 320) + ("" if waiting else " · *retrying now* 🔄")
    if not card.may_act or waiting is None:
        return [section(name, _view_errors(mailbox))]
    return stack(section(name), actions(_retry(mailbox, waiting), _view_errors(mailbox)))


def _retry(mailbox: MailboxRef, waiting: Retryable) -> Element:
    value, source = MailboxValue(mailbox=mailbox.id), mailbox.source
    return retry_all(waiting.failures, value, source, only_run=waiting.only_run, is_one_of_many=True)


def _view_errors(mailbox: MailboxRef, what: str = "errors") -> Element:
    described = f"View {what} of {one_line(mailbox.source, 50)}"
    return button("View errors", Action.ERRORS_VIEW, MailboxValue(mailbox=mailbox.id), describe=described)


def _told(card: HomeCard) -> list[Block]:
    """The reader's own subscriptions first, then how delivery goes."""
    states = {each.channel: each for each in card.facts.health.channels}
    told = sorted(card.told, key=lambda each: not each.is_own)
    lines = [_channel(each, states.get(each.channel)) for each in told[:_CHANNELS]]
    troubles = health.troubles(card.facts.health)
    return stack(
        divider(),
        section("\n".join(("*Who is told of failures*", *(lines or ["No channel is subscribed."])))),
        more(len(told) - _CHANNELS, "channel"),
        section("\n".join((f"*Delivery*: {health.summary(card.facts.health)}", *_bullets(troubles)))),
        more(len(troubles) - _TROUBLES, "problem"),
    )


def _bullets(troubles: list[str]) -> list[str]:
    return [f"• {trouble}" for trouble in troubles[:_TROUBLES]]


def _channel(told: Told, state: ChannelHealth | None) -> str:
    whose = ", subscribed by you" if told.is_own else ""
    known = state or ChannelHealth(told.channel, is_subscribed=True)
    return f"• {place(told.channel)}: {_gets(told)}{whose} · {health.state(known)}"


def _gets(told: Told) -> str:
    if not told.alerts:
        return "digests only"
    alerts = "alerts, with what is new in their threads" if told.in_threads else "alerts"
    return f"{alerts} and digests" if told.digest else alerts


def _footer(card: HomeCard) -> Part:
    may = {
        Role.VIEWER: "You are a viewer: you see everything here, and operators retry.",
        Role.OPERATOR: "You are an operator: you see and retry.",
        Role.ADMIN: "You are an admin: you see, retry, and set up.",
    }
    as_of = f"As of {when(card.facts.overview.as_of)}; kept up to date for an hour after it was opened"
    return context(may[card.role], as_of)
