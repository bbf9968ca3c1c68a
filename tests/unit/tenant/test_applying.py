"""`syncbot apply`: reads, shows, asks, and does it once."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bot.applying import Applied, apply
from bot.bootstrap import open_database
from bot.config import Settings
from bot.errors import BadSettings
from bot.store import SqlTenancy
from bot.tenant.faults import BadTenant
from bot.tenant.plan import Plan
from bot.tenant.wanted import Tenant
from tests.unit.tenant.files import SMALL, written


class Terminal:
    """Answers the question, and keeps what is shown."""

    def __init__(self, sqlite_url: str, *, agrees: bool = True) -> None:
        self.agrees = agrees
        self.asked: list[Plan] = []
        self.shown = StringIO()
        self.settings = Settings.model_construct(database_url=sqlite_url, alert_channel="C9")

    def confirm(self, plan: Plan) -> bool:
        self.asked.append(plan)
        return self.agrees

    async def apply(self, file: Path) -> Applied:
        out = Console(file=self.shown, width=40)
        return await apply(self.settings, file, confirm=self.confirm, out=out, actor="cli:ana")

    async def held(self) -> Tenant:
        async with open_database(self.settings) as database:
            return await SqlTenancy(database).held()


async def test_a_file_is_applied_once_it_was_confirmed_and_then_needs_nothing(
    sqlite_url: str, tmp_path: Path
) -> None:
    terminal = Terminal(sqlite_url)
    file = written(tmp_path, SMALL)
    assert await terminal.apply(file) is Applied.DONE
    assert (await terminal.held()).mailboxes.keys() == {"ana@contoso.com"}
    assert terminal.shown.getvalue().startswith("tenant.yaml would change:\n  connections: 2 new\n")
    assert terminal.shown.getvalue().endswith("\n\nApplied.\n")
    assert await terminal.apply(file) is Applied.NOTHING_TO_DO
    assert "Nothing to do: everything is as tenant.yaml wants it" in terminal.shown.getvalue()
    assert len(terminal.asked) == 1


async def test_without_confirmation_nothing_is_changed(sqlite_url: str, tmp_path: Path) -> None:
    terminal = Terminal(sqlite_url, agrees=False)
    assert await terminal.apply(written(tmp_path, SMALL)) is Applied.DECLINED
    assert await terminal.held() == Tenant()
    assert terminal.shown.getvalue().endswith("\n\nNothing was changed.\n")


async def test_of_a_file_with_mistakes_nothing_is_applied_and_no_database_is_made(tmp_path: Path) -> None:
    terminal = Terminal(f"sqlite:///{tmp_path}/new.db")
    with pytest.raises(BadTenant, match="1 mistake"):
        await terminal.apply(written(tmp_path, SMALL + "  - nobody\n"))
    assert not (tmp_path / "new.db").exists()
    assert (terminal.asked, terminal.shown.getvalue()) == ([], "")


async def test_mistakes_end_the_command_as_bad_settings_do() -> None:
    assert issubclass(BadTenant, BadSettings)


async def test_slack_settings_say_who_wins_and_what_to_do_next(sqlite_url: str, tmp_path: Path) -> None:
    terminal = Terminal(sqlite_url)
    await terminal.apply(written(tmp_path, SMALL + "slack: {alert_channel: C1}\n"))
    lines = terminal.shown.getvalue().splitlines()
    assert "Note: SYNCBOT_ALERT_CHANNEL is set where this runs. There it wins over the file." in lines
    assert lines[-1].startswith("Restart `syncbot run`: it reads channel, contact and roles when it starts.")


async def test_names_from_the_file_are_no_markup(sqlite_url: str, tmp_path: Path) -> None:
    terminal = Terminal(sqlite_url)
    await terminal.apply(
        written(tmp_path, SMALL.replace("6 hours}", '6 hours, name: "[red]x[/red] :smile:"}'))
    )
    assert "named [red]x[/red] :smile:," in terminal.shown.getvalue()
