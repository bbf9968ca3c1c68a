"""What the handlers need of Slack, and of the use cases."""

from dataclasses import dataclass
from typing import Protocol

from blocks.surface import Message, Modal
from bot.ports.people import Directory
from bot.services.access import Access
from bot.services.cards import Cards
from bot.services.digests import DigestDesk
from bot.services.exporting import Exporting
from bot.services.following import Following
from bot.services.granting import Granting
from bot.services.handling import HandlingDesk
from bot.services.health import Health
from bot.services.home import Homes
from bot.services.orphans import Orphans
from bot.services.retries import RetryDesk
from bot.services.routing import Routing
from bot.services.storms import Storms
from bot.services.switching import Switching
from handlers.payloads import OpenView


class Desk(Protocol):
    """Slack, as far as an answer needs it. Every method raises DeliveryFailed."""

    async def respond(
        self, url: str, message: Message, *, replace: bool = False, in_channel: bool = False
    ) -> None: ...

    async def open_view(self, trigger_id: str, modal: Modal) -> OpenView: ...

    async def push_view(self, trigger_id: str, modal: Modal) -> OpenView: ...

    async def update_view(self, view: OpenView, modal: Modal) -> OpenView:
        """Redraw; with the view's `hash`, only if nobody changed it meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases that gestures call. `safe_blocks`: draw with the oldest blocks only."""

    access: Access
    cards: Cards
    retries: RetryDesk
    following: Following
    directory: Directory
    storms: Storms
    orphans: Orphans
    digests: DigestDesk
    health: Health
    handling: HandlingDesk
    homes: Homes
    routing: Routing
    granting: Granting
    switching: Switching
    exporting: Exporting
    safe_blocks: bool = False
