"""`syncbot demo`: the bot, a Slack stand-in with a page, and whose mail is synced, each its own process."""

import asyncio
import json
import secrets
import tempfile
from asyncio.subprocess import Process
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import typer

from bot.config import PREFIX, SlackMode
from bot.errors import BadSettings
from bot.supervising import all_ready, free_port, is_free, on_signals, started, until_any_ends

FIRST_PORT = 8300
PORTS_TRIED = 20

ALERTS = "C0ALERTS"
GRANTS = {"ADMINS": "U0ADA", "OPERATORS": "U0OMAR", "VIEWERS": "U0VERA"}
"""The stand-in's people and channel (bot/sandbox/slack/roster.py)."""

LARGEST_MESSAGE = 10_485_760
"""Bytes that Gmail takes here: less than in life, so that what is too large need not be huge."""

MAILBOXES_AT_ONCE = 5
"""The first syncs leave room for whoever looks at the page meanwhile."""


class DemoEngine(StrEnum):
    """What syncs: the bot's own, on stand-ins for Microsoft 365 and Gmail, or a made-up one outside."""

    BUILT_IN = "built-in"
    REMOTE = "remote"


_Part = tuple[Sequence[str], Mapping[str, str]]
"""A command for Python, and its environment."""


@dataclass(frozen=True, slots=True)
class _Ports:
    """`world` is that of the page of whose mail is synced."""

    page: int
    bot: int
    world: int


@dataclass(frozen=True)
class _Stage:
    """Where processes run. They end in the opposite order, so that none calls in vain."""

    folder: Path
    ports: _Ports
    stopped: asyncio.Event
    stack: AsyncExitStack
    processes: list[Process] = field(default_factory=list)

    async def launch(self, *parts: _Part) -> list[Process]:
        new = [
            await self.stack.enter_async_context(started(command, self.folder, environment))
            for command, environment in parts
        ]
        self.processes.extend(new)
        return new

    async def ready(self, *processes: Process) -> list[dict[str, str]] | None:
        """What they say once all are ready; None where the demo is stopped before."""
        return await all_ready(processes, self.stopped)


