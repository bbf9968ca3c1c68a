"""A form is answered in its place, with the acknowledgement, in time; one with faults stays as it is."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from structlog.testing import capture_logs

from bot.domain.values import Role
from bot.errors import NothingToRetry
from handlers import boundary
from handlers.answers import Answers
from handlers.boundary import Route
from handlers.gesture import Gesture
from tests.unit.handlers.fakes import Bot, Json, submission, submitted
from tests.unit.services.fakes import OPERATOR, VIEWER

FORM = submission("ada@org.com")


async def sent(
    bot: Bot, handler: Callable[[Answers], Awaitable[None]], role: Role = Role.VIEWER, **wrong: str
) -> Json:
    """The acknowledgement of a form with this handler."""
    ack = bot.ack()
    await bot.boundary.submissions(lambda _: Route(handler, role, "test"), lambda _: wrong)(ack, FORM)
    (answer,) = ack.answers
    return answer


def raising(error: BaseException) -> Callable[[Answers], Awaitable[None]]:
    async def explode(_answers: Answers) -> None:
        raise error

    return explode


async def test_what_becomes_of_a_form_comes_with_the_acknowledgement_and_in_no_call_beside_it() -> None:
    """Slack may be told of the call first, and would then put the acknowledgement over it."""
    bot = Bot()
    answer = await sent(bot, raising(NothingToRetry("Nothing is failing.")))
    assert answer["response_action"] == "update"
    assert "Nothing is failing." in str(answer["view"])
    assert bot.desk.log == ["ack"]


async def test_an_exploding_handler_is_answered_with_a_reference_that_is_in_the_log() -> None:
    with capture_logs() as logs:
        answer = await sent(Bot(), raising(ZeroDivisionError("secret detail")))
    (entry,) = (entry for entry in logs if entry["event"] == "unexpected error")
    assert entry["reference"] in str(answer["view"])
    assert "secret detail" not in str(answer["view"])


async def test_who_may_not_is_refused_in_the_form_and_audited() -> None:
    bot = Bot()
    answer = await sent(bot, raising(AssertionError("ran without permission")), Role.OPERATOR)
    assert "SYNCBOT_OPERATORS" in str(answer["view"])
    assert [event for _, _, event, _ in bot.audit.lines] == ["access refused"]


async def test_a_form_with_faults_stays_and_nothing_is_done() -> None:
    bot = Bot()
    answer = await sent(bot, raising(AssertionError("ran with faults")), lookup="Type an address.")
    assert answer == {"response_action": "errors", "errors": {"lookup": "Type an address."}}
    assert bot.desk.log == ["ack"]


async def test_what_takes_too_long_for_slack_is_loading_first_and_drawn_over_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(boundary, "ANSWER_SECONDS", 0.01)
    bot, told = Bot(), asyncio.Event()

    async def slow(answers: Answers) -> None:
        await told.wait()
        raise NothingToRetry("Nothing is failing.")

    ack = bot.ack()
    route = Route(slow, Role.VIEWER, "test")
    going = asyncio.ensure_future(bot.boundary.submissions(lambda _: route, lambda _: {})(ack, FORM))
    async with asyncio.timeout(5):
        while not ack.answers:  # noqa: ASYNC110 - the acknowledgement is a call, not an event
            await asyncio.sleep(0)
        told.set()
        await going
    assert "Loading" in str(ack.answers[0]["view"])
    assert bot.desk.how == ["update"]
    assert bot.desk.said[0].where == "V1/None"
    assert "Nothing is failing." in bot.desk.text


@pytest.mark.parametrize("body", [{}, {"type": "view_submission", "user": None}])
async def test_a_form_that_cannot_be_read_is_acknowledged_once_and_logged(body: Json) -> None:
    bot = Bot()
    with capture_logs() as logs:
        assert await submitted(bot, body) == {}
    assert [entry["event"] for entry in logs] == ["unexpected error"]
    assert bot.desk.said == []


async def test_a_form_that_cannot_be_judged_is_acknowledged_all_the_same() -> None:
    def explode(_gesture: Gesture) -> dict[str, str]:
        raise ZeroDivisionError

    bot = Bot()
    ack = bot.ack()
    route = Route(raising(AssertionError("ran unjudged")), Role.VIEWER, "test")
    with capture_logs() as logs:
        await bot.boundary.submissions(lambda _: route, explode)(ack, FORM)
    assert ack.answers == [{}]
    assert len(logs) == 1


@pytest.mark.parametrize("callback_id", ["", "gone.submit", "card.view", "sync.check_status", "x" * 300])
@pytest.mark.parametrize("user", [VIEWER, OPERATOR])
async def test_a_form_that_is_no_longer_known_says_so_where_it_stood(callback_id: str, user: str) -> None:
    answer = await submitted(Bot(), submission("x", user, callback_id))
    assert answer["response_action"] == "update"
    assert "older version" in str(answer["view"])
