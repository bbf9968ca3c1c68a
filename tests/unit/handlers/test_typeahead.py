"""The global shortcut finds a mailbox while somebody types, and its tabs switch between its cards."""

from dataclasses import replace

import pytest

from blocks import lookup
from blocks.surface import Modal
from blocks.values import CardValue
from bot.views import CardKind, CardRef
from handlers import actions, lookups, suggestions
from handlers.gesture import Gesture
from tests.unit.blocks.examples import ALICE
from tests.unit.handlers.fakes import Bot, Json, global_shortcut, suggestion, view_click
from tests.unit.services.fakes import NOBODY, OPERATOR, FakeMailboxes

EMAIL = ALICE.source


async def used(bot: Bot, body: Json) -> str:
    listen = bot.boundary.listener(Gesture.of_interaction, lookups.shortcut_route)
    await listen(bot.ack(), body)
    return bot.desk.text


async def test_the_global_shortcut_opens_a_select_that_asks_for_its_options() -> None:
    bot = Bot()
    answer = await used(bot, global_shortcut("mailbox.look_up"))
    assert "external_select" in answer
    assert "'min_query_length': 2" in answer
    assert bot.desk.how == ["open", "update"]


async def test_who_may_not_look_is_refused_instead() -> None:
    assert "SYNCBOT_VIEWERS" in await used(Bot(), global_shortcut("mailbox.look_up", NOBODY))


async def offered(bot: Bot, typed: str, user: str = OPERATOR) -> list[Json]:
    ack = bot.ack()
    listen = bot.boundary.suggestions(Gesture.of_suggestion, suggestions.offer)
    await listen(ack, suggestion("lookup.mailbox", typed, user))
    (answer,) = ack.answers
    options: list[Json] = answer["options"]
    return options


async def test_what_is_typed_offers_mailboxes_by_their_addresses() -> None:
    bot = Bot(mailboxes=FakeMailboxes(near=(ALICE,)))
    (option,) = await offered(bot, "ali")
    assert option["text"]["text"] == EMAIL
    assert len(option["value"]) <= 150


async def test_nobody_else_is_offered_anything() -> None:
    assert await offered(Bot(mailboxes=FakeMailboxes(near=(ALICE,))), "ali", NOBODY) == []


async def test_no_more_are_offered_than_slack_takes_and_long_addresses_are_cut() -> None:
    many = tuple(replace(ALICE, source="a" * 300 + f"{n}@org.com") for n in range(300))
    shown = lookup.options(many)
    assert len(shown) == 100
    assert all(len(option["text"]["text"]) <= 75 for option in shown)


def test_a_renamed_mailbox_is_offered_with_both_its_addresses() -> None:
    renamed = replace(ALICE, source="al@old.com", destination="alice@new.com")
    assert [option["text"]["text"] for option in lookup.options([renamed])] == ["al@old.com → alice@new.com"]


async def clicked(bot: Bot, body: Json) -> str:
    await bot.boundary.listener(Gesture.of_interaction, actions.route)(bot.ack(), body)
    return bot.desk.text


async def test_the_chosen_mailbox_takes_the_place_of_the_select() -> None:
    bot = Bot(mailboxes=FakeMailboxes(near=(ALICE,)))
    (option,) = await offered(bot, "ali")
    body = view_click("lookup.mailbox", "")
    body["actions"] = [{"action_id": "lookup.mailbox", "selected_option": option}]
    assert EMAIL in await clicked(bot, body)
    assert bot.desk.how == ["update"]


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (CardKind.STATUS, "Sync status"),
        (CardKind.HISTORY, "Sync history"),
        (CardKind.ERRORS, "Sync errors"),
    ],
)
async def test_a_tab_shows_its_card_in_place_and_says_which_it_is(kind: CardKind, title: str) -> None:
    bot = Bot()
    value = CardValue(ref=CardRef(kind, mailbox=ALICE.id)).encode()
    await clicked(bot, view_click("card.switch:2", value))
    ((how, modal),) = [(said.how, said.shown) for said in bot.desk.said]
    assert isinstance(modal, Modal)
    assert (how, modal.title) == ("update", title)
    tabs = next(block for block in modal.blocks if block["type"] == "actions")["elements"]
    current = [tab["text"]["text"] for tab in tabs if tab.get("style") == "primary"]
    assert current == [
        {"Sync status": "Overview", "Sync history": "History"}.get(title, "Errors") + " (shown)"
    ]
    assert [tab["accessibility_label"].endswith("shown now") for tab in tabs].count(True) == 1
