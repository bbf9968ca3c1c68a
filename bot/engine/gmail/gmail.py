"""The Gmail mailboxes that one connection gives access to."""

from time import monotonic

import aiohttp

from bot.domain.connections import GoogleWorkspace
from bot.engine.gmail.adding import Adding, Uploads
from bot.engine.gmail.calls import Calls
from bot.engine.gmail.mailbox import Mailbox
from bot.engine.gmail.pacing import Pace, Quotas, Turns
from bot.engine.gmail.secure import is_secure
from bot.engine.gmail.tokens import Tokens
from bot.engine.sides import Destination
from bot.errors import BadSettings


class Gmail:
    """`url` is that of the API, such as https://gmail.googleapis.com ; `largest_message` is in bytes.

    The project's quota is shared by all of them, but not with other processes.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        connection: GoogleWorkspace,
        *,
        url: str,
        quotas: Quotas,
        largest_message: int,
    ) -> None:
        if not is_secure(url):
            raise BadSettings(f"{url} is no address for Gmail's API: https is required.")
        self._http = http
        self._tokens = Tokens(connection)
        self._url = url.rstrip("/")
        self._uploads = Uploads(self._url)
        self._quotas = quotas
        self._project = Turns(quotas.units_per_project, monotonic)
        self._largest = largest_message
        self._mailboxes: dict[str, Mailbox] = {}

    def mailbox(self, address: str) -> Destination:
        """The same one each time, since its limits are the user's."""
        key = address.lower()
        if key not in self._mailboxes:
            self._mailboxes[key] = self._opened(key)
        return self._mailboxes[key]

    async def token(self, address: str) -> str:
        """Raises Fault where Google gives none."""
        return await self._tokens.token(address.lower())

    def _opened(self, address: str) -> Mailbox:
        pace = Pace(self._quotas.units_per_user, self._project, monotonic)
        calls = Calls(self._http, self._tokens, address, pace)
        return Mailbox(calls, Adding(calls, self._uploads, self._largest), self._url)
