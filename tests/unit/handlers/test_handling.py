"""An alert's menu acts and says little; the form to dismiss checks its fields, and shows what is left."""

from typing import Any

import pytest

from blocks.actions import Action
from blocks.dismissing import ITEMS_BLOCK, REASON_BLOCK
from blocks.values import AlertValue, CardValue, DismissValue, FailureValue, MailboxValue
from bot.domain.handling import Deed
from bot.domain.values import Role
from bot.views import CardKind, CardRef
from handlers import actions, handling
from handlers.gesture import Gesture
from tests.unit.blocks.examples import ALICE
from tests.unit.handlers.fakes import Bot, Json, click, submitted, view_click
from tests.unit.services.fakes import OPERATOR, VIEWER

ERRORS = CardRef(CardKind.ERRORS, mailbox=ALICE.id)
DISMISSED = CardRef(CardKind.ERRORS, mailbox=ALICE.id, dismissed=True)
FAILURE = FailureValue(failure=2, mailbox=ALICE.id, page=2).encode()
LOST = "  Sent it\nthrough Drive "


def entry(deed: Deed, mailbox: int | None = ALICE.id) -> str:
    return AlertValue(alert=9, deed=deed, seen=4, mailbox=mailbox).encode()


def chosen(value: str, user: str = OPERATOR) -> Json:
    body = click(Action.ALERT_HANDLE, "", user, ephemeral=False)
    option = {"text": {"type": "plain_text", "text": "An entry"}, "value": value}
    acted = {"action_id": "alert.handle", "type": "overflow", "selected_option": option}
    return body | {"actions": [acted]}


async def pressed(bot: Bot, body: Json) -> str:
    await bot.boundary.listener(Gesture.of_interaction, actions.route)(bot.ack(), body)
    return "\n".join(said.text for said in bot.desk.said)


def filled(
    items: list[str] | None = None, reason: str | None = LOST, user: str = OPERATOR, **view: Any
) -> Json:
    values: Json = {REASON_BLOCK: {"dismiss.reason": {"type": "plain_text_input", "value": reason}}}
    if items is not None:
        picked = [{"text": {"type": "plain_text", "text": "An item"}, "value": item} for item in items]
        select = {"type": "multi_static_select", "selected_options": picked}
        values |= {ITEMS_BLOCK: {"dismiss.items": select}}
    form = {
        "type": "modal",
        "id": "V1",
        "hash": "hash-0",
        "callback_id": "dismiss.submit",
        "private_metadata": DismissValue(mailbox=ALICE.id, upto=2).encode(),
        "state": {"values": values},
    }
    person = {"id": user, "team_id": "T1"}
    return {"type": "view_submission", "user": person, "team": {"id": "T1"}, "view": form | view}


@pytest.mark.parametrize(
    ("deed", "done"),
    [
        (Deed.ACKNOWLEDGE, ("acknowledge", 9, 4, OPERATOR)),
        (Deed.TAKE_BACK, ("unacknowledge", 9, OPERATOR)),
        (Deed.WAKE, ("wake", 9, None, OPERATOR)),
    ],
)
async def test_a_deed_is_done_and_the_message_alone_shows_it(deed: Deed, done: tuple[object, ...]) -> None:
    bot = Bot()
    await pressed(bot, chosen(entry(deed)))
    assert bot.handling.done == [done]
    assert bot.desk.said == []


async def test_who_is_late_reads_who_was_first_beside_the_message() -> None:
    bot = Bot()
    bot.handling.loses = {"acknowledge"}
    answer = await pressed(bot, chosen(entry(Deed.ACKNOWLEDGE)))
    assert "<@U0ADA> has acknowledged it already." in answer
    assert bot.desk.how == ["respond"]


@pytest.mark.parametrize(
    "deed", [deed for deed, route in handling.DEEDS.items() if route.role is not Role.VIEWER]
)
async def test_a_viewer_is_refused_whatever_the_menu_offers(deed: Deed) -> None:
    bot = Bot()
    assert "SYNCBOT_OPERATORS" in await pressed(bot, chosen(entry(deed), VIEWER))
    assert bot.handling.done == []


@pytest.mark.parametrize(
    "value", ["", "{}", '{"v":1,"alert":9,"deed":"dance"}', '{"v":2,"alert":9,"deed":"wake"}', "x" * 50_000]
)
async def test_an_entry_of_another_version_gives_the_sentence(value: str) -> None:
    bot = Bot()
    assert "from an older version" in await pressed(bot, chosen(value))
    assert bot.handling.done == []


async def test_an_entry_that_needs_a_mailbox_and_has_none_gives_the_sentence() -> None:
    assert "from an older version" in await pressed(Bot(), chosen(entry(Deed.DISMISS, mailbox=None)))


def test_every_deed_has_its_route() -> None:
    assert set(handling.DEEDS) == set(Deed)


@pytest.mark.parametrize(
    ("deed", "shown"), [(Deed.VIEW_STATUS, "Sync status"), (Deed.VIEW_HISTORY, "Sync history")]
)
async def test_a_view_opens_from_the_menu(deed: Deed, shown: str) -> None:
    bot = Bot()
    assert shown in await pressed(bot, chosen(entry(deed), VIEWER))
    assert bot.desk.how == ["open", "update"]


