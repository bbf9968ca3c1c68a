"""Commands that run the bot or prepare it: `run`, `demo`, `import`, `manifest`, `migrate`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli.process import SOME_REJECTED, complaints, configured, run_to_end
from bot.config import Settings, SlackMode
from bot.demo import DemoEngine


def run() -> None:
    """Serve Slack and the events API until stopped. Settings: SYNCBOT_* variables or .env."""
    from bot.serve import serve  # noqa: PLC0415 - `manifest` and `--help` need not wait for the server's imports

    settings = configured()
    run_to_end(serve(settings))


def demo(
    port: Annotated[
        int | None, typer.Option(help="Port of the page; a free one near 8300 if not given")
    ] = None,
    mode: Annotated[SlackMode, typer.Option(help="How the bot is connected to the Slack stand-in")] = (
        SlackMode.SOCKET
    ),
    speed: Annotated[float, typer.Option(help="How many times faster than planned mailboxes sync")] = 60.0,
    engine: Annotated[
        DemoEngine, typer.Option(help="What syncs: the bot's own engine, or one outside")
    ] = DemoEngine.BUILT_IN,
    database_url: Annotated[
        str | None, typer.Option(help="Another database than a throw-away SQLite file")
    ] = None,
) -> None:
    """Everything on loopback, with no account: the bot, a Slack stand-in, and a company whose mail syncs."""
    from bot.demo import Demo  # noqa: PLC0415 - as above

    run_to_end(Demo(port, mode, speed, engine, database_url).run())


def import_events(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CloudEvents, one a line")],
) -> None:
    """Take in a file of events. Known ones are skipped; bad ones are listed by line, the rest is kept."""
    from bot.importing import import_with_progress  # noqa: PLC0415 - as above

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=complaints, transient=True) as progress:
        task = progress.add_task(file.name, total=None)
        imported = run_to_end(
            import_with_progress(
                configured(), file, lambda done, total: progress.update(task, completed=done, total=total)
            )
        )
    for reason in imported.reasons:
        complaints.print(f"{file}:{reason}", markup=False)
    typer.echo(imported.summary)
    raise typer.Exit(SOME_REJECTED if imported.bad else 0)


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


def migrate() -> None:
    """Bring the database up to date. `run` does this by itself."""
    from bot.bootstrap import open_database  # noqa: PLC0415 - as above

    async def migrated(settings: Settings) -> None:
        async with open_database(settings):
            pass

    run_to_end(migrated(configured()))
    typer.echo("The database is up to date.")
