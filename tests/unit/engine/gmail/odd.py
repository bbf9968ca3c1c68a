"""A server of uploads that does what the stand-in never does, and forgets what it gets."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True)
class Told:
    """A chunk that came: `end` is the byte after its last one, None in a question for the state."""

    content_range: str
    size: int
    token: str | None

    @property
    def end(self) -> int | None:
        stretch = self.content_range.removeprefix("bytes ").partition("/")[0]
        return None if stretch == "*" else int(stretch.partition("-")[2]) + 1

    @property
    def is_all(self) -> bool:
        return self.content_range.partition("/")[2] == str(self.end)


Answer = Callable[[Told], web.Response]


@dataclass
class Odd:
    answer: Answer
    location: str | None = "/session"
    told: list[Told] = field(default_factory=list)
    url: str = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Odd"]:
        runner = web.ServerRunner(web.Server(self._handle, access_log=None), shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield self
        await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        size = 0
        async for piece in request.content.iter_any():
            size += len(piece)
        if request.method == "POST":
            return web.Response(headers={"Location": self.location} if self.location else {})
        headers = request.headers
        self.told.append(Told(headers["Content-Range"], size, headers.get("Authorization")))
        return self.answer(self.told[-1])


def has(size: int) -> web.Response:
    """Incomplete, with so many bytes."""
    return web.Response(status=308, headers={"Range": f"bytes=0-{size - 1}"} if size else {})


def took_all(told: Told) -> web.Response:
    return web.json_response({"id": "done"}) if told.is_all else has(told.end or 0)
