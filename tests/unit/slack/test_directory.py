"""What Slack says of people and groups is asked rarely; while it does not say, nobody is in a group."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.domain.standing import Membership, Person
from bot.slack.client import web_client
from bot.slack.directory import DOUBT, FRESH, STALE, SlackDirectory
from tests.unit.services.fakes import FakeClock
from tests.unit.slack.wire import DROPPED, TOKEN, Planned, Wire


def groups(**members: list[str]) -> Planned:
    listed = [
        {"id": group, "handle": group.removeprefix("S0").lower(), "users": users}
        for group, users in members.items()
    ]
    return Planned({"ok": True, "usergroups": listed})


GROUPS = groups(S0DESK=["U0ADA", "U0OMAR"], S0OTHER=[])
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
    wire.will(GROUPS)
    assert await directory.groups_of("U0ADA", ["S0DESK", "S0OTHER"]) == {"S0DESK"}
    assert await directory.members_of("S0DESK") == {"U0ADA", "U0OMAR"}
    assert await directory.members_of("S0NONE") == frozenset()
    assert wire.methods == ["usergroups.list"]


async def test_the_handles_of_groups_come_with_their_members(wire: Wire, directory: SlackDirectory) -> None:
    wire.will(GROUPS)
    assert await directory.handles() == {"desk": "S0DESK", "other": "S0OTHER"}
    assert await directory.groups_of("U0OMAR", ["S0DESK"])
    assert len(wire.calls) == 1


async def test_without_groups_slack_is_not_asked(wire: Wire, directory: SlackDirectory) -> None:
    assert await directory.groups_of("U0ADA", []) == frozenset()
    assert wire.calls == []


async def test_members_are_believed_for_five_minutes_and_then_asked_again(
    wire: Wire, directory: SlackDirectory, clock: FakeClock
) -> None:
    wire.will(GROUPS, groups(S0DESK=["U0OMAR"]))
    for _ in range(20):
        assert await directory.groups_of("U0ADA", ["S0DESK"])
    assert len(wire.calls) == 1
    clock.at += FRESH
    assert not await directory.groups_of("U0ADA", ["S0DESK"])
    assert await directory.groups_of("U0OMAR", ["S0DESK"])
    assert len(wire.calls) == 2


# aiohttp itself repeats a GET whose connection was dropped, so that each trouble is met twice.
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_groups_are_empty_while_slack_does_not_say_even_if_they_were_known_before(
    wire: Wire, directory: SlackDirectory, clock: FakeClock, trouble: Planned
) -> None:
    wire.will(GROUPS, trouble, trouble)
    assert await directory.groups_of("U0ADA", ["S0DESK"])
    clock.at += FRESH
    with capture_logs() as logs:
        assert not await directory.groups_of("U0ADA", ["S0DESK"])
    assert [entry["event"] for entry in logs] == ["members of user groups unknown"]
    assert await directory.handles() is None
    wire.plan.clear()
    wire.will(GROUPS)
    assert not await directory.groups_of("U0ADA", ["S0DESK"])
    clock.at += DOUBT
    assert await directory.groups_of("U0ADA", ["S0DESK"])


@pytest.mark.parametrize("answer", [GROUPS, Planned({"ok": False, "error": "missing_scope"})])
async def test_slack_is_asked_once_however_many_want_to_know(
    wire: Wire, directory: SlackDirectory, answer: Planned
) -> None:
    """It allows twenty such calls a minute: more than that, and nobody of a group could do anything."""
    wire.will(*[answer] * 20)
    await asyncio.gather(*(directory.groups_of("U0ADA", ["S0DESK"]) for _ in range(20)))
    assert len(wire.calls) == 1


HOME = Planned({"ok": True, "team_id": "T1"})


def told(**user: object) -> Planned:
    return Planned({"ok": True, "user": {"id": "U0ADA", "team_id": "T1", "tz": "Europe/Zurich", **user}})


@pytest.mark.parametrize(
    ("user", "membership"),
    [
        ({}, Membership.MEMBER),
        ({"is_restricted": True}, Membership.GUEST),
        ({"is_restricted": True, "is_ultra_restricted": True}, Membership.GUEST),
        ({"is_ultra_restricted": True}, Membership.GUEST),
        ({"team_id": "T2"}, Membership.OUTSIDER),
        ({"team_id": "T2", "is_restricted": True}, Membership.OUTSIDER),
        ({"is_stranger": True}, Membership.OUTSIDER),
        ({"is_stranger": False}, Membership.MEMBER),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T1", "T2"]}}, Membership.MEMBER),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T2"]}}, Membership.OUTSIDER),
    ],
)
async def test_a_person_is_a_member_a_guest_or_an_outsider_by_what_slack_says(
    wire: Wire, directory: SlackDirectory, user: dict[str, object], membership: Membership
) -> None:
    wire.will(told(**user), HOME)
    assert await directory.person("U0ADA") == Person(membership, "Europe/Zurich")


@pytest.mark.parametrize(
    ("error", "membership"),
    [
        ("missing_scope", Membership.UNTOLD),
        ("user_not_visible", Membership.OUTSIDER),
        ("user_not_found", Membership.UNKNOWN),
        ("ratelimited", Membership.UNKNOWN),
    ],
)
async def test_of_whom_slack_tells_nothing_its_reason_decides(
    wire: Wire, directory: SlackDirectory, error: str, membership: Membership
) -> None:
    wire.will(Planned({"ok": False, "error": error}))
    assert await directory.person("U0ADA") == Person(membership)


async def test_what_slack_says_of_a_person_is_believed_for_five_minutes_and_asked_once(
    wire: Wire, directory: SlackDirectory, clock: FakeClock
) -> None:
    wire.will(told(), HOME, told(is_restricted=True))
    await asyncio.gather(*(directory.person("U0ADA") for _ in range(20)))
    assert wire.methods == ["users.info", "auth.test"]
    clock.at += FRESH
    assert (await directory.person("U0ADA")).membership is Membership.GUEST
    assert wire.methods == ["users.info", "auth.test", "users.info"]


@pytest.mark.parametrize("before", [{}, {"is_restricted": True}])
@pytest.mark.parametrize("trouble", TROUBLES[1:])
async def test_while_slack_does_not_answer_what_was_known_of_a_person_holds_for_a_day(
    wire: Wire, directory: SlackDirectory, clock: FakeClock, trouble: Planned, before: dict[str, object]
) -> None:
    wire.will(told(**before), HOME, *[trouble] * 4)
    known = await directory.person("U0ADA")
    clock.at += FRESH
    assert await directory.person("U0ADA") == known
    clock.at += STALE
    assert await directory.person("U0ADA") == Person(Membership.UNKNOWN)
    wire.plan.clear()
    wire.will(told(), HOME)
    clock.at += DOUBT
    assert (await directory.person("U0ADA")).membership is Membership.MEMBER


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


HANDLED = Planned({"ok": True, "usergroups": [{"id": "S0ONCALL", "handle": "it-oncall"}, "odd"]})


async def test_groups_are_known_by_their_handles_for_five_minutes(
    wire: Wire, directory: SlackDirectory, clock: FakeClock
) -> None:
    wire.will(HANDLED, HANDLED)
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
    wire.will(HANDLED)
    clock.at += DOUBT
    assert await directory.handles() == {"it-oncall": "S0ONCALL"}
