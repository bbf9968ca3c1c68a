"""Every listener that Bolt knows runs through the boundary, and every route behind it has a role."""

import inspect
from collections.abc import Iterator

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.listener.async_listener import AsyncListener
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

import handlers
from bot.domain.values import Role
from handlers import actions, commands, handling, home, lookups, submissions
from handlers.boundary import Boundary, Route
from tests.unit.handlers.fakes import (
    Bot,
    Json,
    click,
    closed,
    command,
    home_click,
    home_opened,
    shortcut,
    submission,
    suggestion,
    view_click,
)

PAYLOADS = {
    "command": command("status"),
    "click": click("card.refresh", "v"),
    "click on a channel message": click("failure.retry", "v", ephemeral=False),
    "click on an unknown control": click("something else\nentirely", "v"),
    "click in a modal": view_click("page.next", "v"),
    "message shortcut": shortcut({"text": "x"}),
    "global shortcut": shortcut({}) | {"type": "shortcut"},
    "unknown shortcut": shortcut({}, callback_id="gone"),
    "submission": submission("x"),
    "unknown submission": submission("x", callback_id="gone"),
    "closed modal": closed(),
    "opened Home": home_opened(),
    "click on Home": home_click("home.refresh", "v"),
    "typing into a select": suggestion("something", "adA"),
}
MADE = ("listener.<locals>.listen", "submissions.<locals>.submit", "suggestions.<locals>.suggest")


@pytest.fixture
def listeners() -> list[AsyncListener]:
    app = AsyncApp(token="not-a-token", request_verification_enabled=False)
    handlers.register(app, Bot().boundary)
    return app._async_listeners


def routes() -> Iterator[tuple[str, Route]]:
    for table in (commands.ROUTES, actions.ROUTES, handling.DEEDS, lookups.SHORTCUTS):
        for key, route in table.items():
            yield str(key), route
    for key, form in submissions.FORMS.items():
        yield str(key), form.route
    yield "closed", lookups.CLOSED
    yield "home", home.OPENED


def test_every_listener_is_the_boundarys(listeners: list[AsyncListener]) -> None:
    made_here = {f"{Boundary.__qualname__}.{made}" for made in MADE}
    assert len(listeners) == 7
    for listener in listeners:
        assert listener.ack_function.__qualname__ in made_here
        assert list(listener.lazy_functions) == []


@pytest.mark.parametrize("body", list(PAYLOADS.values()), ids=list(PAYLOADS))
async def test_exactly_one_listener_takes_each_kind_of_payload(
    listeners: list[AsyncListener], body: Json
) -> None:
    request = AsyncBoltRequest(body=body, mode="socket_mode")
    taken = [
        listener
        for listener in listeners
        if await listener.async_matches(req=request, resp=BoltResponse(status=200))
    ]
    assert len(taken) == 1


@pytest.mark.parametrize(("key", "route"), list(routes()), ids=[key for key, _ in routes()])
def test_every_route_has_a_role_a_name_and_a_handler(key: str, route: Route) -> None:
    assert isinstance(route.role, Role), key
    assert route.name
    assert inspect.iscoroutinefunction(route.handler)


def test_no_two_routes_share_a_name_in_the_audit_log() -> None:
    names = [route.name for _, route in routes()]
    assert len(names) == len(set(names))
