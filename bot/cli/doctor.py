"""The command `doctor`: a line for each check, as soon as it is made."""

import json
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from blocks.text import one_line
from bot.cli.asking import AsJson
from bot.cli.process import BAD_USE, FAILING, complaints, configured, run_to_end
from bot.cli.screen import console
from bot.errors import BadSettings

if TYPE_CHECKING:
    from bot.doctor.findings import Finding

_SIGNS = {"fine": ("✓", "green"), "wrong": ("✗", "bold red"), "skipped": ("–", "dim")}  # noqa: RUF001 - a dash
_LONGEST = 1_000
_INDENT = " " * 12


def doctor(*, as_json: AsJson = False) -> None:
    """Check settings, database, clock, Slack and connections; changes nothing. Exit code 1: trouble."""
    try:
        settings = configured()
    except BadSettings as error:
        _refuse(error, as_json=as_json)
        raise typer.Exit(BAD_USE) from None
    from bot.bootstrap.doctor import findings  # noqa: PLC0415 - `--help` need not wait for it

    found = run_to_end(_told(findings(settings), as_json=as_json))
    if as_json:
        typer.echo(json.dumps(_document(found), indent=2))
    raise typer.Exit(FAILING if _count(found, "wrong") else 0)


async def _told(findings: "AsyncIterator[Finding]", *, as_json: bool) -> "list[Finding]":
    screen, found = console(), []
    async for finding in findings:
        found.append(finding)
        if not as_json:
            for line in _lines(finding):
                screen.print(line, soft_wrap=True)
    if not as_json:
        screen.print(f"\n{_summary(found)}", soft_wrap=True)
    return found


def _lines(finding: "Finding") -> Iterable[Text]:
    """The first says all but what to do. What services wrote stays on its line, and drives no terminal."""
    verdict = finding.verdict
    sign, style = _SIGNS[verdict.state]
    head = f"{sign} {verdict.state:<8}"
    rest = f"{finding.subject}: {finding.check}. {verdict.text}"
    yield Text.assemble((head, style), "  ", one_line(rest, _LONGEST))
    for note in verdict.notes:
        yield Text(f"{_INDENT}Note: {one_line(note, _LONGEST)}")
    if verdict.remedy:
        yield Text(f"{_INDENT}To do: {one_line(verdict.remedy, _LONGEST)}")


def _summary(found: "list[Finding]") -> str:
    return ", ".join(f"{_count(found, state)} {state}" for state in _SIGNS) + "."


def _document(found: "list[Finding]") -> dict[str, Any]:
    counts = {state: _count(found, state) for state in _SIGNS}
    return {"checks": [_entry(finding) for finding in found], **counts}


def _entry(finding: "Finding") -> dict[str, Any]:
    verdict = finding.verdict
    return {
        "subject": finding.subject,
        "check": finding.check,
        "state": verdict.state.value,
        "text": verdict.text,
        "remedy": verdict.remedy or None,
        "notes": list(verdict.notes),
    }


def _count(found: "list[Finding]", state: str) -> int:
    return sum(finding.verdict.state == state for finding in found)


def _refuse(error: BadSettings, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"error": {"code": error.code, "sentence": error.sentence}}, indent=2))
    else:
        complaints.print(f"syncbot: {error.sentence}", markup=False)
