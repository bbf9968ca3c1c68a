"""What costs much and always comes out the same is done once per process instead of once per test."""

from functools import cache
from typing import Any

import structlog
import typer.testing
from cryptography.hazmat.primitives import serialization
from sqlalchemy import Connection, Dialect, Engine, event

_DIALECTS: dict[str, Dialect] = {}
_COMPILED: dict[Any, Any] = {}


def statements() -> None:
    """Let all engines share their compiled statements, which are known by their dialect.

    A third of the time of a test with a database goes into compiling: each database has engines of its own.
    """
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    connection.dialect = _DIALECTS.setdefault(connection.dialect.name, connection.dialect)
    connection.execution_options(compiled_cache=_COMPILED)


def private_keys() -> None:
    """Read a key once: OpenSSL proves its primes, which takes 30 ms. A bad one is refused each time."""
    vars(serialization)["load_pem_private_key"] = cache(serialization.load_pem_private_key)


def command_line() -> None:
    """Read the functions of the commands once: a test types a dozen commands, and each read takes 5 ms."""
    vars(typer.testing)["_get_command"] = cache(typer.main.get_command)


def plain_tracebacks() -> None:
    """Let structlog draw a traceback without all that its frames know, which may take ten seconds."""
    structlog.reset_defaults()
    *others, _ = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*others, plain])
