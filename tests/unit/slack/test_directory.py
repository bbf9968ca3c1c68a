"""Who is in a group is asked rarely, believed for five minutes, and nobody where Slack does not say."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.slack.client import web_client
from bot.slack.directory import DOUBT, FRESH, SlackDirectory
from tests.unit.services.fakes import FakeClock
from tests.unit.slack.wire import DROPPED, TOKEN, Planned, Wire

ADA_AND_OMAR = Planned({"ok": True, "users": ["U0ADA", "U0OMAR"]})
TROUBLES = [
    Planned({"ok": False, "error": "missing_scope"}),
    Planned({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "30"}),
    Planned("", DROPPED),
    Planned("<html>", 502, content_type="text/html"),
    Planned("{not json", 200),
    Planned("gone fishing", 200, content_type="text/plain"),
]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def directory(wire: Wire, clock: FakeClock) -> SlackDirectory:
    return SlackDirectory(web_client(wire.url, TOKEN), clock.now)


async def test_a_user_is_in_the_groups_that_slack_lists_it_in(wire: Wire, directory: SlackDirectory) -> None:
    wire.will(ADA_AND_OMAR, Planned({"ok": True, "users": []}))
    assert await directory.groups_of("U0ADA", ["S0DESK", "S0OTHER"]) == {"S0DESK"}
    assert wire.methods == ["usergroups.users.list"] * 2


async def test_without_groups_slack_is_not_asked(wire: Wire, directory: SlackDirectory) -> None:
    assert await directory.groups_of("U0ADA", []) == frozenset()
    assert wire.calls == []


async def test_members_are_believed_for_five_minutes_and_then_asked_again(
    wire: Wire, directory: SlackDirectory, clock: FakeClock
) -> None:
    wire.will(ADA_AND_OMAR, Planned({"ok": True, "users": ["U0OMAR"]}))
    for _ in range(20):
        assert await directory.groups_of("U0ADA", ["S0DESK"])
    assert len(wire.calls) == 1
    clock.at += FRESH
    assert not await directory.groups_of("U0ADA", ["S0DESK"])
    assert await directory.groups_of("U0OMAR", ["S0DESK"])
    assert len(wire.calls) == 2


# aiohttp itself repeats a GET whose connection was dropped, so that each trouble is met twice.
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_group_is_empty_while_slack_does_not_say_even_if_it_was_known_before(
    wire: Wire, directory: SlackDirectory, clock: FakeClock, trouble: Planned
) -> None:
    wire.will(ADA_AND_OMAR, trouble, trouble)
    assert await directory.groups_of("U0ADA", ["S0DESK"])
    clock.at += FRESH
    with capture_logs() as logs:
        assert not await directory.groups_of("U0ADA", ["S0DESK"])
    assert [entry["group"] for entry in logs] == ["S0DESK"]
    wire.plan.clear()
    wire.will(ADA_AND_OMAR)
    assert not await directory.groups_of("U0ADA", ["S0DESK"])
    clock.at += DOUBT
    assert await directory.groups_of("U0ADA", ["S0DESK"])


@pytest.mark.parametrize("answer", [ADA_AND_OMAR, Planned({"ok": False, "error": "missing_scope"})])
async def test_slack_is_asked_once_however_many_want_to_know(
    wire: Wire, directory: SlackDirectory, answer: Planned
) -> None:
    """It allows twenty such calls a minute: more than that, and nobody of the group could do anything."""
    wire.will(*[answer] * 20)
    await asyncio.gather(*(directory.groups_of("U0ADA", ["S0DESK"]) for _ in range(20)))
    assert len(wire.calls) == 1


@pytest.mark.parametrize(
    ("user", "email"),
    [
        ({"profile": {"email": "Ada@Org.com"}}, "ada@org.com"),
        ({"profile": {"email": ""}}, None),
        ({"profile": {"email": "nonsense"}}, None),
        ({"profile": {}}, None),
        ({}, None),
        (None, None),
    ],
)
async def test_the_address_of_a_user_is_that_of_its_profile(
    wire: Wire, directory: SlackDirectory, user: object, email: str | None
) -> None:
    wire.will(Planned({"ok": True, "user": user}))
    assert await directory.email_of("U0ADA") == email


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_an_address_that_slack_does_not_tell_is_unknown(
    wire: Wire, directory: SlackDirectory, trouble: Planned
) -> None:
    wire.will(trouble, trouble)
    assert await directory.email_of("U0ADA") is None


GROUPS = Planned({"ok": True, "usergroups": [{"id": "S0ONCALL", "handle": "it-oncall"}, "odd"]})


async def test_groups_are_known_by_their_handles_for_five_minutes(
    wire: Wire, directory: SlackDirectory, clock: FakeClock
) -> None:
    wire.will(GROUPS, GROUPS)
    for _ in range(2):
        assert await directory.handles() == {"it-oncall": "S0ONCALL"}
    clock.at += FRESH
    assert await directory.handles() == {"it-oncall": "S0ONCALL"}
    assert wire.methods == ["usergroups.list"] * 2


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_handles_that_slack_does_not_tell_are_asked_for_again_soon(
    wire: Wire, directory: SlackDirectory, clock: FakeClock, trouble: Planned
) -> None:
    wire.will(trouble, trouble)
    assert await directory.handles() is None
    wire.plan.clear()
    wire.will(GROUPS)
    clock.at += DOUBT
    assert await directory.handles() == {"it-oncall": "S0ONCALL"}
