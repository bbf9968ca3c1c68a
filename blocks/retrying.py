"""The answer to a click on Retry."""

from blocks import words
from blocks.actions import Action
from blocks.kit import actions, button, section, stack
from blocks.look import Result
from blocks.surface import Message
from blocks.text import foreign, when
from blocks.values import MailboxValue
from bot.views import IncidentRetried, RetryStarted


def message(started: RetryStarted) -> Message:
    told = sentence(started)
    errors = button("View errors", Action.ERRORS_VIEW, MailboxValue(mailbox=started.mailbox.id))
    return Message.of(told, stack(section(told), actions(errors)))


def result(started: RetryStarted) -> Result:
    """The same, for the top of a modal."""
    return Result(sentence(started), "info" if started.claimed else "warning")


def sentence(started: RetryStarted) -> str:
    source = foreign(started.mailbox.source, 100)
    if not started.claimed:
        return f"Nothing new to retry for {source}{_already(started, ': ', '')}."
    if started.whole_mailbox:
        return f"Sync of {source} requested 🔄"
    what = words.count(started.claimed, "item")
    return f"Retrying {what} of {source} now 🔄{_already(started, '. ', '.')}"


def _already(started: RetryStarted, before: str, after: str) -> str:
    if not started.already_retrying:
        return ""
    is_ = words.verb(started.already_retrying, "is", "are")
    return f"{before}{words.count(started.already_retrying, 'item')} {is_} being retried already{after}"


def of_incident(started: IncidentRetried) -> Message:
    told = of_many(started)
    return Message.of(told, [section(told)])


def of_many(started: IncidentRetried) -> str:
    return f"{_of_incident(started)} {words.sentence(foreign(started.cause, 300))}"


def _of_incident(started: IncidentRetried) -> str:
    what = f"Retrying {words.count(started.claimed, 'mailbox')}"
    if started.claimed == 1 or not started.last_at:
        return f"{what} 🔄{_left(started)} Cause:"
    until = f"The last of them starts {when(started.last_at)}."
    return f"{what}, one after another 🔄 {until}{_left(started)} Cause:"


def _left(started: IncidentRetried) -> str:
    left = started.waiting - started.claimed
    if left <= 0:
        return ""
    are_left = f"{words.count(left, 'mailbox')} {words.verb(left, 'is', 'are')} left"
    return f" {are_left}: press the button again for more."
