"""From a mailbox's history to what failed alone, and to the last run before it failed."""

from collections.abc import AsyncIterator

import pytest

from bot.config import SlackMode
from bot.sandbox.slack.model import Json, Message, MessageRef, View, ViewRef
from bot.sandbox.slack.roster import ADA, GENERAL, VERA
from tests.acceptance.engine import POLICY, completed, failed_item, mailbox
from tests.acceptance.house import House, accepted, controls, house, words

LENA = "lena@northwind.example"


@pytest.fixture
async def home(sqlite_url: str) -> AsyncIterator[House]:
    async with house(SlackMode.HTTP, sqlite_url) as built:
        await built.engine.report(POLICY, mailbox(), completed("run-1"), completed("run-2"))
        await built.engine.report(failed_item(run="run-3"), completed("run-3", changes=5, failed=1))
        yield built


async def narrowed(home: House, where: Message | View, label: str, user: str) -> None:
    """Choose from the select above the history."""
    block, select = filter_of(where)
    value = next(option["value"] for option in select["options"] if option["text"]["text"] == label)
    ref = ViewRef(where.id) if isinstance(where, View) else MessageRef(where.channel, where.ts)
    accepted(await home.slack.gestures.click(user, ref, block, select["action_id"], value))


def filter_of(where: Message | View) -> tuple[str, Json]:
    blocks = where.payload["blocks"] if isinstance(where, View) else where.blocks
    for block in blocks:
        for element in block.get("elements", ()):
            if element.get("action_id") == "history.filter":
                return block["block_id"], element
    raise AssertionError("there is no filter")


def newest(home: House, user: str, *said: str) -> Message | None:
    own = [m for m in home.slack.world.messages(GENERAL, user) if m.ephemeral_for == user]
    return own[-1] if own and all(text in words(own[-1]) for text in said) else None


async def test_a_history_in_a_message_is_narrowed_in_its_place(home: House) -> None:
    answer = await home.command(f"/sync history {LENA}", user=VERA.id)
    assert "3 entries in its history" in words(answer)
    assert "2 synced, 1 with failed items" in words(answer)
    await narrowed(home, answer, "With failed items", VERA.id)
    shown = await home.until(lambda: newest(home, VERA.id, "1 entry with failed items"))
    assert filter_of(shown)[1]["initial_option"]["text"]["text"] == "With failed items"
    await narrowed(home, shown, "In progress", VERA.id)
    await home.until(lambda: newest(home, VERA.id, "has no entry in progress in its history"))
    assert "that synced" in words(await home.command(f"/sync history {LENA} synced", user=VERA.id))


async def test_the_last_good_run_is_found_from_the_errors_in_one_modal(home: House) -> None:
    accepted(await home.click(await home.alert("1 sync failure"), "errors.view"))
    errors = await home.modal("Find last good run")
    # The three tabs come first.
    accepted(await home.click(errors, "card.switch", nth=len(controls(errors, "card.switch")) - 1))
    found = await home.modal("First failing run after it", "dest_rejected", "Remedy:")
    assert found.payload["title"]["text"] == "Last good run"
    assert len(home.slack.world.views(ADA.id)) == 1
    assert "Secret subject" not in words(found.payload)
    accepted(await home.click(found, "card.open"))
    await home.modal("of the audit log")
    assert len(home.slack.world.views(ADA.id)) == 2