@dataclass(frozen=True)
class Demo:
    """`port` of the page; None looks for a free one, and so does 0."""

    port: int | None
    mode: SlackMode
    speed: float
    engine: DemoEngine = DemoEngine.BUILT_IN
    database_url: str | None = None
    _secrets: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._secrets.update(_throw_away_secrets())

    async def run(self) -> None:
        """Until Ctrl-C, or until one of the processes ends.

        Raises:
            BadSettings: the port that was asked for is taken, or a process did not come up.
        """
        ports = _Ports(_page_port(self.port), free_port(), free_port())
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="syncbot-demo-")))
            stage = _Stage(folder, ports, on_signals(), stack)
            if self.engine is DemoEngine.BUILT_IN:
                await self._start_built_in(stage)
            else:
                await self._start_remote(stage)
            if not stage.stopped.is_set():
                _tell(ports, self.mode)
                await until_any_ends(stage.processes, stage.stopped)

    async def _start_built_in(self, stage: _Stage) -> None:
        """All at once: the bot loads meanwhile, and goes on once it is told where the mail is, and whose."""
        world = ("-m", "bot.sandbox.office", "--port", str(stage.ports.world), *self._pace)
        office: _Part = ((*world, "--folder", str(stage.folder)), {})
        bot = ("-m", "bot.demo_bot"), self._bot_environment(stage, self._built_in_settings)
        [office_runs, page_runs, bot_runs] = await stage.launch(office, self._page(stage, "Mailboxes"), bot)
        said = await stage.ready(office_runs, page_runs)
        if said and bot_runs.stdin:
            bot_runs.stdin.write(json.dumps(said[0]).encode() + b"\n")
            await stage.ready(bot_runs)

    async def _start_remote(self, stage: _Stage) -> None:
        """The engine comes last: it reports to the bot as soon as it lives."""
        address = f"{_url(stage.ports.world)}/requests"
        settings = {"ENGINE_URL": address, **_renamed(self._secrets, _BOT_WITH_ENGINE)}
        bot = ("-m", "bot", "run"), self._bot_environment(stage, settings)
        if await stage.ready(*await stage.launch(self._page(stage, "Sync engine"), bot)):
            company = ("-m", "bot.sandbox.company", "--port", str(stage.ports.world), *self._pace)
            command = (*company, "--bot-url", _url(stage.ports.bot))
            await stage.ready(*await stage.launch((command, _renamed(self._secrets, _COMPANY))))

    @property
    def _pace(self) -> tuple[str, str]:
        return "--speed", f"{self.speed:g}"

    def _page(self, stage: _Stage, panel: str) -> _Part:
        from bot.slack.manifest import as_yaml  # noqa: PLC0415 - the command line knows this module, and need not wait

        manifest = stage.folder / "app.yaml"
        bot_url = _url(stage.ports.bot) if self.mode is SlackMode.HTTP else None
        manifest.write_text(as_yaml(bot_url), encoding="utf-8")
        page = ("bot.sandbox.page", "--manifest", str(manifest), "--port", str(stage.ports.page))
        beside = ("--panel", f"{panel}={_url(stage.ports.world)}/")
        return ("-m", *page, *beside), _renamed(self._secrets, _PAGE)

    def _bot_environment(self, stage: _Stage, more: Mapping[str, str]) -> dict[str, str]:
        """What fails in the demo is meant to, and is told in Slack: the terminal stays clear of it."""
        settings = {
            "DATABASE_URL": self.database_url or f"sqlite:///{stage.folder}/syncbot.db",
            "SLACK_MODE": self.mode.value,
            "SLACK_API_URL": f"{_url(stage.ports.page)}/api/",
            "ALERT_CHANNEL": ALERTS,
            "PORT": str(stage.ports.bot),
            "LOG_LEVEL": "ERROR",
            "SUPPORT_CONTACT": "support@partner.example",
            **GRANTS,
            **_renamed(self._secrets, _BOT),
            **more,
        }
        return {PREFIX + name: value for name, value in settings.items()}

    @property
    def _built_in_settings(self) -> dict[str, str]:
        return {
            "GMAIL_LARGEST_MESSAGE": str(LARGEST_MESSAGE),
            "MAILBOXES_AT_ONCE": str(MAILBOXES_AT_ONCE),
            "SCHEDULE_SPEED": f"{self.speed:g}",
        }


_BOT = {
    "bot_token": "SLACK_BOT_TOKEN",
    "app_token": "SLACK_APP_TOKEN",
    "signing": "SLACK_SIGNING_SECRET",
}
_BOT_WITH_ENGINE = {"events": "EVENTS_SECRETS", "requests": "ENGINE_SECRET"}
_PAGE = {
    "bot_token": "SANDBOX_BOT_TOKEN",
    "app_token": "SANDBOX_APP_TOKEN",
    "signing": "SANDBOX_SIGNING_SECRET",
}
_COMPANY = {"events": "COMPANY_EVENTS_SECRET", "requests": "COMPANY_REQUESTS_SECRET"}


def _throw_away_secrets() -> dict[str, str]:
    return {
        "bot_token": f"demo-bot-{secrets.token_urlsafe(16)}",
        "app_token": f"demo-app-{secrets.token_urlsafe(16)}",
        "signing": secrets.token_hex(16),
        "events": _webhook_secret(),
        "requests": _webhook_secret(),
    }


def _webhook_secret() -> str:
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


def _renamed(values: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    return {name: values[key] for key, name in names.items()}


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _page_port(wanted: int | None) -> int:
    if wanted:
        if not is_free(wanted):
            raise BadSettings(f"Port {wanted} is taken. Choose another with --port, or leave it out.")
        return wanted
    candidates = range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    return next((port for port in candidates if is_free(port)), None) or free_port()


def _tell(ports: _Ports, mode: SlackMode) -> None:
    typer.echo(f"syncbot is running ({mode.value} mode). Open  {_url(ports.page)}/  - Ctrl-C ends it.")