@pytest.mark.parametrize(
    ("body", "how"),
    [
        (chosen(entry(Deed.DISMISS)), ["open", "update"]),
        (click(Action.FAILURE_DISMISS, FAILURE, OPERATOR), ["open", "update"]),
        (view_click(Action.FAILURE_DISMISS, FAILURE, OPERATOR, ERRORS), ["push", "update"]),
        (
            view_click(Action.MAILBOX_DISMISS, MailboxValue(mailbox=ALICE.id).encode(), OPERATOR, ERRORS),
            ["push", "update"],
        ),
    ],
)
async def test_the_form_to_dismiss_opens_at_once_and_is_then_filled(body: Json, how: list[str]) -> None:
    bot = Bot()
    await pressed(bot, body)
    assert bot.desk.how == how
    assert "Loading" in bot.desk.said[0].text
    assert "dismiss.submit" in bot.desk.text
    assert bot.handling.done == []


async def test_where_nothing_fails_any_more_the_form_says_so() -> None:
    bot = Bot()
    bot.handling.found = None
    assert "no longer synced" in await pressed(bot, chosen(entry(Deed.DISMISS)))


@pytest.mark.parametrize(("items", "failures"), [(["2"], (2,)), (["1", "2"], (1, 2)), (["all"], (1, 2))])
async def test_what_was_chosen_is_dismissed_with_its_reason_and_what_is_left_shown(
    items: list[str], failures: tuple[int, ...]
) -> None:
    bot = Bot()
    answer = await submitted(bot, filled(items))
    assert answer["response_action"] == "update"
    assert bot.handling.done == [("dismiss", failures, "Sent it through Drive", OPERATOR)]
    assert "Sync errors" in str(answer["view"])
    assert f"Dismissed {len(failures)} item" in str(answer["view"])
    assert bot.desk.said == []
    assert [watch.target for watch, _, _ in bot.watches.followed] == ["V1"]


async def test_a_form_about_one_item_needs_no_choice() -> None:
    bot = Bot()
    about_one = DismissValue(mailbox=ALICE.id, upto=2, failure=1).encode()
    await submitted(bot, filled(private_metadata=about_one))
    assert bot.handling.done == [("dismiss", (1,), "Sent it through Drive", OPERATOR)]


async def test_upon_the_list_of_errors_the_form_tells_the_result_alone() -> None:
    bot = Bot()
    answer = str(await submitted(bot, filled(["1"], previous_view_id="V0")))
    assert "Dismissed 1 item" in answer
    assert "Sync errors" not in answer


async def test_who_is_late_to_dismiss_reads_that_it_was_done_already() -> None:
    bot = Bot()
    bot.handling.loses = {"dismiss"}
    assert "resolved or dismissed already" in str(await submitted(bot, filled(["1"])))


@pytest.mark.parametrize(
    ("items", "reason", "fields"),
    [
        (["all"], None, [REASON_BLOCK]),
        (["all"], "  \n ", [REASON_BLOCK]),
        (["all"], "x" * 301, [REASON_BLOCK]),
        ([], LOST, [ITEMS_BLOCK]),
        (["all", "1"], LOST, [ITEMS_BLOCK]),
        ([], "", [ITEMS_BLOCK, REASON_BLOCK]),
    ],
)
async def test_what_is_wrong_is_told_at_its_field_and_nothing_is_done(
    items: list[str], reason: str | None, fields: list[str]
) -> None:
    bot = Bot()
    answer = await submitted(bot, filled(items, reason))
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == fields
    assert bot.handling.done == []


async def test_a_viewer_who_sends_the_form_all_the_same_is_refused() -> None:
    bot = Bot()
    assert "SYNCBOT_OPERATORS" in str(await submitted(bot, filled(["all"], user=VIEWER)))
    assert bot.handling.done == []


async def test_a_form_of_another_version_gives_the_sentence() -> None:
    bot = Bot()
    answer = await submitted(bot, filled(["all"], private_metadata='{"v":2}'))
    assert "from an older version" in str(answer["view"])
    assert bot.handling.done == []


async def test_what_is_no_id_is_not_dismissed() -> None:
    bot = Bot()
    await submitted(bot, filled(["1", "x", "-1", "²", ""]))
    assert bot.handling.done == [("dismiss", (1,), "Sent it through Drive", OPERATOR)]


async def test_a_dismissal_is_taken_back_where_it_is_listed() -> None:
    bot = Bot()
    answer = await pressed(bot, view_click(Action.FAILURE_RESTORE, FAILURE, OPERATOR, DISMISSED))
    assert bot.handling.done == [("restore", (2,), OPERATOR)]
    assert [(said.how, said.where) for said in bot.desk.said] == [("update", "V1/None")]
    assert "Taken back" in answer


async def test_a_dismissal_taken_back_in_a_message_shows_that_page_of_the_list_again() -> None:
    bot = Bot()
    await pressed(bot, click(Action.FAILURE_RESTORE, FAILURE, OPERATOR))
    assert bot.details.pages == [(2, 8)]
    assert [watch.ref for watch, _, _ in bot.watches.followed] == [
        CardRef(CardKind.ERRORS, mailbox=ALICE.id, page=2, dismissed=True)
    ]


async def test_the_lists_of_errors_and_of_what_was_dismissed_take_each_others_place() -> None:
    bot = Bot()
    await pressed(bot, view_click(Action.ERRORS_SHOW, CardValue(ref=DISMISSED).encode(), VIEWER, ERRORS))
    assert bot.desk.how == ["update"]
    assert [watch.ref for watch, _, _ in bot.watches.followed] == [DISMISSED]
