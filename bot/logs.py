"""Structured logs: constant messages with fields, without addresses, tokens or what users wrote."""

import hashlib
import logging
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from bot.config import LogFormat

_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_TOKEN = re.compile(r"\b(?:xox[a-z]|xapp|whsec)[-_][\w+/=-]+")
_RESPONSE_URL = re.compile(r"https?://[^\s\"']*/(?:response|commands|actions)/[^\s\"']+")

QUIET = ("slack_sdk", "slack_bolt", "aiohttp.access", "apscheduler", "uvicorn", "uvicorn.access", "alembic")


def configure(level: str, form: LogFormat, *, addresses: bool) -> None:
    """Send everything, libraries' logs too, to standard error in one form. `addresses`: left in full."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        Redaction(addresses=addresses),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    _route_standard_logging(level, _formatter(shared, form))


class Redaction:
    """Cuts out of every text what a log must not hold: tokens, response URLs, addresses (but their hash)."""

    def __init__(self, *, addresses: bool) -> None:
        self._addresses = addresses

    def __call__(self, _logger: Any, _method: str, event: EventDict) -> EventDict:  # noqa: ANN401
        return {key: self._cut(value) for key, value in event.items()}

    def _cut(self, value: Any) -> Any:  # noqa: ANN401 - whatever was logged
        if isinstance(value, Mapping):
            return {key: self._cut(member) for key, member in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._cut(member) for member in value]
        if isinstance(value, BaseException):
            return self._cut(repr(value))
        return self._cut_text(value) if isinstance(value, str) else value

    def _cut_text(self, value: str) -> str:
        cut = _RESPONSE_URL.sub("[response_url]", _TOKEN.sub("[token]", value))
        return cut if self._addresses else _ADDRESS.sub(lambda found: hashed(found.group(0)), cut)


def hashed(address: str) -> str:
    """The same for the same address, so that lines can be matched, and of no use to who reads the log."""
    return "address:" + hashlib.sha256(address.lower().encode()).hexdigest()[:10]


def _formatter(shared: Sequence[Processor], form: LogFormat) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(form)],
    )


def _renderer(form: LogFormat) -> Processor:
    if form is LogFormat.JSON:
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def _route_standard_logging(level: str, formatter: logging.Formatter) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
