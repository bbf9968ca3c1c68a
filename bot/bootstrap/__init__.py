"""The composition root: the one place that knows which adapter fills which port."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version

import aiohttp
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import text

from bot.bootstrap.alerting import Alerting
from bot.bootstrap.engine import built_in_engine
from bot.bootstrap.homes import HomeParts
from bot.bootstrap.meters import Meters
from bot.clock import SystemClock
from bot.config import PREFIX, Settings, SlackMode
from bot.domain.access import Grants
from bot.engine.built_in import BuiltInEngine
from bot.errors import BadSettings
from bot.ports import Clock, Engine
from bot.queue.embedded import EmbeddedQueue, EventDoorbell, Sweep
from bot.remote.requests import RemoteEngine
from bot.services.access import Access
from bot.services.admins import GrantedAdmins
from bot.services.cards import Cards
from bot.services.exporting import Exporting
from bot.services.following import Following
from bot.services.granting import Granting
from bot.services.health import Health
from bot.services.naming import Names
from bot.services.overseeing import Overseer
from bot.services.pulse import Pulse
from bot.services.recording import Recording
from bot.services.retries import RetryDesk
from bot.services.switching import Switching
from bot.slack.app import SocketMode, build_app
from bot.slack.client import SlackClient, web_client
from bot.slack.directory import SlackDirectory
from bot.slack.endpoint import endpoint
from bot.slack.files import SlackFiles
from bot.slack.messenger import SlackMessenger
from bot.store import (
    Database,
    Pruning,
    SqlAudit,
    SqlDetails,
    SqlGrantBook,
    SqlHealth,
    SqlMailboxes,
    SqlPolicyBook,
    SqlRecorder,
    SqlRetries,
    SqlTenancy,
    SqlWatchdog,
    SqlWatches,
)
from bot.tenant.merging import fixed_grants, merged
from bot.views.health import ConnectionHealth
from bot.web.app import EventsPart, SlackHandler, build
from bot.web.health import Check
from bot.wire.signing import Signer, Verifier
from handlers.boundary import Boundary
from handlers.desk import Services

METERS_SECONDS = 15
OVERSEE_SECONDS = 30
DIGEST_SECONDS = 30
EXPIRY_SECONDS = 60
PRUNE_SECONDS = 6 * 3600


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that runs: its web application is served by whoever built it."""

    web: FastAPI
    recording: Recording


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database, migrated."""
    database = Database(settings.database_url)
    try:
        await database.migrate()
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def open_recording(settings: Settings) -> AsyncIterator[Recording]:
    """Recording alone, for a file of events: a bot that runs notices by its next tick."""
    async with open_database(settings) as database:
        yield Recording(SqlRecorder(database), EventDoorbell(), SystemClock())


@asynccontextmanager
async def open_tenancy(settings: Settings) -> AsyncIterator[SqlTenancy]:
    """What `syncbot apply` compares a tenant file with, and changes."""
    async with open_database(settings) as database:
        yield SqlTenancy(database)


@asynccontextmanager
async def open_bot(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Bot]:
    """Everything, started; stopped in the opposite order."""
    settings.require_slack()
    async with AsyncExitStack() as stack:
        clock, doorbell = clock or SystemClock(), EventDoorbell()
        database = await stack.enter_async_context(open_database(settings))
        stored = await SqlTenancy(database).stored()
        settings, fixed = merged(settings, stored), fixed_grants(settings, stored)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        engine = await stack.enter_async_context(built_in_engine(settings, database, doorbell, clock))
        parts = _Parts(settings, fixed, clock, doorbell, database, http, engine)
        if parts.socket:
            stack.push_async_callback(parts.socket.stop)
        queue = parts.queue()
        await queue.start()
        stack.push_async_callback(queue.stop)
        yield Bot(parts.web(), parts.recording)


class _Parts:
    """The parts of one bot, wired."""

    def __init__(
        self,
        settings: Settings,
        fixed: Grants,
        clock: Clock,
        doorbell: EventDoorbell,
        database: Database,
        http: aiohttp.ClientSession,
        built_in: BuiltInEngine,
    ) -> None:
        self.settings, self.fixed, self.clock, self.doorbell = settings, fixed, clock, doorbell
        self.database, self.http, self.built_in = database, http, built_in
        self.web_api = _web_api(settings)
        self.messenger = SlackMessenger(SlackClient(self.web_api, http), settings.slack_safe_blocks)
        self.access = self._access()
        self.alerting = Alerting(settings, database, self.messenger, doorbell, clock)
        self.storms = self.alerting.storms(self.access)
        self.handling = self.alerting.handling(self.access, self.directory)
        self.cards = Cards(
            SqlMailboxes(database), SqlDetails(database), self.access, clock, settings.support_contact
        )
        self.retries = self._retries()
        self.recording = Recording(SqlRecorder(database), self.doorbell, clock)
        self.pulse = Pulse(clock)
        self.health = self._health()
        self.admins = GrantedAdmins(self.access.grants, self.directory)
        self.homes = HomeParts(settings, database, self.messenger.client, self.alerting, clock).homes(
            self.access, self.health, self.admins
        )
        self.following = Following(SqlWatches(database), self.messenger, self.cards, self.homes, clock)
        self.app = self._app()
        self.socket = self._socket()
        self.registry = CollectorRegistry()
        self.meters = Meters(self.health, self.registry)

    def queue(self) -> EmbeddedQueue:
        overseer = Overseer(SqlWatchdog(self.database), self.recording, self.clock)
        chores: dict[Sweep, int] = {
            self.meters.read: METERS_SECONDS,
            overseer.sweep: OVERSEE_SECONDS,
            self.alerting.digests().sweep: DIGEST_SECONDS,
            self.alerting.expiring().sweep: EXPIRY_SECONDS,
            self._prune: PRUNE_SECONDS,
        }
        return EmbeddedQueue(self.doorbell, self._sweeps(), chores)

    def web(self) -> FastAPI:
        return build(
            checks=self._checks,
            registry=self.registry,
            events_part=self._events_part(),
            slack=self._slack_endpoint(),
            version=version("syncbot"),
        )

    def _access(self) -> Access:
        settings, audit = self.settings, SqlAudit(self.database)
        directory = self.directory = SlackDirectory(self.web_api, self.clock.now)
        book = SqlGrantBook(self.database)
        return Access(self.fixed, settings.subjects_for, directory, audit, self.clock, book)

    def _retries(self) -> RetryDesk:
        return RetryDesk(
            SqlRetries(self.database),
            self._engine(),
            self.access,
            self.doorbell,
            self.clock,
            self.settings.retry_patience,
        )

    def _engine(self) -> Engine:
        """One outside where an address is set; else the built-in one, which knows whose mail it syncs."""
        settings = self.settings
        if settings.engine_url is None:
            return self.built_in
        secret = settings.engine_secret or (settings.events_secrets or (None,))[0]
        if secret is None:
            raise BadSettings(
                f"{PREFIX}ENGINE_URL is set, but nothing to sign requests with: "
                f"set {PREFIX}ENGINE_SECRET or {PREFIX}EVENTS_SECRETS."
            )
        signer = Signer(secret.get_secret_value(), setting=f"{PREFIX}ENGINE_SECRET")
        return RemoteEngine(self.http, settings.engine_url, signer)

    def _app(self) -> AsyncApp:
        routing = self.alerting.routing(self.access, self.directory)
        services = Services(
            self.access,
            self.cards,
            self.retries,
            self.following,
            self.directory,
            self.storms,
            self.alerting.orphans(),
            self.alerting.digests(),
            self.health,
            self.handling,
            self.homes,
            routing,
            Granting(self.access, self.clock),
            self._switching(routing.muting.names),
            self._exporting(),
            self.settings.slack_safe_blocks,
        )
        return build_app(self.web_api, Boundary(self.messenger.client, services))

    def _switching(self, names: Names) -> Switching:
        return Switching(SqlPolicyBook(self.database), names, self.access, self.doorbell, self.clock)

    def _exporting(self) -> Exporting:
        details, files = SqlDetails(self.database), SlackFiles(self.messenger.client)
        return Exporting(details, files, self.access, SqlAudit(self.database), self.clock)

    def _socket(self) -> SocketMode | None:
        token = self.settings.slack_app_token
        if self.settings.slack_mode is SlackMode.HTTP or token is None:
            return None
        return SocketMode(self.app, token.get_secret_value(), self.clock)

    def _sweeps(self) -> list[Sweep]:
        watched = self.pulse.of
        sweeps: list[Sweep] = [
            watched("incidents", self.storms.sweep),
            watched("snoozes", self.handling.sweep),
            watched("alerts", self.alerting.reconciler(self.admins).sweep),
            watched("retries", self.retries.sweep),
            watched("open cards", self.following.sweep),
            watched("the engine", self.built_in.sweep),
        ]
        return [*sweeps, self.socket.sweep] if self.socket else sweeps

    def _health(self) -> Health:
        return Health(
            SqlHealth(self.database),
            self.alerting.subscriptions(),
            self.pulse,
            self.clock,
            self._connection,
            engine_is_outside=self.settings.engine_url is not None,
        )

    async def _connection(self) -> ConnectionHealth | None:
        return await self.socket.health() if self.socket else None

    def _events_part(self) -> EventsPart | None:
        """Without a secret nobody could sign, so there is no events API."""
        secrets = [secret.get_secret_value() for secret in self.settings.events_secrets]
        if not secrets:
            return None
        verifier = Verifier(secrets, setting=f"{PREFIX}EVENTS_SECRETS")
        return EventsPart(self.recording.record, verifier, self.clock.now)

    def _slack_endpoint(self) -> SlackHandler | None:
        secret = self.settings.slack_signing_secret
        if self.settings.slack_mode is SlackMode.SOCKET or secret is None:
            return None
        return endpoint(self.app, secret.get_secret_value())

    async def _checks(self) -> list[Check]:
        await self.database.read(lambda connection: connection.execute(text("SELECT 1")))
        checks = [Check("database", ok=True)]
        if self.socket:
            connected = await self.socket.is_connected()
            checks.append(Check("slack", ok=connected, detail="" if connected else "not connected"))
        return checks

    async def _prune(self) -> None:
        await Pruning(self.database).prune(self.clock.now(), timedelta(days=self.settings.history_days))


def _web_api(settings: Settings) -> AsyncWebClient:
    token = settings.slack_bot_token
    return web_client(settings.slack_api_url, token.get_secret_value() if token else "")
