"""The command line: one function a command, each in the module of its kind."""

import typer

from bot.cli import acting, auditing, doctor, looking, operating, setting_up
from bot.cli.process import BAD_USE, SOME_REJECTED, complaints
from bot.errors import SyncbotError

__all__ = ["BAD_USE", "SOME_REJECTED", "app", "main"]

app = typer.Typer(
    help="Run a Microsoft 365 to Google Workspace mailbox sync from Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(operating.run)
app.command()(operating.demo)
app.command("import")(operating.import_events)
app.command()(operating.manifest)
app.command()(operating.migrate)
app.command()(setting_up.apply)
app.command()(doctor.doctor)
app.command()(looking.status)
app.command("list")(looking.list_mailboxes)
app.command()(looking.history)
app.command()(looking.errors)
app.command()(auditing.audit)
app.command()(acting.retry)
app.command()(acting.sync)


def main() -> None:
    """Entry point. Expected errors are one sentence on standard error and exit code 2."""
    try:
        app()
    except SyncbotError as error:
        complaints.print(f"syncbot: {error.sentence}", markup=False)
        raise SystemExit(BAD_USE) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
