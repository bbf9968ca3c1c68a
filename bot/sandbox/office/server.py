"""The panel over HTTP: pages, what changed since, and what a person does to mail and to troubles."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.office.cast import Person
from bot.sandbox.office.deeds import Deeds
from bot.sandbox.office.office import Office
from bot.sandbox.office.panel import Panel
from bot.sandbox.office.troubles import Trouble

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors http://127.0.0.1:* http://localhost:*"
)
LARGEST_BYTES = 64 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(office: Office) -> web.Application:
    routes = _Routes(office, Panel(office), Deeds(office.staff))
    app = web.Application(middlewares=[_guard], client_max_size=LARGEST_BYTES)
    app.on_response_prepare.append(_with_policy)
    app.add_routes(
        [
            web.get("/", routes.start),
            web.get("/people/{person}", routes.page),
            web.get("/people/{person}/changes", routes.changes),
            web.post("/people/{person}/mail", routes.send),
            web.post("/people/{person}/messages", routes.act),
            web.post("/troubles/{trouble}/end", routes.end),
            web.post("/troubles/{trouble}/begin", routes.begin),
            web.static("/static", STATIC),
        ]
    )
    return app


@dataclass(frozen=True)
class _Routes:
    office: Office
    panel: Panel
    deeds: Deeds

    async def start(self, _: web.Request) -> web.StreamResponse:
        first = next(iter(self.office.staff.people.values()))
        return web.Response(text=self.panel.page(first), content_type="text/html")

    async def page(self, request: web.Request) -> web.StreamResponse:
        return web.Response(text=self.panel.page(self._person(request)), content_type="text/html")

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """The parts of the page, or nothing where they are as the one who asks knows them."""
        person = self._person(request)
        version = self.panel.version(person)
        if request.query.get("version") == version:
            return web.Response(status=204)
        return web.json_response({"version": version, "parts": self.panel.parts(person)})

    async def send(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request)
        self.deeds.send(person, str((await request.post()).get("subject", "")))
        return _done(request)

    async def act(self, request: web.Request) -> web.StreamResponse:
        """A button's name is what to do, its value the message; "move" names the folder after it."""
        person = self._person(request)
        for deed, message in (await request.post()).items():
            self.deeds.do(person, deed, str(message))
        return _done(request)

    async def end(self, request: web.Request) -> web.StreamResponse:
        self._trouble(request).end()
        return _done(request)

    async def begin(self, request: web.Request) -> web.StreamResponse:
        self._trouble(request).begin()
        return _done(request)

    def _person(self, request: web.Request) -> Person:
        return self.office.staff.people[request.match_info["person"]]

    def _trouble(self, request: web.Request) -> Trouble:
        return self.office.troubles[request.match_info["trouble"]]


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    if not _is_ours(request):
        raise web.HTTPForbidden(text="This panel answers only to a browser on this machine.")
    try:
        return await handler(request)
    except LookupError:
        raise web.HTTPNotFound(text="There is no such person, message, folder or trouble.") from None


def _is_ours(request: web.Request) -> bool:
    """A name that resolves to 127.0.0.1 (DNS rebinding) shows in `Host`, another site in `Origin`."""
    host = urlsplit(f"//{request.host}").hostname
    return host in _LOOPBACK and request.headers.get("Origin") in {None, f"http://{request.host}"}


async def _with_policy(request: web.Request, response: web.StreamResponse) -> None:
    del request
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"


def _done(request: web.Request) -> web.StreamResponse:
    """The panel's script asks for what changed by itself; without it the page is loaded again."""
    if "text/html" not in request.headers.get("Accept", ""):
        return web.Response(status=204)
    back = urlsplit(request.headers.get("Referer", "")).path
    raise web.HTTPSeeOther(back if back.startswith("/people/") else "/")
