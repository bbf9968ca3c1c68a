"""Whatever a user can meet is documented, and the documentation speaks of nothing else."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from typer.main import get_command

import bot
from bot import cli, errors
from bot.config import PREFIX, Settings
from bot.errors import SyncbotError
from bot.wire.schema import MODELS
from handlers.grammar import COMMANDS
from tests.project import reference

ROOT = reference.ROOT
PAGES = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
SETTING = re.compile(rf"{PREFIX}[A-Z_]*[A-Z]")


def text_of(name: str) -> str:
    return reference.page(name).read_text(encoding="utf-8")


def kinds_of(error: type[SyncbotError]) -> Iterator[type[SyncbotError]]:
    for kind in error.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def codes() -> set[str]:
    """An error is known once its module is loaded."""
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    own = (kind for kind in kinds_of(SyncbotError) if kind.__module__.startswith("bot."))
    return {kind.code for kind in own}


CLI = get_command(cli.app)
CLI_COMMANDS = sorted(CLI.commands)  # type: ignore[attr-defined] # a group has commands


@pytest.mark.parametrize("name", list(reference.TABLES))
def test_a_generated_table_is_what_code_says_now(name: str) -> None:
    assert text_of(name) == reference.renewed(name), "run `python -m tests.project.reference`"


@pytest.mark.parametrize("verb", list(COMMANDS))
def test_every_slash_command_is_documented(verb: str) -> None:
    assert f"`/sync {verb}" in text_of("commands.md")
    assert f"`/sync {verb}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_documented_and_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert f"`{PREFIX}{name.upper()}`" in text_of("settings.md"), name
        assert field.description, name


@pytest.mark.parametrize("kind", list(MODELS))
def test_every_type_of_event_is_documented(kind: str) -> None:
    assert f"`{kind}`" in text_of("events.md")


def test_every_error_code_is_documented_and_none_that_does_not_exist() -> None:
    assert set(re.findall(r"^\| `([a-z_]+)` \|", text_of("errors.md"), re.MULTILINE)) == codes()


def test_every_error_says_its_code_itself() -> None:
    named = [
        each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, SyncbotError)
    ]
    own = [each.code for each in named if each is not SyncbotError]
    assert len(own) == len(set(own))


@pytest.mark.parametrize("command", CLI_COMMANDS)
def test_every_cli_command_is_documented_and_has_help(command: str) -> None:
    described = CLI.commands[command]  # type: ignore[attr-defined] # as above
    assert f"`syncbot {command}" in text_of("cli.md")
    assert described.help
    for option in described.params:
        assert option.name == "help" or getattr(option, "help", None), option.name


@pytest.mark.parametrize("command", CLI_COMMANDS)
def test_every_cli_option_is_documented_beside_its_command(command: str) -> None:
    row = next(line for line in text_of("cli.md").splitlines() if line.startswith(f"| `syncbot {command}"))
    section = row + text_of("cli.md").partition("## Looking and retrying")[2]
    for option in CLI.commands[command].params:  # type: ignore[attr-defined] # as above
        for flag in (*option.opts, *option.secondary_opts):
            assert not flag.startswith("--") or f"`{flag}" in section, flag


def test_links_lead_somewhere() -> None:
    links = [(page, target) for page in PAGES for target in LINK.findall(page.read_text(encoding="utf-8"))]
    inner = [link for link in links if not link[1].startswith(("http://", "https://", "mailto:"))]
    assert [(page, target) for page, target in inner if not (page.parent / target).exists()] == []


def test_only_settings_that_exist_are_spoken_of() -> None:
    known = {PREFIX + field.upper() for field in Settings.model_fields}
    for page in (*PAGES, ROOT / ".env.example"):
        assert set(SETTING.findall(page.read_text(encoding="utf-8"))) <= known, page


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for page in ROOT.glob("docs/*/*.md"):
        assert f"({page.relative_to(ROOT / 'docs').as_posix()})" in index


@pytest.mark.parametrize("name", ["dependencies"])
def test_every_dependency_has_its_reason(name: str) -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    required = re.findall(r'^    "([a-z0-9-]+)(?:\[[a-z]+\])?>=', project, re.MULTILINE)
    explained = (ROOT / "docs" / "discussions" / f"{name}.md").read_text(encoding="utf-8").lower()
    missing = [
        package for package in required if package not in explained and not package.startswith("types-")
    ]
    assert [package for package in missing if not package.startswith("pytest-")] == []
