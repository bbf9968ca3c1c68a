"""Refuses requests that a foreign web site could cause: the page lets its reader act as anybody."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# A stylesheet or picture may come with a payload; a script may not.
POLICY = (
    "default-src 'self'; img-src 'self' data: http: https:; style-src 'self' 'unsafe-inline'; "
    "frame-src http: https:; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
)


def _is_ours(request: web.Request) -> bool:
    """A name that resolves to 127.0.0.1 (DNS rebinding) shows in `Host`, another site in `Origin`."""
    host = urlsplit(f"//{request.host}").hostname
    origin = request.headers.get("Origin")
    return host in LOOPBACK and origin in {None, f"http://{request.host}"}


@web.middleware
async def guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    if request.path != "/" and not request.path.startswith("/page/"):
        return await handler(request)
    if not _is_ours(request):
        raise web.HTTPForbidden(text="This page answers only to a browser on this machine.")
    return await handler(request)


async def with_policy(request: web.Request, response: web.StreamResponse) -> None:
    if request.path.startswith("/page/"):
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
