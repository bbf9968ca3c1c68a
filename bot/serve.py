"""Serving a bot until it is told to stop."""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
import uvicorn

from bot.bootstrap import open_bot
from bot.config import PREFIX, Settings
from bot.errors import BadSettings
from bot.heap import settle

BACKLOG = 128
GRACE_SECONDS = 3

_log = structlog.get_logger(__name__)


async def serve(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM. The address goes to standard output as one line of JSON.

    Raises:
        BadSettings: a setting is missing, or the port is taken.
    """
    listening = listen(settings.host, settings.port)
    with listening:
        async with open_bot(settings) as bot:
            host, port = listening.getsockname()[:2]
            config = uvicorn.Config(
                bot.web,
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=GRACE_SECONDS,
                server_header=False,
            )
            server = _Server(config)
            _stop_on_signals(server)
            settle()
            sys.stdout.write(json.dumps({"url": f"http://{host}:{port}"}) + "\n")
            sys.stdout.flush()
            _log.info("listening", host=host, port=port, slack=settings.slack_mode.value)
            await server.serve(sockets=[listening])


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn raises a signal again once it has stopped: the process would end before the bot has."""
        yield


def _stop_on_signals(server: uvicorn.Server) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, server.handle_exit, number, None)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises BadSettings, naming the port, where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise BadSettings(
            f"Cannot listen on {host} port {port}: {error}. "
            f"Set {PREFIX}PORT to another one; 0 takes any that is free."
        ) from error
    listening.listen(BACKLOG)
    return listening
