"""The message shortcut finds who a message is about; else a form asks."""

from dataclasses import replace

import pytest

from blocks.actions import Callback
from blocks.values import CardValue, FailureValue, IncidentValue, MailboxValue
from bot.domain.values import AlertId, FailureId, MailboxId, MailboxStatus
from bot.views import CardKind, CardRef, MailboxRow
from handlers import lookups
from handlers.gesture import Gesture
from handlers.lookups import addresses_in
from handlers.payloads import SlackMessage
from tests.unit.blocks.examples import ALICE
from tests.unit.handlers.fakes import Bot, Json, closed, shortcut, submission, submitted
from tests.unit.services.fakes import NOBODY, OPERATOR, FakeMailboxes

EMAIL = ALICE.source


async def used(bot: Bot, body: Json) -> str:
    listen = bot.boundary.listener(Gesture.of_interaction, lookups.shortcut_route)
    await listen(bot.ack(), body)
    return bot.desk.text


LINK = {"type": "link", "url": f"mailto:{EMAIL}", "text": EMAIL}
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [LINK]}]}


@pytest.mark.parametrize(
    "message",
    [
        {"text": f"Where is the mail of {EMAIL}?"},
        {"text": f"<mailto:{EMAIL}|{EMAIL}>"},
        {"text": f"*{EMAIL}*"},
        {"text": "Look", "blocks": [RICH]},
        {
            "blocks": [
                {"type": "section", "text": {"type": "mrkdwn", "text": f"User: <mailto:{EMAIL}|Alice>"}}
            ]
        },
        {"blocks": [{"type": "section", "fields": [{"type": "plain_text", "text": EMAIL.upper()}]}]},
        {"attachments": [{"fallback": "ticket", "fields": [{"title": "User", "value": EMAIL}]}]},
        {"attachments": [{"blocks": [RICH]}]},
    ],
)
async def test_an_address_is_found_wherever_in_the_message_it_stands(message: Json) -> None:
    bot = Bot()
    assert EMAIL in await used(bot, shortcut(message))
    assert bot.desk.how == ["open", "update"]
    assert bot.mailboxes.asked == [EMAIL]


def test_an_address_that_stands_in_several_places_is_found_once() -> None:
    message = SlackMessage(ts="1", text=EMAIL, blocks=[RICH], attachments=[{"text": f"{EMAIL}, bob@org.com"}])
    assert addresses_in(message) == (EMAIL, "bob@org.com")


async def test_without_an_address_its_author_is_looked_up() -> None:
    bot = Bot()
    bot.directory.emails = {"U0BOB": EMAIL}
    assert EMAIL in await used(bot, shortcut({"text": "No mail since noon!", "user": "U0BOB"}))


@pytest.mark.parametrize(
    "message",
    [
        {"text": "No mail since noon!", "user": "U0UNKNOWN"},
        {"text": "No mail since noon!"},
        {"text": "Build failed", "user": "U0BOB", "bot_id": "B0CI"},
    ],
)
async def test_where_nobody_is_found_a_form_asks_for_the_address(message: Json) -> None:
    bot = Bot()
    bot.directory.emails = {"U0BOB": EMAIL}
    assert Callback.LOOKUP_SUBMIT in await used(bot, shortcut(message))
    assert bot.desk.how == ["open", "update"]


async def test_a_message_about_addresses_that_are_not_synced_says_so() -> None:
    answer = await used(Bot(), shortcut({"text": "eve@org.com and bob@org.com"}))
    assert "None of the 2 addresses" in answer


async def test_the_card_of_a_submitted_address_takes_the_place_of_the_form() -> None:
    bot = Bot()
    answer = await submitted(bot, submission(f" {EMAIL} "))
    assert answer["response_action"] == "update"
    assert EMAIL in str(answer["view"])
    assert [watch.target for watch, _, _ in bot.watches.followed] == ["V1"]


async def test_a_part_of_an_address_is_searched_for() -> None:
    bot = Bot()
    answer = await submitted(bot, submission("alice"))
    assert bot.mailboxes.asked == []
    assert EMAIL in str(answer["view"])


