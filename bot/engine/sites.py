"""Finds the two sides of a mailbox by its policy's connections."""

from dataclasses import dataclass, field

import aiohttp

from bot.domain.connections import Connection, GoogleWorkspace, Microsoft365
from bot.domain.mail import Work
from bot.engine.fault import Fault
from bot.engine.gmail import Gmail, Quotas
from bot.engine.graph import Graph
from bot.engine.shift import Sides
from bot.ports.journal import Connections


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the services are, and what they allow."""

    graph_url: str
    login_url: str
    gmail_url: str
    quotas: Quotas
    largest_message: int


@dataclass(slots=True)
class Sites:
    """One client a connection, so that its limits and tokens are shared by all its mailboxes."""

    http: aiohttp.ClientSession
    connections: Connections
    addresses: Addresses
    _graphs: dict[Connection, Graph] = field(default_factory=dict)
    _gmails: dict[Connection, Gmail] = field(default_factory=dict)

    async def sides(self, work: Work) -> Sides:
        """Raises Fault where a connection is missing, or is of the other kind."""
        source = await self.connections.connection(work.source_connection)
        destination = await self.connections.connection(work.destination_connection)
        if not isinstance(source, Microsoft365):
            raise Fault("source_auth", f"There is no Microsoft 365 connection {work.source_connection!r}")
        if not isinstance(destination, GoogleWorkspace):
            raise Fault(
                "dest_auth", f"There is no Google Workspace connection {work.destination_connection!r}"
            )
        return Sides(
            self.graph(source).mailbox(work.source), self.gmail(destination).mailbox(work.destination)
        )

    def graph(self, connection: Microsoft365) -> Graph:
        if connection not in self._graphs:
            url, login_url = self.addresses.graph_url, self.addresses.login_url
            self._graphs[connection] = Graph(self.http, connection, url=url, login_url=login_url)
        return self._graphs[connection]

    def gmail(self, connection: GoogleWorkspace) -> Gmail:
        if connection not in self._gmails:
            at = self.addresses
            self._gmails[connection] = Gmail(
                self.http, connection, url=at.gmail_url, quotas=at.quotas, largest_message=at.largest_message
            )
        return self._gmails[connection]
