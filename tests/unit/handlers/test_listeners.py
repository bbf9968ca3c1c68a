"""Every listener that Bolt knows runs through the boundary, and every route behind it has a role."""

import inspect
from collections.abc import Iterator
from dataclasses import replace

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.listener.async_listener import AsyncListener
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

import handlers
from bot.domain.access import Asker
from bot.domain.values import Role
from handlers import actions, commands, handling, home, lookups, submissions
from handlers.answers import Answers
from handlers.boundary import Boundary, Route
from handlers.gesture import Gesture, Origin
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
from tests.unit.services.fakes import ADMIN, NOBODY, OPERATOR, VIEWER

FOR_ANYBODY = {"whoami", "closed"}
"""What tells the asker of nobody else, and changes nothing."""

PEOPLE = {Role.ADMIN: ADMIN, Role.OPERATOR: OPERATOR, Role.VIEWER: VIEWER, None: NOBODY}

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
    assert isinstance(route.role, Role) or key in FOR_ANYBODY, key
    assert route.name
    assert inspect.iscoroutinefunction(route.handler)


@pytest.mark.parametrize(("key", "route"), list(routes()), ids=[key for key, _ in routes()])
@pytest.mark.parametrize("person", [*Role, None])
async def test_a_route_runs_for_whoever_has_its_role_and_for_nobody_else(
    key: str, route: Route, person: Role | None
) -> None:
    bot, ran = Bot(), []

    async def note(_answers: Answers) -> None:
        ran.append(key)

    await bot.boundary.run(
        Gesture(Asker(PEOPLE[person]), Origin.COMMAND, "T-1", response_url="https://slack.invalid/1"),
        lambda _: replace(route, handler=note),
    )
    is_allowed = route.role is None or (person is not None and person >= route.role)
    assert bool(ran) is is_allowed
    assert [line[2] for line in bot.audit.lines] == ([] if is_allowed else ["access refused"])


def test_no_two_routes_share_a_name_in_the_audit_log() -> None:
    names = [route.name for _, route in routes()]
    assert len(names) == len(set(names))
