"""Nobody waits for an acknowledgement, nobody is left without an answer, and nothing leaves a listener."""

from collections.abc import Awaitable, Callable
from traceback import format_exception

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from blocks.values import MailboxValue
from bot.domain.values import Role
from bot.errors import DeliveryFailed, NothingToRetry, StaleButton, ViewMoved
from bot.occasion import Occasion, present
from bot.ports.delivery import Orphan
from handlers.answers import Answers
from handlers.boundary import Route
from handlers.gesture import Gesture
from tests.unit.blocks.examples import ALICE
from tests.unit.handlers.fakes import Bot, Json, click, command, shortcut, view_click
from tests.unit.services.fakes import ADMIN, NOBODY, VIEWER

Doing = Callable[[Answers], Awaitable[None]]


async def go(bot: Bot, body: Json, handler: Doing, role: Role = Role.VIEWER) -> list[Json]:
    """Have a listener with this handler hear the payload; returns its acknowledgements."""
    read = Gesture.of_interaction if "type" in body else Gesture.of_command
    ack = bot.ack()
    listen = bot.boundary.listener(read, lambda _: Route(handler, role, "test"))
    await listen(ack, body)
    return ack.answers


def raising(error: BaseException) -> Doing:
    async def explode(answers: Answers) -> None:
        answers.desk.log.append("work")  # type: ignore[attr-defined] # the fake's
        raise error

    return explode


async def nothing(_answers: Answers) -> None: ...


def unexpected(logs: list[EventDict]) -> list[EventDict]:
    return [entry for entry in logs if entry["event"] == "unexpected error"]


PLACES = [
    (command("status"), "respond"),
    (click("card.refresh", "v"), "respond"),
    (click("card.refresh", "v", ephemeral=False), "respond"),
    (view_click("card.refresh", "v"), "push"),
    (shortcut({}), "open"),
]


@pytest.mark.parametrize(("body", "how"), PLACES, ids=[f"{how}-{n}" for n, (_, how) in enumerate(PLACES)])
async def test_an_exploding_handler_is_answered_with_a_reference_that_is_in_the_log(
    body: Json, how: str
) -> None:
    bot = Bot()
    with capture_logs() as logs:
        acks = await go(bot, body, raising(ZeroDivisionError("secret detail")))
    assert acks == [{}]
    assert bot.desk.log == ["ack", "work", how]
    [entry] = unexpected(logs)
    assert entry["exc_info"]
    assert entry["log_level"] == "error"
    assert entry["reference"] in bot.desk.text
    assert "secret detail" not in bot.desk.text


@pytest.mark.parametrize(
    "error", [RecursionError(), KeyError("x"), TimeoutError(), UnicodeDecodeError("u", b"", 0, 1, "")]
)
async def test_no_exception_leaves_a_listener(error: Exception) -> None:
    bot = Bot()
    with capture_logs() as logs:
        await go(bot, command("status"), raising(error))
    assert len(unexpected(logs)) == 1
    assert bot.desk.how == ["respond"]


@pytest.mark.parametrize("body", [body for body, _ in PLACES])
async def test_an_expected_error_is_answered_with_its_sentence(body: Json) -> None:
    bot = Bot()
    with capture_logs() as logs:
        await go(bot, body, raising(NothingToRetry("Nothing is failing here.")))
    assert "Nothing is failing here." in bot.desk.text
    assert unexpected(logs) == []
    assert [entry.get("code") for entry in logs] == ["nothing_to_retry"]


@pytest.mark.parametrize("failure", [ZeroDivisionError(), NothingToRetry("Nothing.")])
async def test_an_exploding_answer_does_not_leave_the_listener_either(failure: Exception) -> None:
    bot = Bot()
    bot.desk.trouble = OSError("the network is down")
    with capture_logs() as logs:
        acks = await go(bot, command("status"), raising(failure))
    assert acks == [{}]
    assert isinstance(unexpected(logs)[-1]["exc_info"], bool)


async def test_an_answer_that_slack_does_not_take_is_logged_with_slacks_reason() -> None:
    bot = Bot()
    bot.desk.trouble = DeliveryFailed("expired_url", retry_after=None)
    with capture_logs() as logs:
        await go(bot, command("status"), raising(NothingToRetry("Nothing.")))
    assert [entry["reason"] for entry in logs if entry["event"] == "answer undelivered"] == ["expired_url"]


async def test_a_view_that_moved_on_meanwhile_needs_no_answer() -> None:
    bot = Bot()
    with capture_logs() as logs:
        await go(bot, view_click("card.refresh", "v"), raising(ViewMoved()))
    assert bot.desk.said == []
    assert unexpected(logs) == []


@pytest.mark.parametrize("body", [{}, {"type": "block_actions"}, {"type": "view_submission", "user": None}])
async def test_what_cannot_be_read_is_acknowledged_once_and_logged(body: Json) -> None:
    bot = Bot()
    with capture_logs() as logs:
        acks = await go(bot, body, nothing)
    assert acks == [{}]
    assert len(unexpected(logs)) == 1
    assert bot.desk.said == []


