"""`syncbot demo`: the bot, a Slack stand-in with a page, and an engine outside, each its own process."""

import secrets
import tempfile
from asyncio.subprocess import Process
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import typer

from bot.config import PREFIX, SlackMode
from bot.errors import BadSettings
from bot.slack.manifest import as_yaml
from bot.supervising import all_ready, free_port, is_free, on_signals, started, until_any_ends

FIRST_PORT = 8300
PORTS_TRIED = 20

ALERTS = "C0ALERTS"
GRANTS = {"ADMINS": "U0ADA", "OPERATORS": "U0OMAR", "VIEWERS": "U0VERA"}
"""The stand-in's people and channel (bot/sandbox/slack/roster.py)."""


_Part = tuple[Sequence[str], Mapping[str, str]]
"""A command for Python, and its environment."""


@dataclass(frozen=True, slots=True)
class _Ports:
    page: int
    bot: int
    company: int


@dataclass(frozen=True)
class Demo:
    """`port` of the page; None looks for a free one."""

    port: int | None
    mode: SlackMode
    speed: float
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
        stopped = on_signals()
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="syncbot-demo-")))
            processes: list[Process] = []
            for stage in self._stages(folder, ports):
                new = [
                    await stack.enter_async_context(started(command, folder, environment))
                    for command, environment in stage
                ]
                await all_ready(new, stopped)
                processes += new
            if not stopped.is_set():
                _tell(ports, self.mode)
                await until_any_ends(processes, stopped)

    def _stages(self, folder: Path, ports: _Ports) -> list[list[_Part]]:
        """Each part after those that it calls; they end in the opposite order, so that none calls in vain."""
        manifest = folder / "app.yaml"
        bot_url = f"http://127.0.0.1:{ports.bot}"
        manifest.write_text(as_yaml(bot_url if self.mode is SlackMode.HTTP else None), encoding="utf-8")
        page = ("bot.sandbox.page", "--manifest", str(manifest), "--port", str(ports.page))
        panel = ("--panel", f"Sync engine=http://127.0.0.1:{ports.company}/")
        company = ("bot.sandbox.company", "--port", str(ports.company), "--speed", f"{self.speed:g}")
        return [
            [
                (("-m", *page, *panel), _renamed(self._secrets, _PAGE)),
                (("-m", "bot", "run"), self._bot_environment(folder, ports)),
            ],
            [(("-m", *company, "--bot-url", bot_url), _renamed(self._secrets, _COMPANY))],
        ]

    def _bot_environment(self, folder: Path, ports: _Ports) -> dict[str, str]:
        settings = {
            "DATABASE_URL": self.database_url or f"sqlite:///{folder}/syncbot.db",
            "SLACK_MODE": self.mode.value,
            "SLACK_API_URL": f"http://127.0.0.1:{ports.page}/api/",
            "ALERT_CHANNEL": ALERTS,
            "ENGINE_URL": f"http://127.0.0.1:{ports.company}/requests",
            "PORT": str(ports.bot),
            "LOG_LEVEL": "WARNING",
            "SUPPORT_CONTACT": "support@partner.example",
            **GRANTS,
            **_renamed(self._secrets, _BOT),
        }
        return {PREFIX + name: value for name, value in settings.items()}


_BOT = {
    "bot_token": "SLACK_BOT_TOKEN",
    "app_token": "SLACK_APP_TOKEN",
    "signing": "SLACK_SIGNING_SECRET",
    "events": "EVENTS_SECRETS",
    "requests": "ENGINE_SECRET",
}
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


def _page_port(wanted: int | None) -> int:
    if wanted is not None:
        if not is_free(wanted):
            raise BadSettings(f"Port {wanted} is taken. Choose another with --port, or leave it out.")
        return wanted
    candidates = range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    return next((port for port in candidates if is_free(port)), None) or free_port()


def _tell(ports: _Ports, mode: SlackMode) -> None:
    typer.echo(
        f"syncbot is running ({mode.value} mode). Open  http://127.0.0.1:{ports.page}/  - Ctrl-C ends it."
    )
