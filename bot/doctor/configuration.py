"""The settings as a whole: each can be read by now, but do they do together?"""

import errno
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from blocks.words import count
from bot.config import PREFIX, Settings
from bot.doctor.course import Check, Course
from bot.doctor.findings import Verdict, fine, wrong
from bot.engine.gmail import Quotas
from bot.engine.gmail.secure import is_secure
from bot.wire.signing import Signer, Verifier

_PATIENCE: Final = aiohttp.ClientTimeout(total=5)
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to find who listens everywhere
_ADDRESSES: Final = ("slack_api_url", "graph_url", "microsoft_login_url", "gmail_url", "engine_url")
_OURS: Final = "syncbot"


@dataclass(frozen=True, slots=True)
class Configuration:
    settings: Settings
    http: aiohttp.ClientSession

    @property
    def course(self) -> Course:
        checks = (
            Check("Slack", _at_once(self._slack)),
            Check("signatures", _at_once(self._signatures)),
            Check("Gmail", _at_once(self._gmail)),
            Check("addresses", _at_once(self._addresses)),
            Check("roles", _at_once(self._roles)),
            Check("port", self._port),
        )
        return Course("Settings", checks)

    def _slack(self) -> Verdict:
        self.settings.require_slack()
        return fine(f"All that Slack's {self.settings.slack_mode.value} mode needs is set.")

    def _signatures(self) -> Verdict:
        """Raises BadSettings for secrets that are none."""
        secrets = [secret.get_secret_value() for secret in self.settings.events_secrets]
        if secrets:
            Verifier(secrets, setting=f"{PREFIX}EVENTS_SECRETS")
        own = self.settings.engine_secret
        if own:
            Signer(own.get_secret_value(), setting=f"{PREFIX}ENGINE_SECRET")
        if self.settings.engine_url and not own and not secrets:
            return wrong(
                f"{PREFIX}ENGINE_URL is set, but nothing to sign requests with.",
                f"Set {PREFIX}ENGINE_SECRET or {PREFIX}EVENTS_SECRETS.",
            )
        return fine(
            f"{count(len(secrets), 'secret')} for the events API; {_engine(self.settings.engine_url)}."
        )

    def _gmail(self) -> Verdict:
        settings = self.settings
        quotas = Quotas(settings.gmail_units_per_user, settings.gmail_units_per_project)
        if not is_secure(settings.gmail_url):
            return wrong(f"{PREFIX}GMAIL_URL is not https.", "Mail must not cross a network in the clear.")
        return fine(
            f"{quotas.units_per_user:,} units a minute for a user, {quotas.units_per_project:,} for all."
        )

    def _addresses(self) -> Verdict:
        """Those that differ from the usual ones are noted: they are for national clouds and stand-ins."""
        given = {name: getattr(self.settings, name) for name in _ADDRESSES}
        unusable = [f"{PREFIX}{name.upper()}" for name, url in given.items() if url and not _is_address(url)]
        if unusable:
            return wrong(
                f"No address of a server: {', '.join(unusable)}.", "Write https://, a host, and a path."
            )
        fields = Settings.model_fields
        other = [f"{PREFIX}{name.upper()}" for name, url in given.items() if url != fields[name].default]
        return fine("All can be used.", *((f"Set by you: {', '.join(other)}.",) if other else ()))

    def _roles(self) -> Verdict:
        settings = self.settings
        given = (("admin", settings.admins), ("operator", settings.operators), ("viewer", settings.viewers))
        told = ", ".join(count(len(ids), role) for role, ids in given if ids)
        if not told:
            return wrong(
                "Nobody has a role, so nobody may use syncbot in Slack.",
                f"Set {PREFIX}ADMINS to your own user id, or `admins` in the tenant file.",
            )
        return fine(f"{told} (users and groups).")

    async def _port(self) -> Verdict:
        host, port = self.settings.host, self.settings.port
        if port == 0:
            return fine("Any free port will be taken.")
        try:
            _bind(host, port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and await self._is_served():
                return fine(f"A syncbot that runs serves {host} port {port} already.")
            return wrong(
                f"Cannot listen on {host} port {port}: {error.strerror or error}.",
                f"Stop what uses it, or set {PREFIX}PORT and {PREFIX}HOST to another one.",
            )
        return fine(f"{host} port {port} is free.")

    async def _is_served(self) -> bool:
        """By one of us: its description says so."""
        host = _EVERYWHERE.get(self.settings.host, self.settings.host)
        place = f"[{host}]" if ":" in host else host
        url = f"http://{place}:{self.settings.port}/openapi.json"
        try:
            async with self.http.get(url, timeout=_PATIENCE, allow_redirects=False) as answer:
                description = await answer.json() if answer.status == HTTPStatus.OK else None
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError):
            return False
        information = description.get("info") if isinstance(description, dict) else None
        return isinstance(information, dict) and information.get("title") == _OURS


def _at_once(check: Callable[[], Verdict]) -> Callable[[], Awaitable[Verdict]]:
    async def asked() -> Verdict:
        return check()

    return asked


def _bind(host: str, port: int) -> None:
    """As `syncbot run` binds, without listening."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0)
    except ValueError:
        return False


def _engine(url: str | None) -> str:
    return f"retries are asked of {url}" if url else "the built-in engine does retries"
