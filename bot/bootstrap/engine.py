"""Puts the built-in engine together."""

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import aiohttp

from bot.config import Settings
from bot.engine.built_in import BuiltInEngine
from bot.engine.gmail import Quotas
from bot.engine.ledger import Ledger
from bot.engine.shift import Tools
from bot.engine.sites import Addresses, Sites
from bot.ports import Clock, Doorbell
from bot.store import Database, SqlAsked, SqlConnections, SqlJournal, SqlSchedule, SqlTree


@asynccontextmanager
async def built_in_engine(
    settings: Settings, database: Database, doorbell: Doorbell, clock: Clock
) -> AsyncIterator[BuiltInEngine]:
    """Its own limits are the only ones: the session has none on connections. It keeps no cookies, since it
    speaks for many users.
    """
    connector, cookies = aiohttp.TCPConnector(limit=0), aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, cookie_jar=cookies) as http:
        engine = _assembled(settings, database, doorbell, clock, http)
        try:
            yield engine
        finally:
            await engine.stop()


def _assembled(
    settings: Settings, database: Database, doorbell: Doorbell, clock: Clock, http: aiohttp.ClientSession
) -> BuiltInEngine:
    sites = Sites(http, SqlConnections(database), addresses(settings))
    journal = SqlJournal(database)
    tools = Tools(
        schedule=SqlSchedule(database),
        tree=SqlTree(database),
        journal=journal,
        ledger=Ledger(journal, clock),
        clock=clock,
        sides=sites.sides,
        index_lag=settings.index_lag,
        speed=settings.schedule_speed,
    )
    return BuiltInEngine(tools, SqlAsked(database), doorbell, _owner(), settings.mailboxes_at_once)


def addresses(settings: Settings) -> Addresses:
    return Addresses(
        graph_url=settings.graph_url,
        login_url=settings.microsoft_login_url,
        gmail_url=settings.gmail_url,
        quotas=Quotas(settings.gmail_units_per_user, settings.gmail_units_per_project),
        largest_message=settings.gmail_largest_message,
    )


def _owner() -> str:
    """Names this process among all that may ever work on this database."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{uuid4().hex[:8]}"
