"""The command line: `syncbot run`, `demo`, `import`, `manifest`, `migrate`."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from bot.config import Settings, SlackMode, load_settings
from bot.errors import SyncbotError

BAD_USE = 2
"""Exit code for settings or input that must be mended first."""

SOME_REJECTED = 1
"""Exit code of an import that kept the good events and refused others."""

app = typer.Typer(
    help="Run a Microsoft 365 to Google Workspace mailbox sync from Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_errors = Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> None:
    """Entry point. Expected errors are one sentence on standard error and exit code 2."""
    try:
        app()
    except SyncbotError as error:
        _errors.print(f"syncbot: {error.sentence}", markup=False)
        raise SystemExit(BAD_USE) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


@app.command()
def run() -> None:
    """Serve Slack and the events API until stopped. Settings: SYNCBOT_* variables or .env."""
    from bot.serve import serve  # noqa: PLC0415 - `manifest` and `--help` need not wait for the server's imports

    settings = _configured()
    _run(serve(settings))


@app.command()
def demo(
    port: Annotated[
        int | None, typer.Option(help="Port of the page; a free one near 8300 if not given")
    ] = None,
    mode: Annotated[SlackMode, typer.Option(help="How the bot is connected to the Slack stand-in")] = (
        SlackMode.SOCKET
    ),
    speed: Annotated[float, typer.Option(help="How many times faster than planned mailboxes sync")] = 60.0,
    database_url: Annotated[
        str | None, typer.Option(help="Another database than a throw-away SQLite file")
    ] = None,
) -> None:
    """Everything on loopback, with no account: the bot, a Slack stand-in, and a company whose mail syncs."""
    from bot.demo import Demo  # noqa: PLC0415 - as above

    _run(Demo(port=port, mode=mode, speed=speed, database_url=database_url).run())


@app.command("import")
def import_events(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CloudEvents, one a line")],
) -> None:
    """Take in a file of events. Known ones are skipped; bad ones are listed by line, the rest is kept."""
    from bot.importing import Imported, import_with_progress  # noqa: PLC0415 - as above

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_errors, transient=True) as progress:
        task = progress.add_task(file.name, total=None)
        imported: Imported = _run(
            import_with_progress(
                _configured(), file, lambda done, total: progress.update(task, completed=done, total=total)
            )
        )
    for reason in imported.reasons:
        _errors.print(f"{file}:{reason}", markup=False)
    typer.echo(imported.summary)
    raise typer.Exit(SOME_REJECTED if imported.bad else 0)


@app.command()
def manifest(
    url: Annotated[
        str | None, typer.Option(help="The bot's public https address: writes the HTTP form")
    ] = None,
) -> None:
    """Print the app manifest to create the Slack app from. app.yaml holds the form for Socket Mode."""
    from bot.slack.manifest import as_yaml  # noqa: PLC0415 - as above

    if url is not None and not url.startswith("https://"):
        raise typer.BadParameter(
            "Slack calls https addresses only, such as https://bot.example", param_hint="--url"
        )
    typer.echo(as_yaml(url), nl=False)


@app.command()
def migrate() -> None:
    """Bring the database up to date. `run` does this by itself."""
    from bot.bootstrap import open_database  # noqa: PLC0415 - as above

    async def migrated(settings: Settings) -> None:
        async with open_database(settings):
            pass

    _run(migrated(_configured()))
    typer.echo("The database is up to date.")


def _configured() -> Settings:
    from bot.logs import configure  # noqa: PLC0415 - as above

    settings = load_settings()
    configure(settings.log_level, settings.log_format, addresses=settings.log_addresses)
    return settings


def _run(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - whatever the work gives
    return asyncio.run(work)
