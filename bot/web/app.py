"""The web application: events, Slack's endpoint, health, metrics; composed of what is passed in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, FastAPI, Request
from prometheus_client import CollectorRegistry, Counter
from starlette.responses import Response

from bot.web import events, health, openapi, problems
from bot.web.access_log import AccessLog
from bot.web.bodies import read_body
from bot.wire.signing import Verifier

SlackHandler = Callable[[bytes, Mapping[str, str]], Awaitable[Response]]
"""Given the raw body, which Slack's signature covers, and the headers. It may raise SyncbotError."""

_DESCRIPTION = "Report what an engine did, and watch over the bot. Requests are signed as Standard Webhooks."


@dataclass(frozen=True, slots=True)
class EventsPart:
    """What the events API needs. `now` is when an event without a time happened."""

    record: events.Record
    verifier: Verifier
    now: Callable[[], datetime]


def build(
    *,
    checks: health.Checks,
    registry: CollectorRegistry,
    events_part: EventsPart | None = None,
    slack: SlackHandler | None = None,
    version: str = "0",
) -> FastAPI:
    """Without `events_part` no engine outside can report; without `slack` Slack comes by Socket Mode."""
    app = FastAPI(
        title="syncbot", version=version, description=_DESCRIPTION, docs_url=None, redoc_url=None
    )  # FastAPI's pages load scripts from elsewhere; the document is at /openapi.json
    problems.install(app)
    app.include_router(health.router(checks, registry))
    if events_part:
        app.include_router(_events(events_part, registry))
    if slack:
        app.add_api_route("/slack/events", _passing_on(slack), methods=["POST"], include_in_schema=False)
    openapi.install(app)
    app.add_middleware(AccessLog, requests=_requests(registry))
    return app


def _events(part: EventsPart, registry: CollectorRegistry) -> APIRouter:
    counter = Counter("syncbot_events", "Events reported by engines outside", ["result"], registry=registry)
    return events.router(part.record, part.verifier, part.now, counter)


def _requests(registry: CollectorRegistry) -> Counter:
    labels = ["method", "route", "status"]
    return Counter("syncbot_http_requests", "HTTP requests answered", labels, registry=registry)


def _passing_on(slack: SlackHandler) -> Callable[[Request], Awaitable[Response]]:
    async def slack_events(request: Request) -> Response:
        return await slack(await read_body(request), request.headers)

    return slack_events
