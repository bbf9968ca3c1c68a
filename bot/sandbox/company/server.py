"""The company over HTTP: requests of the bot, and the control API with its panel."""

import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.company.company import Company, Unknown
from bot.sandbox.company.inbox import Inbox
from bot.sandbox.company.panel import page
from bot.sandbox.company.world import Condition

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_FORM = "application/x-www-form-urlencoded"


def application(company: Company) -> web.Application:
    app = web.Application(middlewares=[_guard], client_max_size=64 * 1024)
    handlers: list[tuple[str, str, Callable[[Company, web.Request], Awaitable[web.StreamResponse]]]] = [
        ("GET", "/", _panel),
        ("GET", "/conditions", _conditions),
        ("POST", "/conditions/{id}/resolve", _resolve),
        ("POST", "/conditions/{id}/restore", _restore),
        ("POST", "/failures", _fail),
        ("POST", "/mailboxes/{key}/sync", _sync),
        ("POST", "/speed", _speed),
    ]
    for method, path, handler in handlers:
        app.router.add_route(method, path, partial(handler, company))
    app.router.add_post("/requests", Inbox(company).receive)
    return app


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only loopback pages may change the world, and every error is JSON."""
    if not _is_local(request):
        return web.json_response({"error": {"message": "Only from this machine."}}, status=403)
    try:
        return await handler(request)
    except Unknown as error:
        return web.json_response({"error": {"message": str(error)}}, status=404)
    except ValueError as error:
        return web.json_response({"error": {"message": str(error)}}, status=422)


def _is_local(request: web.Request) -> bool:
    """Against web pages from elsewhere: their origin, or a name of theirs that points to this machine."""
    origin = request.headers.get("Origin")
    hosts = [urlsplit(f"//{request.host}").hostname, *([urlsplit(origin).hostname] if origin else [])]
    return all(host in _LOOPBACK for host in hosts)


async def _panel(company: Company, _: web.Request) -> web.StreamResponse:
    return web.Response(text=page(company), content_type="text/html")


async def _conditions(company: Company, _: web.Request) -> web.StreamResponse:
    found = [_described(company, each) for each in company.world.conditions.values()]
    return web.json_response({"conditions": found})


async def _resolve(company: Company, request: web.Request) -> web.StreamResponse:
    return _done(request, _described(company, company.resolve(request.match_info["id"])))


async def _restore(company: Company, request: web.Request) -> web.StreamResponse:
    return _done(request, _described(company, company.restore(request.match_info["id"])))


async def _fail(company: Company, request: web.Request) -> web.StreamResponse:
    wishes = await _fields(request)
    keys = list(company.world.mailboxes)
    mailbox = company.mailbox(str(wishes.get("mailbox") or company.chance.choice(keys)))
    item = company.fail_now(mailbox, str(wishes.get("cause") or "attachment"))
    made = {
        "mailbox": mailbox.key,
        "source": mailbox.source,
        "item": item.key,
        "condition": item.condition.id,
    }
    return _done(request, made, status=201)


async def _sync(company: Company, request: web.Request) -> web.StreamResponse:
    mailbox = company.mailbox(request.match_info["key"])
    if not company.runs.start(mailbox, "manual"):
        return web.json_response({"error": {"message": "A run of this mailbox goes on."}}, status=409)
    return _done(request, {"mailbox": mailbox.key}, status=202)


async def _speed(company: Company, request: web.Request) -> web.StreamResponse:
    company.set_speed(float((await _fields(request)).get("speed", "")))
    return _done(request, {"speed": company.pace.speed})


async def _fields(request: web.Request) -> dict[str, Any]:
    """Of a form, or of a JSON object."""
    if request.content_type == _FORM:
        return dict(await request.post())
    document = json.loads(await request.read() or b"{}")
    return document if isinstance(document, dict) else {}


def _done(request: web.Request, document: dict[str, Any], status: int = 200) -> web.StreamResponse:
    """A form's button leads back to the panel."""
    if request.content_type == _FORM:
        raise web.HTTPSeeOther("/")
    return web.json_response(document, status=status)


def _described(company: Company, condition: Condition) -> dict[str, Any]:
    return {
        "id": condition.id,
        "title": condition.title,
        "code": condition.code,
        "holds": condition.holds(company.now()),
        "heals_at": condition.heals_at.isoformat() if condition.heals_at else None,
        "fix": condition.fix,
        "undo": condition.undo,
        "mailboxes": company.world.affected(condition),
    }
