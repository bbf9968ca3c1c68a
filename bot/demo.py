"""`syncbot demo`: the bot, a Slack stand-in with a page, and whose mail is synced, each its own process."""

import asyncio
import importlib
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
from rich.console import Console

from bot.config import PREFIX, Settings, SlackMode
from bot.errors import BadSettings
from bot.supervising import all_ready, free_port, is_free, on_signals, started, unless, until_any_ends

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

    async def start(self, *parts: _Part) -> list[dict[str, str]] | None:
        """What they say once all are ready; None where the demo is stopped before."""
        if self.stopped.is_set():
            return None
        new = [
            await self.stack.enter_async_context(started(command, self.folder, environment))
            for command, environment in parts
        ]
        self.processes.extend(new)
        return await all_ready(new, self.stopped)


@dataclass(frozen=True)
class Demo:
    """`port` of the page; None looks for a free one."""

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
        """The bot comes last: it needs to know where the mail is, and whose."""
        world = ("-m", "bot.sandbox.office", "--port", str(stage.ports.world), *self._pace)
        office: _Part = ((*world, "--folder", str(stage.folder)), {})
        loading = asyncio.to_thread(importlib.import_module, "bot.applying")
        said, _ = await asyncio.gather(stage.start(office, self._page(stage, "Mailboxes")), loading)
        if said:
            found = said[0]
            await unless(stage.stopped, _apply(self._database_url(stage), Path(found["tenant"])))
            await stage.start(self._bot(stage, self._built_in_settings(found)))

    async def _start_remote(self, stage: _Stage) -> None:
        """The engine comes last: it reports to the bot as soon as it lives."""
        address = f"http://127.0.0.1:{stage.ports.world}/requests"
        settings = {"ENGINE_URL": address, **_renamed(self._secrets, _BOT_WITH_ENGINE)}
        await stage.start(self._page(stage, "Sync engine"), self._bot(stage, settings))
        company = ("-m", "bot.sandbox.company", "--port", str(stage.ports.world), *self._pace)
        await stage.start(((*company, "--bot-url", _url(stage.ports.bot)), _renamed(self._secrets, _COMPANY)))

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

    def _bot(self, stage: _Stage, more: Mapping[str, str]) -> _Part:
        """What fails in the demo is meant to, and is told in Slack: the terminal stays clear of it."""
        settings = {
            "DATABASE_URL": self._database_url(stage),
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
        return ("-m", "bot", "run"), {PREFIX + name: value for name, value in settings.items()}

    def _built_in_settings(self, office: Mapping[str, str]) -> dict[str, str]:
        return {
            "GRAPH_URL": office["graph_url"],
            "MICROSOFT_LOGIN_URL": office["login_url"],
            "GMAIL_URL": office["gmail_url"],
            "GMAIL_LARGEST_MESSAGE": str(LARGEST_MESSAGE),
            "MAILBOXES_AT_ONCE": str(MAILBOXES_AT_ONCE),
            "SCHEDULE_SPEED": f"{self.speed:g}",
        }

    def _database_url(self, stage: _Stage) -> str:
        return self.database_url or f"sqlite:///{stage.folder}/syncbot.db"


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


async def _apply(database_url: str, tenant: Path) -> None:
    """As `syncbot apply` would, without asking."""
    from bot.applying import apply  # noqa: PLC0415 - loaded while the stand-ins start

    settings = Settings.model_construct(database_url=database_url)
    await apply(settings, tenant, confirm=lambda _: True, out=Console(quiet=True), actor="demo")


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
    if wanted is not None:
        if not is_free(wanted):
            raise BadSettings(f"Port {wanted} is taken. Choose another with --port, or leave it out.")
        return wanted
    candidates = range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    return next((port for port in candidates if is_free(port)), None) or free_port()


def _tell(ports: _Ports, mode: SlackMode) -> None:
    typer.echo(f"syncbot is running ({mode.value} mode). Open  {_url(ports.page)}/  - Ctrl-C ends it.")
