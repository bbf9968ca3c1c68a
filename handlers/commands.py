"""The slash command `/sync`: one function a verb."""

from slack_bolt.async_app import AsyncApp

from blocks import health as health_card
from blocks import help as help_card
from blocks import retrying, told
from bot.domain.addresses import parse_address
from bot.domain.values import FailureId
from bot.errors import BadCommand, NothingToRetry
from bot.ports import RetryTarget
from bot.services.cards import Loaded
from bot.views import CardKind, CardRef, ErrorList, StatusCard
from handlers import access, muting, policies, subscribing
from handlers.answers import Answers
from handlers.boundary import Boundary, Route
from handlers.gesture import Gesture
from handlers.grammar import (
    COMMANDS,
    SLASH,
    Command,
    Verb,
    parse,
    parse_filter,
    parse_outcome,
    parse_which,
    verb_of,
)


def register(app: AsyncApp, boundary: Boundary) -> None:
    app.command(SLASH)(boundary.listener(Gesture.of_command, route))


def route(gesture: Gesture) -> Route:
    """Raises BadCommand where the text is none."""
    return ROUTES[parse(gesture.text).verb]


async def status(answers: Answers) -> None:
    words = _command(answers).words
    if not words:
        await _show(answers, CardRef(CardKind.OVERVIEW))
        return
    await answers.card(await _for_address(answers, words[0], CardKind.STATUS))


async def history(answers: Answers) -> None:
    word, *rest = _command(answers).words
    outcome = parse_outcome(rest) if rest else None
    await answers.card(
        await answers.services.cards.for_address(
            word, CardKind.HISTORY, answers.gesture.asker, outcome=outcome
        )
    )


async def errors(answers: Answers) -> None:
    await answers.card(await _for_address(answers, _command(answers).words[0], CardKind.ERRORS))


async def list_mailboxes(answers: Answers) -> None:
    wanted, policy = parse_filter(_command(answers).words)
    await _show(answers, CardRef(CardKind.LIST, status=wanted, policy=policy))


async def failures(answers: Answers) -> None:
    await _show(answers, CardRef(CardKind.FAILURES))


async def search(answers: Answers) -> None:
    await _show(answers, CardRef(CardKind.SEARCH, query=_command(answers).text))


async def retry(answers: Answers) -> None:
    """Retry the only failed item, one by its number, or all. Several without a number are shown to choose.

    So is what a part of an address finds: only a whole one says beyond doubt whose items are meant.
    """
    word, *which = _command(answers).words
    loaded = await _for_address(answers, word, CardKind.ERRORS)
    listed = loaded.model if parse_address(word) else None
    if not isinstance(listed, ErrorList) or (not which and listed.page.total > 1):
        await answers.card(loaded)
        return
    target = await _target(answers, listed, parse_which(which) if which else None)
    started = await answers.services.retries.request(target, answers.gesture.asker)
    await answers.message(retrying.message(started))


async def run(answers: Answers) -> None:
    word = _command(answers).words[0]
    loaded = await _for_address(answers, word, CardKind.STATUS)
    if not isinstance(loaded.model, StatusCard) or parse_address(word) is None:
        await answers.card(loaded)
        return
    target = RetryTarget(loaded.model.mailbox.id, whole_mailbox=True)
    await answers.message(
        retrying.message(await answers.services.retries.request(target, answers.gesture.asker))
    )


async def audit(answers: Answers) -> None:
    words = _command(answers).words
    if words:
        await answers.card(await _for_address(answers, words[0], CardKind.AUDIT))
    else:
        await _show(answers, CardRef(CardKind.AUDIT))


async def digest(answers: Answers) -> None:
    """Only its reader sees it."""
    card = await answers.services.digests.preview(answers.gesture.channel or "")
    await answers.message(told.message(card, safe=answers.services.safe_blocks))


async def health(answers: Answers) -> None:
    await answers.message(health_card.message(await answers.services.health.card()))


async def show_help(answers: Answers) -> None:
    words = _command(answers).words
    specs = [COMMANDS[verb_of(words[0])]] if words else COMMANDS.values()
    await answers.message(help_card.message(tuple((s.usage, s.effect, s.example) for s in specs)))


_HANDLERS = {
    Verb.STATUS: status,
    Verb.LIST: list_mailboxes,
    Verb.HISTORY: history,
    Verb.ERRORS: errors,
    Verb.FAILURES: failures,
    Verb.RETRY: retry,
    Verb.RUN: run,
    Verb.SEARCH: search,
    Verb.SUBSCRIBE: subscribing.subscribe,
    Verb.UNSUBSCRIBE: subscribing.unsubscribe,
    Verb.SUBSCRIPTIONS: subscribing.subscriptions,
    Verb.MUTE: muting.mute,
    Verb.UNMUTE: muting.unmute,
    Verb.ACCESS: access.roles,
    Verb.AUDIT: audit,
    Verb.WHOAMI: access.whoami,
    Verb.DIGEST: digest,
    Verb.POLICIES: policies.listed,
    Verb.POLICY: policies.by_name,
    Verb.HEALTH: health,
    Verb.HELP: show_help,
}
ROUTES = {verb: Route(handler, COMMANDS[verb].role, f"{SLASH} {verb}") for verb, handler in _HANDLERS.items()}


def _command(answers: Answers) -> Command:
    return parse(answers.gesture.text)


async def _show(answers: Answers, ref: CardRef) -> None:
    await answers.card(await answers.services.cards.open(ref, answers.gesture.asker))


async def _for_address(answers: Answers, word: str, kind: CardKind) -> Loaded:
    return await answers.services.cards.for_address(word, kind, answers.gesture.asker)


async def _target(answers: Answers, listed: ErrorList, number: int | None) -> RetryTarget:
    if not listed.page.total:
        raise NothingToRetry(f"Nothing is failing for {listed.mailbox.source}, so there is nothing to retry.")
    if number is None:
        return RetryTarget(listed.mailbox.id)
    return RetryTarget(listed.mailbox.id, failures=(await _numbered(answers, listed, number),))


async def _numbered(answers: Answers, listed: ErrorList, number: int) -> FailureId:
    """The failure that the list of errors shows under this number."""
    if number > listed.page.total:
        raise BadCommand(
            f"{listed.mailbox.source} has {listed.page.total} failed items; there is no {number}. "
            f"`{SLASH} errors {listed.mailbox.source}` numbers them."
        )
    page, position = divmod(number - 1, listed.page.size)
    ref = CardRef(CardKind.ERRORS, mailbox=listed.mailbox.id, page=page + 1)
    there = await answers.services.cards.load(ref, answers.gesture.asker)
    lines = there.lines if isinstance(there, ErrorList) and there.page.number == page + 1 else ()
    if position >= len(lines):
        raise NothingToRetry("That item is not failing any more.")
    return lines[position].id
