"""Commands that act: `retry` and `sync`. They claim rows as a click in Slack does; a bot that runs works."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import loading
from bot.cli.asking import AsJson, Email, about, answer
from bot.cli.findings import Answer, Followed, Undecided
from bot.cli.following import followed
from bot.cli.process import BAD_USE, FAILING, INTERRUPTED
from bot.domain.values import FailureId, MailboxId
from bot.errors import AlreadyRetrying, NothingToRetry
from bot.ports import RetryTarget
from bot.views import ErrorList

if TYPE_CHECKING:
    from bot.desk import Desk

Wait = Annotated[
    bool | None,
    typer.Option("--wait/--no-wait", help="Wait for the result; on a terminal that is the default"),
]


def retry(
    email: Email,
    items: Annotated[
        list[int] | None, typer.Option("--item", help="A number that `errors` shows; may be given again")
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All that fails")] = False,
    wait: Wait = None,
    as_json: AsJson = False,
) -> None:
    """Sync failed items again now: the only one, those with --item, or --all. Exit code 1 if one fails."""
    if everything and items:
        raise typer.BadParameter("--all already says which", param_hint="--item")

    async def asked(desk: "Desk", mailbox: MailboxId) -> Answer:
        failing = await loading.errors_of(desk, mailbox)
        chosen = _chosen(failing, items or [], everything=everything)
        if chosen is None:
            return Answer(Undecided(failing), BAD_USE)
        gone = tuple(FailureId(item) for item in items or [] if item not in chosen)
        target = RetryTarget(mailbox, failures=None if everything else chosen)
        return await _requested(desk, target, gone, wait=_waits(wait))

    answer(about(email, "retry", asked), as_json=as_json)


def sync(email: Email, *, wait: Wait = None, as_json: AsJson = False) -> None:
    """Sync one mailbox now, outside its schedule. Exit code 1 if that fails."""

    async def asked(desk: "Desk", mailbox: MailboxId) -> Answer:
        return await _requested(desk, RetryTarget(mailbox, whole_mailbox=True), (), wait=_waits(wait))

    answer(about(email, "sync", asked), as_json=as_json)


def exit_code(ended: Followed) -> int:
    """A request that was not waited for is fine as long as nothing of it has failed."""
    if ended.interrupted:
        return INTERRUPTED
    progress = ended.progress
    if progress is None or not (ended.waited or progress.has_ended):
        return 0
    return 0 if progress.succeeded == progress.requested else FAILING


def _chosen(failing: ErrorList, items: list[int], *, everything: bool) -> tuple[FailureId, ...] | None:
    """What to retry; None where that was not said, and more than one item fails.

    Raises:
        NothingToRetry: none of it fails.
    """
    there = tuple(line.id for line in failing.lines)
    source = failing.mailbox.source
    if not there:
        raise NothingToRetry(f"Nothing is failing for {source}, so there is nothing to retry.")
    if everything or (not items and len(there) == 1):
        return there
    chosen = tuple(failure for failure in there if failure in items)
    if items and not chosen:
        raise NothingToRetry(
            f"None of these items is failing. `syncbot errors {source}` lists those that are."
        )
    return chosen or None


async def _requested(desk: "Desk", target: RetryTarget, gone: tuple[FailureId, ...], *, wait: bool) -> Answer:
    try:
        started = await desk.retries.request(target, desk.asker)
    except AlreadyRetrying:
        what = "A sync of this mailbox" if target.whole_mailbox else "A retry of this"
        raise AlreadyRetrying(f"{what} is already under way. `syncbot status` shows how it ends.") from None
    ended = await followed(desk, started, gone, wait=wait)
    return Answer(ended, exit_code(ended))


def _waits(wait: bool | None) -> bool:  # noqa: FBT001 - as the option has it
    return sys.stdout.isatty() if wait is None else wait
