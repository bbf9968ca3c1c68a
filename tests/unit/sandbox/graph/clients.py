"""A clock that stands, and a client of the stand-in that says no more than a test asks it to."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from bot.sandbox.graph import GraphStandIn

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "22222222-2222-4222-8222-222222222222"
SECRET = "a-secret"
PERMISSIONS = frozenset({"Mail.Read", "User.Read.All"})
USER = "ann@contoso.example"
SCOPE = "https://graph.microsoft.com/.default"
IMMUTABLE = 'IdType="ImmutableId"'


@dataclass
class Clock:
    time: datetime = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def pass_by(self, **duration: float) -> None:
        self.time += timedelta(**duration)


@dataclass(frozen=True)
class Got:
    status: int
    json: dict[str, Any]
    body: bytes
    headers: dict[str, str]

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])

    @property
    def value(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.json["value"]
        return found


@dataclass
class Client:
    graph: GraphStandIn
    http: aiohttp.ClientSession
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def sign_in(self, **form: str) -> Got:
        asked = {
            "grant_type": "client_credentials",
            "client_id": CLIENT,
            "client_secret": SECRET,
            "scope": SCOPE,
        }
        url = f"{self.graph.login_url}/{form.pop('tenant', TENANT)}/oauth2/v2.0/token"
        given = {name: value for name, value in (asked | form).items() if value}
        async with self.http.post(url, data=given) as response:
            got = await _got(response)
        self.token = got.json.get("access_token", "")
        return got

    async def get(self, path: str, *, prefer: str | None = IMMUTABLE, **headers: str) -> Got:
        """`path` is below the user, or a whole link."""
        url = path if path.startswith("http") else f"{self.graph.url}/users/{USER}{path}"
        return await self.ask("GET", url, prefer=prefer, **headers)

    async def ask(
        self, method: str, url: str, *, prefer: str | None = None, json: object = None, **headers: str
    ) -> Got:
        sent = {"Authorization": f"Bearer {self.token}"} | ({"Prefer": prefer} if prefer else {}) | headers
        async with self.http.request(method, url, headers=sent, json=json) as response:
            return await _got(response)

    async def round(self, link: str, *, prefer: str = IMMUTABLE) -> tuple[list[dict[str, Any]], str]:
        """Every item of it in the order given, and the link of the next round."""
        items: list[dict[str, Any]] = []
        while True:
            page = await self.get(link, prefer=prefer)
            assert page.status == 200, page.body
            items += page.value
            if "@odata.deltaLink" in page.json:
                return items, page.json["@odata.deltaLink"]
            link = page.json["@odata.nextLink"]


Starter = Callable[..., AbstractAsyncContextManager[Client]]


async def _got(response: aiohttp.ClientResponse) -> Got:
    body = await response.read()
    json = await response.json() if "json" in response.content_type else {}
    return Got(response.status, json, body, dict(response.headers))
