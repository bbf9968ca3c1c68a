"""The command `audit`: who did what, as a table, as JSON, or as CSV."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from blocks.sheet import sheet
from bot.cli.asking import AsJson, about, answer
from bot.cli.findings import Answer, Audited, Written
from bot.domain.values import MailboxId
from bot.views.audit import AuditLine

if TYPE_CHECKING:
    from bot.desk import Desk

NEWEST = 50
"""Lines shown unless told otherwise."""

CHUNK = 1_000
"""Lines that are read at once, each chunk in a transaction of its own, so that nobody waits."""

HEAD = ("timestamp", "actor", "severity", "event", "message", "via", "channel", "message_ts")
_AGE = re.compile(r"(\d{1,5})([dhm])")
_UNIT = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


def audit(
    email: Annotated[
        str | None,
        typer.Argument(help="Source or destination address, for lines about this mailbox alone"),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(help="Lines since a date, a time (2026-11-30T08:00), or for 7d, 12h"),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="How many lines; 50, or with --csv all, if not given"),
    ] = None,
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV instead of a table")] = False,
    as_json: AsJson = False,
) -> None:
    """Show who did what, when, and where it was asked for, newest first."""
    if as_csv and as_json:
        raise typer.BadParameter("--csv and --json exclude one another", param_hint="--csv")

    async def asked(desk: "Desk", mailbox: MailboxId | None = None) -> Answer:
        begin = _since(since, desk.clock.now())
        if as_csv:
            return Answer(await _written(_chunks(desk, mailbox, begin, limit)))
        chunks = [chunk async for chunk in _chunks(desk, mailbox, begin, limit or NEWEST)]
        return Answer(Audited(tuple(line for chunk in chunks for line in chunk)))

    answer(asked if email is None else about(email, "audit", asked), as_json=as_json)


async def _chunks(
    desk: "Desk", mailbox: MailboxId | None, since: datetime | None, limit: int | None
) -> AsyncIterator[tuple[AuditLine, ...]]:
    before, left = None, limit
    while left is None or left > 0:
        size = CHUNK if left is None else min(CHUNK, left)
        chunk = await desk.audit.lines(mailbox, since=since, before=before, limit=size)
        if chunk:
            yield chunk
        if len(chunk) < size:
            return
        before, left = chunk[-1].id, None if left is None else left - size


async def _written(chunks: AsyncIterator[tuple[AuditLine, ...]]) -> Written:
    typer.echo(sheet([HEAD]), nl=False)
    count = 0
    async for chunk in chunks:
        typer.echo(sheet(map(_row, chunk)), nl=False)
        count += len(chunk)
    return Written(count)


def _row(line: AuditLine) -> tuple[str | None, ...]:
    return (
        line.at.isoformat(),
        line.actor,
        line.severity.value,
        line.event,
        line.message,
        line.via,
        line.channel,
        line.message_ts,
    )


def _since(word: str | None, now: datetime) -> datetime | None:
    """A time without a zone is that of the terminal. Raises typer.BadParameter."""
    if word is None:
        return None
    if age := _AGE.fullmatch(word):
        return now - int(age.group(1)) * _UNIT[age.group(2)]
    try:
        return datetime.fromisoformat(word).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise typer.BadParameter(
            f"“{word[:40]}” is neither a date nor an age like 7d", param_hint="--since"
        ) from None
