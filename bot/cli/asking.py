"""One question or request from the terminal: open the desk, ask, print, end with the right code."""

import getpass
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from blocks.text import one_line
from bot.cli import as_json as documents
from bot.cli import tables
from bot.cli.findings import Answer, Refusal
from bot.cli.process import BAD_USE, NOTHING_TO_DO, UNKNOWN, complaints, configured, run_to_end
from bot.domain.addresses import parse_address
from bot.domain.values import MailboxId
from bot.errors import BadAddress, SyncbotError, UnknownMailbox
from bot.occasion import Occasion, during
from bot.views import Choice, Suggestions

if TYPE_CHECKING:
    from bot.desk import Desk

CLOSEST = 3
_LOGIN = 90
_TYPED = 80
_DIGITS = 18
_EXIT_CODES = {
    "unknown_mailbox": UNKNOWN,
    "stale_button": UNKNOWN,
    "nothing_to_retry": NOTHING_TO_DO,
    "already_retrying": NOTHING_TO_DO,
}

Email = Annotated[
    str,
    typer.Argument(help="Source or destination address; or the number of a mailbox, where several have it"),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document instead of tables")]
WithSubjects = Annotated[
    bool,
    typer.Option("--subjects", help="Show subjects, senders and engines' own words, which may quote them"),
]

Asked = Callable[["Desk"], Awaitable[Answer]]
AskedOf = Callable[["Desk", MailboxId], Awaitable[Answer]]


def answer(asked: Asked, *, as_json: bool, subjects: bool = False) -> NoReturn:
    """Print what `asked` finds, and end.

    Raises:
        typer.Exit: always, with the exit code of the answer.
    """
    try:
        exit_code = run_to_end(_answered(asked, as_json=as_json, subjects=subjects))
    except SyncbotError as error:
        _refuse(Refusal(error.code, error.sentence), as_json=as_json)
        exit_code = _EXIT_CODES.get(error.code, BAD_USE)
    raise typer.Exit(exit_code)


def about(email: str, purpose: str, asked: AskedOf) -> Asked:
    """Asks about the mailbox that a word names; else offers the closest, or those to choose from.

    `purpose` is the command that asks.
    """

    async def found(desk: "Desk") -> Answer:
        mailbox = await _named(desk, email, purpose)
        return mailbox if isinstance(mailbox, Answer) else await asked(desk, mailbox)

    return found


def actor() -> str:
    """Who the audit log names: the login, as far as the system knows one."""
    try:
        login = getpass.getuser()
    except (OSError, KeyError, ImportError):
        login = "unknown"
    return f"cli:{one_line(login, _LOGIN)}"


async def _answered(asked: Asked, *, as_json: bool, subjects: bool) -> int:
    from bot.desk import open_desk  # noqa: PLC0415 - `--help` need not wait for the database

    async with open_desk(configured(), actor(), subjects=subjects) as desk:
        with during(Occasion("command line")):
            found = await asked(desk)
        now = desk.clock.now()
    if as_json:
        typer.echo(documents.text(found.finding))
    else:
        tables.show(found.finding, now)
    return found.exit_code


def _refuse(refusal: Refusal, *, as_json: bool) -> None:
    if as_json:
        typer.echo(documents.text(refusal))
    else:
        complaints.print(f"syncbot: {refusal.sentence}", markup=False)


async def _named(desk: "Desk", word: str, purpose: str) -> MailboxId | Answer:
    if word.isascii() and word.isdigit():
        return await _numbered(desk, MailboxId(int(word[:_DIGITS])))
    address = parse_address(word)
    if address is None:
        raise BadAddress(
            f"“{one_line(word, _TYPED)}” is not an e-mail address. Type one like user@org.com; "
            "`syncbot list` shows them."
        )
    rows = await desk.mailboxes.by_address(address)
    if len(rows) == 1:
        return rows[0].mailbox.id
    if rows:
        return Answer(Choice(address, rows, purpose), BAD_USE)
    return Answer(Suggestions(address, await desk.mailboxes.closest(address, CLOSEST), purpose), UNKNOWN)


async def _numbered(desk: "Desk", mailbox: MailboxId) -> MailboxId:
    if not await desk.mailboxes.version(mailbox):
        raise UnknownMailbox(f"There is no mailbox {mailbox}. `syncbot list` shows all.")
    return mailbox