@pytest.mark.parametrize("typed", [None, "", "   "])
async def test_an_empty_form_is_told_at_its_field_and_stays(typed: str | None) -> None:
    bot = Bot()
    answer = await submitted(bot, submission(typed))
    assert answer["response_action"] == "errors"
    assert bot.desk.said == []


async def test_an_endless_query_is_cut() -> None:
    bot = Bot(mailboxes=FakeMailboxes())
    answer = await submitted(bot, submission("a" * 50_000))
    assert len(str(answer)) < 5_000


async def test_who_may_not_look_is_refused_in_the_form() -> None:
    answer = await submitted(Bot(), submission(EMAIL, NOBODY))
    assert "SYNCBOT_VIEWERS" in str(answer["view"])


@pytest.mark.parametrize("callback_id", ["", "gone", "lookup.submit"])
async def test_a_shortcut_that_is_no_longer_known_says_so(callback_id: str) -> None:
    bot = Bot()
    assert "older version" in await used(bot, shortcut({"text": EMAIL}, callback_id=callback_id))
    assert bot.desk.how == ["open"]


@pytest.mark.parametrize("user", [OPERATOR, NOBODY])
async def test_a_closed_modal_is_followed_no_longer_whoever_closed_it(user: str) -> None:
    bot = Bot()
    listen = bot.boundary.listener(Gesture.of_interaction, lambda _: lookups.CLOSED)
    await listen(bot.ack(), closed(user))
    assert bot.watches.dropped == ["V1"]
    assert bot.desk.said == []
    assert bot.audit.lines == []


ALERT = {"text": "1 sync failure of somebody", "user": "U0SYNCBOT", "bot_id": "B0SYNCBOT"}


def with_button(value: str) -> Json:
    button_ = {"type": "button", "action_id": "status.view", "value": value}
    return {**ALERT, "blocks": [{"type": "actions", "elements": [button_]}]}


@pytest.mark.parametrize(
    "value",
    [
        MailboxValue(mailbox=ALICE.id, alert=AlertId(9)).encode(),
        FailureValue(failure=FailureId(1), mailbox=ALICE.id).encode(),
        CardValue(ref=CardRef(CardKind.HISTORY, mailbox=ALICE.id)).encode(),
    ],
)
async def test_a_message_of_our_own_is_about_the_mailbox_that_its_controls_name(value: str) -> None:
    bot = Bot()
    assert "'Sync status'" in await used(bot, shortcut(with_button(value)))
    assert bot.mailboxes.asked == []


async def test_the_message_of_an_incident_lists_its_mailboxes() -> None:
    answer = await used(Bot(), shortcut(with_button(IncidentValue(alert=AlertId(9)).encode())))
    assert "Cause of incident 9" in answer


@pytest.mark.parametrize(
    "value", ["", "42", "{}", '{"mailbox":1}', '{"v":1,"mailbox":-1}', '{"v":1,"ref":7}', "x" * 5_000]
)
async def test_what_other_apps_put_into_their_buttons_names_nothing(value: str) -> None:
    assert Callback.LOOKUP_SUBMIT in await used(Bot(), shortcut(with_button(value)))


async def test_a_person_cannot_name_a_mailbox_by_a_button() -> None:
    forged = {**with_button(MailboxValue(mailbox=ALICE.id).encode()), "bot_id": None}
    assert Callback.LOOKUP_SUBMIT in await used(Bot(), shortcut(forged))


def test_escaped_brackets_around_an_address_are_no_part_of_it() -> None:
    message = SlackMessage(ts="1", text="From: Alice &lt;tom&amp;jerry@org.com&gt;")
    assert addresses_in(message) == ("tom&jerry@org.com",)


async def test_several_addresses_that_are_synced_are_a_choice() -> None:
    other = replace(ALICE, id=MailboxId(ALICE.id + 1), source="bob@org.com", destination="bob@new.com")
    rows = tuple(MailboxRow(ref, MailboxStatus.SYNCED, "Gold", None, 0) for ref in (ALICE, other))
    answer = await used(Bot(mailboxes=FakeMailboxes(rows)), shortcut({"text": f"{EMAIL}, bob@org.com"}))
    assert answer.count("mailbox.choose") == 2
