"""The parts of the stand-in that a Web API method, a response URL and a gesture share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.rates import Limiter
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.webhooks import ResponseUrls
from bot.sandbox.slack.world import World

TEXT_LIMIT = 4_000


class Tickets(Protocol):
    def issue(self) -> str:
        """A WebSocket URL for one connection."""


@dataclass(frozen=True)
class Backend:
    """`text_limit` is the longest `text` in characters; `base_url` is known once the server listens."""

    world: World
    triggers: Triggers
    response_urls: ResponseUrls
    faults: Faults
    limiter: Limiter
    sockets: Tickets
    clock: Callable[[], float]
    bot_token: str
    app_token: str
    text_limit: int = TEXT_LIMIT

    @property
    def base_url(self) -> str:
        return self.response_urls.base_url
