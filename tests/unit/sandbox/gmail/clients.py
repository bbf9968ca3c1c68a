"""What the tests speak to the stand-in with: plain HTTP, with a token of one user."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from bot.sandbox.gmail import GmailStandIn

ANN = "ann@example.com"
BEN = "ben@example.com"
START = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
BOUNDARY = "a boundary"
IMPORT = "/upload/gmail/v1/users/me/messages/import"


@dataclass
class Clock:
    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> None:
        self.at += timedelta(**by)


def mail(number: int = 1, *, subject: str = "Hello", extra: str = "", body: str = "Text\r\n") -> bytes:
    return (
        f"From: Zoe <zoe@example.org>\r\nTo: {ANN}\r\nSubject: {subject}\r\n"
        f"Message-ID: <{number}@example.org>\r\nDate: Fri, 02 Jan 2026 03:04:05 +0100\r\n{extra}\r\n{body}"
    ).encode()


def parts(metadata: Any, message: bytes, *, line: str = "\r\n", kind: str = "message/rfc822") -> bytes:
    start = f"--{BOUNDARY}{line}Content-Type: application/json; charset=UTF-8{line}{line}"
    between = f"{line}--{BOUNDARY}{line}Content-Type: {kind}{line}{line}"
    return (
        (start + json.dumps(metadata) + between).encode() + message + f"{line}--{BOUNDARY}--{line}".encode()
    )


@dataclass(frozen=True)
class Reply:
    status: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def error(self) -> Any:
        return self.json["error"]

    @property
    def reason(self) -> str:
        """The reason that clients branch on."""
        return str(self.error["errors"][0]["reason"])


@dataclass
class Client:
    gmail: GmailStandIn
    http: aiohttp.ClientSession
    token: str

    async def send(
        self, verb: str, path: str, *, body: Any = None, data: bytes | None = None, **headers: str
    ) -> Reply:
        """`path` below `/gmail/v1/users/me/`, or absolute."""
        url = path if path.startswith("http") else self.gmail.url + _absolute(path)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Authorization": f"Bearer {self.token}"} | named
        content = data
        if body is not None:
            content, sent = json.dumps(body).encode(), {"Content-Type": "application/json"} | sent
        async with self.http.request(verb, _encoded(url), data=content, headers=sent) as answer:
            return Reply(answer.status, await answer.text(), dict(answer.headers))

    async def get(self, path: str) -> Reply:
        return await self.send("GET", path)

    async def post(self, path: str, body: Any = None) -> Reply:
        return await self.send("POST", path, body=body)

    async def add(
        self, message: bytes, labels: list[str] | None = None, *, query: str = "", path: str = IMPORT
    ) -> Reply:
        content = parts({"labelIds": labels or []}, message)
        kind = f'multipart/related; boundary="{BOUNDARY}"'
        return await self.send("POST", f"{path}?uploadType=multipart{query}", data=content, Content_Type=kind)

    async def found(self, number: int) -> list[str]:
        answer = (await self.get(f"messages?q=rfc822msgid:{number}@example.org")).json
        return [each["id"] for each in answer.get("messages", [])]


def _absolute(path: str) -> str:
    return path if path.startswith("/") else f"/gmail/v1/users/me/{path}"


def _encoded(url: str) -> Any:
    """As it is: nothing is encoded behind a test's back."""
    from yarl import URL

    return URL(url, encoded=True)
