"""Where somebody's hand is: on a message in any conversation, or nowhere, with a name half typed."""

from collections.abc import AsyncIterator

import pytest

from bot.config import SlackMode
from bot.sandbox.slack.model import Message, View, ViewRef
from bot.sandbox.slack.roster import GENERAL, IT_OPS, NILS, VERA
from tests.acceptance.engine import POLICY, completed, failed_item, mailbox
from tests.acceptance.house import House, accepted, controls, house, words

LENA = "lena@northwind.example"
MARA = "mara.lindqvist@northwind.example"


@pytest.fixture(params=[SlackMode.HTTP, SlackMode.SOCKET])
async def home(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[House]:
    async with house(request.param, sqlite_url) as built:
        await built.engine.report(POLICY, mailbox(), completed("run-1"), mailbox("mbx-2", source=MARA))
        await built.engine.report(mailbox("mbx-3", source=VERA.email))
        yield built


async def checked(home: House, message: Message) -> None:
    call = home.slack.gestures.message_shortcut(VERA.id, message.channel, message.ts, "sync.check_status")
    accepted(await call)


async def said(home: House, text: str, channel: str = GENERAL, *, in_thread: bool = False) -> Message:
    thread = None
    if in_thread:
        thread = (await home.slack.gestures.say(VERA.id, channel, "Mail is late.")).ts
    return await home.slack.gestures.say(VERA.id, channel, text, thread)


@pytest.mark.parametrize("where", ["without the bot", "with the bot", "in a thread", "in a direct message"])
async def test_the_shortcut_finds_an_address_in_any_conversation(home: House, where: str) -> None:
    direct = home.slack.world.open_direct_message(VERA.id).id
    channel = {"with the bot": IT_OPS, "in a direct message": direct}.get(where, GENERAL)
    await checked(home, await said(home, f"Where is {LENA}?", channel, in_thread=where == "in a thread"))

    assert "Next scheduled sync" in words((await home.modal(LENA, user=VERA.id)).payload)


async def test_two_addresses_are_a_choice_and_none_is_the_authors(home: House) -> None:
    await checked(home, await said(home, f"{LENA} waits for {MARA}"))
    choice = await home.modal("Which one?", LENA, MARA, user=VERA.id)
    accepted(await home.click(choice, "mailbox.choose", user=VERA.id, nth=1))
    await home.modal(MARA, "Next scheduled sync", user=VERA.id)
    await home.slack.gestures.close_view(VERA.id, choice.id)

    await checked(home, await said(home, "No mail since noon!"))
    await home.modal(VERA.email, "Next scheduled sync", user=VERA.id)


async def test_an_alert_is_about_its_mailbox(home: House) -> None:
    await home.engine.report(failed_item(run="run-2"), completed("run-2", failed=1))
    await checked(home, await home.alert("1 sync failure"))

    modal = await home.modal(LENA, "1 sync failure detected", user=VERA.id)
    assert modal.payload["title"]["text"] == "Sync status"


async def test_a_name_half_typed_finds_its_mailbox_whose_tabs_switch_in_place(home: House) -> None:
    await home.engine.report(failed_item(run="run-2"), completed("run-2", failed=1))
    await home.alert("1 sync failure")
    accepted(await home.slack.gestures.global_shortcut(VERA.id, "mailbox.look_up"))
    asking = await home.modal("Which mailbox?", user=VERA.id)
    assert [await offered(home, asking, typed) for typed in ("le", "indq", "lean", "zzzz")] == [
        [LENA], [MARA], [LENA], [],
    ]  # fmt: skip

    (place,) = controls(asking, "lookup.mailbox")
    rows, _ = await home.slack.gestures.options(VERA.id, ViewRef(asking.id), *place, "lena")
    accepted(await home.slack.gestures.click(VERA.id, ViewRef(asking.id), *place, rows[0]["value"]))

    shown = await home.modal("Overview (shown)", LENA, "1 sync failure detected", user=VERA.id)
    for nth, told in ((2, "Errors (shown)"), (1, "History (shown)"), (0, "Overview (shown)")):
        accepted(await home.click(shown, "card.switch", user=VERA.id, nth=nth))
        shown = await home.modal(told, LENA, user=VERA.id)
        assert len(home.slack.world.views(VERA.id)) == 1
    assert controls(await home.modal(user=VERA.id), "card.refresh")


async def offered(home: House, asking: View, typed: str) -> list[str]:
    (place,) = controls(asking, "lookup.mailbox")
    rows, delivery = await home.slack.gestures.options(VERA.id, ViewRef(asking.id), *place, typed)
    accepted(delivery)
    return [row["text"]["text"].partition(" ")[0] for row in rows]


async def test_who_may_not_look_is_told_so_in_the_modal(home: House) -> None:
    accepted(await home.slack.gestures.global_shortcut(NILS.id, "mailbox.look_up"))
    await home.modal("SYNCBOT_VIEWERS", user=NILS.id)
