"""Puts the doctor together: which client and which mailbox each check gets."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from blocks.words import count
from bot.bootstrap.engine import addresses
from bot.clock import SystemClock
from bot.config import Settings
from bot.doctor.cards import CardsCheckup
from bot.doctor.clocks import Clocks
from bot.doctor.configuration import Configuration
from bot.doctor.course import Check, Course, examined
from bot.doctor.database import DatabaseCheckup
from bot.doctor.discretion import Discretion, discretion
from bot.doctor.findings import Finding, Verdict, fine, skipped
from bot.doctor.google import GoogleCheckup
from bot.doctor.microsoft import MicrosoftCheckup
from bot.doctor.samples import samples
from bot.doctor.slack import SlackCheckup
from bot.domain.connections import Connection, GoogleWorkspace, Microsoft365, SecretRef
from bot.engine.gmail import Gmail
from bot.engine.graph import Graph
from bot.engine.secrets import secret
from bot.errors import BadSettings
from bot.ports import Clock
from bot.slack.client import web_client
from bot.store import Database, SqlTenancy
from bot.tenant.merging import merged
from bot.tenant.wanted import Tenant

_APPLY = "Where the built-in engine is to sync, run `syncbot apply tenant.yaml`."


async def findings(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Finding]:
    """What is found, in order, as soon as it is known. The database comes first, since it has the rest."""
    tenancy = _Tenancy(settings)
    database = await examined(tenancy.course)
    tenant = tenancy.held
    discreet = discretion((*_secrets(settings), *await asyncio.to_thread(_kept, tenant)))
    for finding in database:
        yield discreet.of(finding)
    async with _session() as http:
        rounds = _Rounds(merged(settings, tenant.settings), tenant, clock or SystemClock(), http)
        async for finding in _all(rounds.courses, discreet):
            yield finding


async def _all(courses: tuple[Course, ...], discreet: Discretion) -> AsyncIterator[Finding]:
    tasks = [asyncio.create_task(examined(course)) for course in courses]
    try:
        for task in tasks:
            for finding in await task:
                yield discreet.of(finding)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(slots=True)
class _Tenancy:
    """The database, and the tenant in it: an empty one where it cannot be read."""

    settings: Settings
    held: Tenant = field(default_factory=Tenant)

    @property
    def course(self) -> Course:
        course = DatabaseCheckup(self.settings.database_url).course
        return replace(course, checks=(*course.checks, Check("tenant file", self._read)))

    async def _read(self) -> Verdict:
        """By connections that cannot write. Raises BadSettings."""
        database = Database(self.settings.database_url)
        try:
            self.held = await SqlTenancy(database).held()
        finally:
            await database.close()
        if not self.held.connections:
            return skipped("None was applied, so there are no connections.", _APPLY)
        held = (("connection", self.held.connections), ("policy", self.held.policies))
        parts = (*held, ("mailbox", self.held.mailboxes))
        return fine(f"Applied: {', '.join(count(len(part), name) for name, part in parts)}.")


@dataclass(frozen=True, slots=True)
class _Rounds:
    """`settings` with what the tenant file gave."""

    settings: Settings
    tenant: Tenant
    clock: Clock
    http: aiohttp.ClientSession

    @property
    def courses(self) -> tuple[Course, ...]:
        settings = self.settings
        bot = web_client(settings.slack_api_url, _revealed(settings.slack_bot_token))
        cards = CardsCheckup(bot, samples(self.clock.now(), safe=settings.slack_safe_blocks))
        return (
            Configuration(settings, self.http).course,
            *Clocks(self.http, self.clock, self._services).courses,
            *SlackCheckup(bot, settings).courses,
            cards.course,
            *map(self._connection, self.tenant.connections.values()),
        )

    @property
    def _services(self) -> Mapping[str, str]:
        """Those that will be asked anything."""
        settings, kinds = self.settings, {type(each) for each in self.tenant.connections.values()}
        has_slack = settings.slack_bot_token or settings.slack_app_token
        slack = {"Slack": settings.slack_api_url} if has_slack else {}
        microsoft = {"Microsoft Entra": settings.microsoft_login_url, "Microsoft Graph": settings.graph_url}
        google = {"Gmail": settings.gmail_url}
        return (
            slack
            | (microsoft if Microsoft365 in kinds else {})
            | (google if GoogleWorkspace in kinds else {})
        )

    def _connection(self, connection: Connection) -> Course:
        settings = self.settings
        if isinstance(connection, GoogleWorkspace):
            opened = partial(_gmail, settings, self.http, connection)
            sample = self._destination(connection.name)
            return GoogleCheckup(connection, opened, self.http, settings.gmail_url, sample).course
        url, login = settings.graph_url, settings.microsoft_login_url
        graph = cache(partial(Graph, self.http, connection, url=url, login_url=login))
        sample = self._source(connection.name)
        return MicrosoftCheckup(connection, graph, self.http, url, sample, self.clock).course

    def _source(self, connection: str) -> str | None:
        policies = {key for key, policy in self.tenant.policies.items() if policy.source == connection}
        return next((each.source for each in self.tenant.mailboxes.values() if each.policy in policies), None)

    def _destination(self, connection: str) -> str | None:
        policies = {key for key, policy in self.tenant.policies.items() if policy.destination == connection}
        mailboxes = self.tenant.mailboxes.values()
        return next((each.destination for each in mailboxes if each.policy in policies), None)


def _gmail(settings: Settings, http: aiohttp.ClientSession, connection: GoogleWorkspace) -> Gmail:
    """Raises BadSettings for quotas or an address that cannot be used."""
    at = addresses(settings)
    return Gmail(http, connection, url=at.gmail_url, quotas=at.quotas, largest_message=at.largest_message)


@asynccontextmanager
async def _session() -> AsyncIterator[aiohttp.ClientSession]:
    """Without cookies, as the engine's own."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield http


def _secrets(settings: Settings) -> list[str]:
    values = [getattr(settings, name) for name in type(settings).model_fields]
    single = [value for value in values if isinstance(value, SecretStr)]
    revealed = [secret_.get_secret_value() for secret_ in (*single, *settings.events_secrets)]
    return [*revealed, *_passwords(settings)]


def _passwords(settings: Settings) -> list[str]:
    """Those that stand in an address."""
    try:
        database = make_url(settings.database_url).password
    except (ArgumentError, ValueError):
        database = None
    urls = (settings.engine_url, settings.slack_api_url, settings.graph_url, settings.gmail_url)
    return [word for word in (database, *map(_password, urls)) if word]


def _password(url: str | None) -> str | None:
    try:
        return urlsplit(url or "").password
    except ValueError:
        return None


def _kept(tenant: Tenant) -> list[str]:
    """The connections' secrets, as far as they can be read."""
    found = []
    for ref in map(_reference, tenant.connections.values()):
        try:
            found += [secret(ref)] if ref else []
        except BadSettings:
            continue  # the check of the connection says so
    return found


def _reference(connection: Connection) -> SecretRef | None:
    if isinstance(connection, GoogleWorkspace):
        return connection.key
    return connection.certificate or connection.secret


def _revealed(token: SecretStr | None) -> str:
    return token.get_secret_value() if token else ""
