"""Commands that look: `status`, `list`, `history`, `errors`."""

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from blocks import errors_sheet
from bot.cli import loading
from bot.cli.asking import AsJson, Email, WithSubjects, about, answer
from bot.cli.findings import Answer, Written
from bot.cli.process import FAILING
from bot.domain.values import MailboxId, MailboxStatus, Outcome

if TYPE_CHECKING:
    from bot.desk import Desk

NEWEST = 10
"""History entries shown unless told otherwise."""


class StatusWord(StrEnum):
    """As `/sync list` takes them."""

    SYNCED = "synced"
    FAILED = "failed"
    RUNNING = "running"
    NEVER = "never"

    @property
    def status(self) -> MailboxStatus:
        return _STATUS[self]


_STATUS = {
    StatusWord.SYNCED: MailboxStatus.SYNCED,
    StatusWord.FAILED: MailboxStatus.FAILED,
    StatusWord.RUNNING: MailboxStatus.IN_PROGRESS,
    StatusWord.NEVER: MailboxStatus.NEVER_SYNCED,
}


def status(
    email: Annotated[
        str | None,
        typer.Argument(help="Source or destination address; without one, the overview of all mailboxes"),
    ] = None,
    *,
    subjects: WithSubjects = False,
    as_json: AsJson = False,
) -> None:
    """Show one mailbox, or the overview of all. Exit code 1 where something is failing."""
    asked = _overview if email is None else about(email, "status", _status)
    answer(asked, as_json=as_json, subjects=subjects)


def list_mailboxes(
    wanted: Annotated[StatusWord | None, typer.Option("--status", help="Only those with this status")] = None,
    policy: Annotated[str | None, typer.Option(help="Only those under the policy of this name")] = None,
    page: Annotated[int | None, typer.Option(min=1, help="Which page of 50; the first if not given")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All pages at once")] = False,
    as_json: AsJson = False,
) -> None:
    """List mailboxes, all or by status or policy, fifty a page."""
    if everything and page is not None:
        raise typer.BadParameter("there are no pages with --all", param_hint="--page")

    async def asked(desk: "Desk") -> Answer:
        chosen = None if everything else page or 1
        return Answer(await loading.listed(desk, wanted.status if wanted else None, policy, chosen))

    answer(asked, as_json=as_json)


def history(
    email: Email,
    limit: Annotated[int, typer.Option(min=1, help="How many entries, newest first")] = NEWEST,
    outcome: Annotated[Outcome | None, typer.Option(help="Only what came out so")] = None,
    *,
    subjects: WithSubjects = False,
    as_json: AsJson = False,
) -> None:
    """Show the runs and retries of one mailbox, newest first."""

    async def asked(desk: "Desk", mailbox: MailboxId) -> Answer:
        return Answer(await loading.history_of(desk, mailbox, limit, outcome))

    answer(about(email, "history", asked), as_json=as_json, subjects=subjects)


def errors(
    email: Email,
    code: Annotated[str | None, typer.Option(help="Only failures with this code")] = None,
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV instead of a table")] = False,
    subjects: WithSubjects = False,
    as_json: AsJson = False,
) -> None:
    """Show what fails in one mailbox, why, and what to do. Exit code 1 where anything is shown."""
    if as_csv and as_json:
        raise typer.BadParameter("--csv and --json exclude one another", param_hint="--csv")

    async def asked(desk: "Desk", mailbox: MailboxId) -> Answer:
        found = await loading.errors_of(desk, mailbox)
        lines = tuple(line for line in found.lines if code in (None, line.code))
        if as_csv:
            typer.echo(errors_sheet.csv(lines, with_subjects=subjects), nl=False)
            return Answer(Written(len(lines)), FAILING if lines else 0)
        return Answer(replace(found, lines=lines), FAILING if lines else 0)

    answer(about(email, "errors", asked), as_json=as_json, subjects=subjects)


async def _overview(desk: "Desk") -> Answer:
    card = await loading.overview_of(desk)
    return Answer(card, FAILING if card.failing_total else 0)


async def _status(desk: "Desk", mailbox: MailboxId) -> Answer:
    card = await loading.status_of(desk, mailbox)
    return Answer(card, FAILING if card.open_failures or card.status is MailboxStatus.FAILED else 0)
