"""Commands that set the built-in engine up: `apply`."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.process import BAD_USE, FAILING, complaints, configured, run_to_end

_NOBODY_TO_ASK = "syncbot: nobody can be asked here, so nothing was changed. Add --yes to carry the plan out."


def apply(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The tenant file")],
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Carry the plan out without asking")] = False,
) -> None:
    """Bring connections, policies, mailboxes and Slack settings in step with a file; shows a plan first."""
    from bot.applying import Applied  # noqa: PLC0415 - `--help` need not wait for it
    from bot.applying import apply as applied  # noqa: PLC0415 - as above

    def confirm(_plan: object) -> bool:
        if yes:
            return True
        if not sys.stdin.isatty():
            complaints.print(_NOBODY_TO_ASK)
            raise typer.Exit(BAD_USE)
        return typer.confirm("Apply this?")

    settings, out = configured(), Console()
    outcome = run_to_end(applied(settings, file, confirm=confirm, out=out, actor=f"cli:{getpass.getuser()}"))
    raise typer.Exit(FAILING if outcome is Applied.DECLINED else 0)
