"""Errors of one mailbox in Slack: narrowed, retried as chosen, followed to the end, taken away as a file."""

from collections.abc import AsyncIterator

import pytest

from bot.config import SlackMode
from bot.sandbox.slack.model import Json, Message, View, ViewRef
from bot.sandbox.slack.roster import ADA, GENERAL, VERA
from tests.acceptance.engine import POLICY, completed, failed_item, mailbox, synced_item
from tests.acceptance.house import House, accepted, controls, house, words

LENA = "lena@northwind.example"
SUBJECT = "Salaries"


def failing(item: str, **more: str) -> tuple[str, Json]:
    return failed_item(item, run="run-2", subject=SUBJECT, **more)


@pytest.fixture
async def home(database_url: str) -> AsyncIterator[House]:
    """Eleven items fail, for two reasons."""
    async with house(SlackMode.HTTP, database_url) as built:
        large = [failing(f"large-{n}", code="dest_too_large") for n in range(9)]
        refused = [failing(f"refused-{n}", code="dest_rejected") for n in range(2)]
        await built.engine.report(POLICY, mailbox(), completed("run-1"), *large, *refused)
        yield built


async def opened(home: House, user: str = ADA.id) -> View:
    """By the way from a message to the modal in which one can choose."""
    answer = await home.command(f"/sync errors {LENA}", user=user)
    accepted(await home.click(answer, "errors.view", user=user))
    return await home.modal("11 unresolved failures", user=user)


def offered(view: View, action: str) -> dict[str, str]:
    """What a select offers, by what it is called."""
    rows = [block.get("elements", []) for block in view.payload["blocks"]]
    select = next(one for row in rows for one in row if one.get("action_id") == action)
    return {option["text"]["text"]: option["value"] for option in select["options"]}


async def choose(home: House, view: View, action: str, label: str) -> None:
    ((block, element),) = controls(view, action)
    value = offered(view, action)[label]
    accepted(await home.slack.gestures.click(ADA.id, ViewRef(view.id), block, element, value))


def direct_messages(home: House, user: str) -> list[Message]:
    channel = home.slack.world.direct_message(user)
    return home.slack.world.messages(channel.id) if channel else []


def file_of(home: House, user: str) -> list[Message] | None:
    """What was said about the file, and the message that has it."""
    found = direct_messages(home, user)
    return found if len(found) == 2 and found[1].files else None


async def test_a_cause_is_chosen_retried_alone_and_followed_to_the_end(home: House) -> None:
    view = await opened(home)
    (label,) = (each for each in offered(view, "errors.cause") if each.endswith("(2)"))
    await choose(home, view, "errors.cause", label)
    view = await home.modal("Chosen here: 2 of them")

    accepted(await home.click(view, "errors.retry"))
    await home.modal("Retry of 2 items", "pace unknown yet", "2 still waiting")
    requests = [(await home.engine.next_request())["data"] for _ in range(2)]
    by_item = {request["item"]: request["retry_id"] for request in requests}
    assert set(by_item) == {"refused-0", "refused-1"}

    await home.engine.report(synced_item("refused-0", retry_id=by_item["refused-0"]))
    await home.modal("1 of 2 items (50%)", "1 healed, 1 still waiting")
    await home.engine.report(failing("refused-1", code="dest_rejected", retry_id=by_item["refused-1"]))
    ended = ("Retry of 2 items ended", "1 healed, 1 failed again.")
    await home.modal(*ended, "10 unresolved failures. Chosen here: 1 of them")
    await home.alert("10 unresolved", "Retry of 2 items ended")


async def test_errors_are_taken_away_as_a_file_by_the_one_who_asks(home: House) -> None:
    view = await opened(home)
    accepted(await home.click(view, "errors.export"))
    await home.modal("11 failures sent to you as CSV, by direct message.")
    told, shared = await home.until(lambda: file_of(home, ADA.id))
    assert f"11 unresolved failures of {LENA} as CSV." in words(told)
    (file,) = shared.files
    assert file.content
    assert file.content.decode("utf-8-sig").count(SUBJECT) == 11
    assert not [m for m in home.slack.world.messages(GENERAL) if m.files or "CSV" in m.text]


async def test_a_viewer_s_file_holds_no_subjects(home: House) -> None:
    view = await opened(home, VERA.id)
    accepted(await home.click(view, "errors.export", user=VERA.id))
    _, shared = await home.until(lambda: file_of(home, VERA.id))
    content = shared.files[0].content
    assert content
    assert SUBJECT not in content.decode()


async def test_without_the_scope_the_answer_says_so_and_how_else(home: House) -> None:
    home.slack.faults.fail("files.getUploadURLExternal", "missing_scope")
    view = await opened(home)
    accepted(await home.click(view, "errors.export"))
    await home.modal("files:write", f"syncbot errors {LENA} --csv")
    assert direct_messages(home, ADA.id) == []