@pytest.mark.parametrize("read", [Gesture.of_interaction, Gesture.of_command])
def test_what_cannot_be_read_is_not_repeated_in_the_traceback(read: Callable[[Json], Gesture]) -> None:
    """It may be somebody's message, and the traceback goes into the log."""
    body = shortcut({"ts": ["Secret text"]}) | {"text": ["Secret text"]}
    with pytest.raises(StaleButton) as raised:
        read(body)
    assert "Secret text" not in "".join(format_exception(raised.value))


@pytest.mark.parametrize(("body", "how"), PLACES, ids=[f"{how}-{n}" for n, (_, how) in enumerate(PLACES)])
async def test_who_may_not_is_acknowledged_refused_with_a_sentence_and_audited(body: Json, how: str) -> None:
    bot = Bot()
    await go(bot, body, raising(AssertionError("ran without permission")), Role.OPERATOR)
    assert bot.desk.log == ["ack", how]
    assert "SYNCBOT_OPERATORS" in bot.desk.text
    assert VIEWER in bot.desk.text
    assert [event for _, _, event, _ in bot.audit.lines] == ["access refused"]


async def test_strangers_and_outsiders_are_refused_whatever_they_press() -> None:
    for body in (command("status", NOBODY), click("card.refresh", "v", ADMIN, team="T2")):
        bot = Bot()
        await go(bot, body, raising(AssertionError("ran without permission")))
        assert bot.desk.log == ["ack", "respond"]
        assert len(bot.audit.lines) == 1


async def test_a_directory_that_explodes_refuses() -> None:
    class Exploding:
        async def groups_of(self, *_: object) -> frozenset[str]:
            raise OSError("down")

    bot = Bot()
    bot.directory = Exploding()  # type: ignore[assignment]
    with capture_logs() as logs:
        await go(bot, command("status", ADMIN), raising(AssertionError("ran without permission")))
    assert len(unexpected(logs)) == 1
    assert "work" not in bot.desk.log


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (command("status"), Occasion("test", "C0GENERAL")),
        (click("card.refresh", "v", message_ts="17.5"), Occasion("test", "C0GENERAL", "17.5")),
        (shortcut({"ts": "18.5"}) | {"channel": {"id": "C0ALERTS"}}, Occasion("test", "C0ALERTS", "18.5")),
        (view_click("card.refresh", "v"), Occasion("test")),
    ],
)
async def test_what_is_done_in_a_gesture_is_done_on_its_occasion_and_nothing_after_it(
    body: Json, told: Occasion
) -> None:
    seen: list[Occasion | None] = []

    async def look(_answers: Answers) -> None:
        seen.append(present())

    await go(Bot(), body, look)
    assert [*seen, present()] == [told, None]


async def test_a_refusal_is_written_on_the_occasion_of_what_was_refused() -> None:
    bot = Bot()
    await go(bot, command("status", NOBODY), nothing)
    assert bot.audit.occasions == [Occasion("test", "C0GENERAL")]


ON_ALERT = MailboxValue(mailbox=ALICE.id, alert=9).encode()


def on_alert(user: str = VIEWER, *, ephemeral: bool = False, value: str = ON_ALERT) -> Json:
    return click("status.view", value, user, ephemeral=ephemeral) | {"message": {"ts": "17.5"}}


@pytest.mark.parametrize("user", [VIEWER, NOBODY])
async def test_each_click_on_an_alert_tells_where_a_message_of_it_stands(user: str) -> None:
    """Whether the click itself is allowed or not."""
    bot = Bot()
    await go(bot, on_alert(user), nothing)
    assert bot.clicked.clicks == [(9, "C0GENERAL", "17.5")]


async def test_an_alert_whose_click_explodes_is_repaired_all_the_same() -> None:
    bot = Bot()
    await go(bot, on_alert(), raising(RuntimeError("boom")))
    assert bot.clicked.clicks == [(9, "C0GENERAL", "17.5")]


@pytest.mark.parametrize(
    "body",
    [
        on_alert(ephemeral=True),
        on_alert(value=MailboxValue(mailbox=ALICE.id).encode()),
        on_alert(value="nothing of ours"),
        on_alert(value="[" * 50_000),
        on_alert(value='{"alert":-1}'),
        click("status.view", ON_ALERT, ephemeral=False),
        view_click("status.view", ON_ALERT),
    ],
    ids=["own message", "no alert", "no value", "hostile", "no id", "no message", "modal"],
)
async def test_a_click_on_anything_else_repairs_nothing(body: Json) -> None:
    bot = Bot()
    await go(bot, body, nothing)
    assert bot.clicked.clicks == []


async def test_an_orphan_that_was_clicked_points_to_the_living_message() -> None:
    bot = Bot()
    bot.clicked.orphan = Orphan("C0GENERAL", "17.5", "18.5")
    await go(bot, on_alert(), nothing)
    assert bot.letters.pointed == [bot.clicked.orphan]


async def test_trouble_with_the_repair_costs_nobody_an_answer() -> None:
    bot = Bot()
    bot.clicked.orphan = Orphan("C0GENERAL", "17.5", "18.5")
    bot.letters.trouble = {"C0GENERAL": LookupError("what nobody thought of")}
    with capture_logs() as logs:
        assert await go(bot, on_alert(), nothing) == [{}]
    assert len(unexpected(logs)) == 1
    bot.letters.trouble = {"C0GENERAL": DeliveryFailed("ratelimited", retry_after=30)}
    with capture_logs() as logs:
        await go(bot, on_alert(), nothing)
    assert unexpected(logs) == []
