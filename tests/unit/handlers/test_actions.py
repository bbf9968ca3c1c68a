"""Clicks do what the control says, where it stands; what no longer means anything says so."""

from collections.abc import Collection
from typing import Any

import pytest
from structlog.testing import capture_logs

from blocks.actions import Action
from blocks.values import (
    CardValue,
    ChoiceValue,
    EntryValue,
    FailureValue,
    HistoryValue,
    IncidentValue,
    MailboxValue,
)
from bot.domain.values import FailureId, Outcome, Role
from bot.ports import RetryTarget
from bot.views import CardKind, CardRef
from handlers import actions
from handlers.gesture import Gesture
from tests.unit.blocks.examples import ALICE
from tests.unit.handlers.fakes import MAILBOX, URL, Bot, Json, click, view_click
from tests.unit.services.fakes import NOBODY, OPERATOR, VIEWER, FakeDetails, FakeDirectory

BOX = MailboxValue(mailbox=ALICE.id).encode()
FAILURE = FailureValue(failure=7, mailbox=ALICE.id).encode()
CARD = CardValue(ref=MAILBOX).encode()
INCIDENT = IncidentValue(alert=10).encode()
OLD = "from an older version"

GOOD: dict[Action, str] = {
    Action.FAILURE_RETRY: FAILURE,
    Action.MAILBOX_RETRY_ALL: BOX,
    Action.MAILBOX_SYNC: BOX,
    Action.ERRORS_VIEW: BOX,
    Action.HISTORY_VIEW: BOX,
    Action.STATUS_VIEW: BOX,
    Action.INCIDENT_VIEW: INCIDENT,
    Action.CARD_REFRESH: CARD,
    Action.CARD_SHARE: CARD,
    Action.PAGE_PREVIOUS: CARD,
    Action.PAGE_NEXT: CARD,
    Action.ERRORS_SHOW: CARD,
    Action.HISTORY_FILTER: HistoryValue(mailbox=ALICE.id, outcome=Outcome.FAILED).encode(),
    Action.FAILURE_DISMISS: FAILURE,
    Action.FAILURE_RESTORE: FAILURE,
    Action.MAILBOX_DISMISS: BOX,
    Action.MAILBOX_CHOOSE: ChoiceValue(mailbox=ALICE.id, purpose="errors").encode(),
}


async def pressed(bot: Bot, body: Json) -> str:
    ack = bot.ack()
    await bot.boundary.listener(Gesture.of_interaction, actions.route)(ack, body)
    assert ack.answers == [{}]
    assert bot.desk.log[0] == "ack"
    return "\n".join(said.text for said in bot.desk.said)


@pytest.mark.parametrize("action", GOOD)
async def test_every_control_of_a_message_is_answered_without_trouble(action: Action) -> None:
    bot = Bot()
    with capture_logs() as logs:
        answer = await pressed(bot, click(f"{action}:2", GOOD[action], OPERATOR))
    assert ALICE.source in answer
    assert logs == []


@pytest.mark.parametrize(
    ("action", "target"),
    [
        (Action.FAILURE_RETRY, RetryTarget(ALICE.id, failures=(FailureId(7),))),
        (Action.MAILBOX_RETRY_ALL, RetryTarget(ALICE.id)),
        (Action.MAILBOX_SYNC, RetryTarget(ALICE.id, whole_mailbox=True)),
    ],
)
async def test_a_retry_claims_what_its_button_stands_for_and_is_followed(
    action: Action, target: RetryTarget
) -> None:
    bot = Bot()
    await pressed(bot, click(action, GOOD[action], OPERATOR))
    assert bot.retries.targets == [target]
    assert bot.desk.how == ["replace"]
    assert [watch.target for watch, _, _ in bot.watches.followed] == [URL]


async def test_a_retry_from_an_alert_leaves_the_answer_to_the_alert() -> None:
    bot = Bot()
    await pressed(bot, click(Action.FAILURE_RETRY, FAILURE, OPERATOR, ephemeral=False))
    assert len(bot.retries.targets) == 1
    assert bot.desk.said == []


async def test_a_retry_on_a_page_of_errors_shows_that_page_again() -> None:
    bot = Bot()
    value = FailureValue(failure=7, mailbox=ALICE.id, page=2).encode()
    await pressed(bot, click(Action.FAILURE_RETRY, value, OPERATOR))
    assert bot.details.pages == [(2, 8)]


async def test_a_retry_in_a_modal_redraws_it_with_the_result_on_top() -> None:
    bot = Bot()
    answer = await pressed(bot, view_click(Action.FAILURE_RETRY, FAILURE, OPERATOR, MAILBOX))
    assert bot.desk.how == ["update"]
    assert bot.desk.said[0].where == "V1/hash-0"
    assert "Retrying 1 item" in answer
    assert [(watch.target, watch.hash) for watch, _, _ in bot.watches.followed] == [("V1", "hash-2")]


@pytest.mark.parametrize("action", [Action.FAILURE_RETRY, Action.MAILBOX_RETRY_ALL, Action.MAILBOX_SYNC])
async def test_a_viewer_who_presses_retry_is_refused(action: Action) -> None:
    bot = Bot()
    assert "SYNCBOT_OPERATORS" in await pressed(bot, click(action, GOOD[action], VIEWER))
    assert bot.retries.targets == []


async def test_the_list_of_an_incident_opens_in_a_modal() -> None:
    bot = Bot()
    assert "1 mailbox failing: Cause of incident 10" in await pressed(
        bot, click(Action.INCIDENT_VIEW, INCIDENT)
    )
    assert bot.desk.how == ["open", "update"]


async def test_a_retry_of_an_incident_says_to_the_asker_alone_how_many_it_took() -> None:
    bot = Bot()
    answer = await pressed(bot, click(Action.INCIDENT_RETRY, INCIDENT, OPERATOR, ephemeral=False))
    assert bot.incidents.claims == [(10, OPERATOR)]
    assert bot.desk.how == ["respond"]
    assert "Retrying 500 mailboxes, one after another" in answer
    assert "9,312 mailboxes are left: press the button again for more." in answer


async def test_a_viewer_does_not_retry_an_incident() -> None:
    bot = Bot()
    assert "SYNCBOT_OPERATORS" in await pressed(bot, click(Action.INCIDENT_RETRY, INCIDENT, VIEWER))
    assert bot.incidents.claims == []


@pytest.mark.parametrize("action", [Action.ERRORS_VIEW, Action.HISTORY_VIEW, Action.STATUS_VIEW])
async def test_a_view_is_opened_at_once_and_then_filled(action: Action) -> None:
    bot = Bot()
    await pressed(bot, click(action, BOX))
    assert bot.desk.how == ["open", "update"]
    assert "Loading" in bot.desk.said[0].text
    assert bot.desk.said[1].where == "V-opened/hash-1"
    other = Bot()
    await pressed(other, view_click(action, BOX))
    assert other.desk.how == ["push", "update"]


@pytest.mark.parametrize("action", [Action.ERRORS_VIEW, Action.HISTORY_VIEW, Action.STATUS_VIEW])
@pytest.mark.parametrize("user", [VIEWER, NOBODY])
async def test_a_view_is_opened_before_slack_is_asked_who_is_in_a_group(action: Action, user: str) -> None:
    """A trigger lives for three seconds; Slack may take longer to answer."""

    class Asked(FakeDirectory):
        async def groups_of(self, user: str, groups: Collection[str]) -> frozenset[str]:
            bot.desk.log.append("directory")
            return await super().groups_of(user, groups)

    bot = Bot(directory=Asked())
    answer = await pressed(bot, click(action, BOX, user))
    assert bot.desk.log[:3] == ["ack", "open", "directory"]
    assert bot.desk.said[-1].where == "V-opened/hash-1"
    assert ("SYNCBOT_VIEWERS" in answer) == (user == NOBODY)


async def test_a_view_of_a_mailbox_that_is_gone_is_filled_with_why() -> None:
    bot = Bot(details=FakeDetails())
    assert "no longer synced" in await pressed(bot, click(Action.ERRORS_VIEW, BOX))
    assert bot.desk.how == ["open", "update"]


@pytest.mark.parametrize(
    ("action", "value"),
    [
        (Action.PAGE_NEXT, CardValue(ref=CardRef(CardKind.ERRORS, mailbox=ALICE.id, page=2)).encode()),
        (Action.PAGE_PREVIOUS, CardValue(ref=CardRef(CardKind.HISTORY, mailbox=ALICE.id)).encode()),
        (Action.HISTORY_DETAILS, EntryValue(mailbox=ALICE.id, entry="run:1").encode()),
        (Action.MAILBOX_CHOOSE, ChoiceValue(mailbox=ALICE.id, purpose="status").encode()),
    ],
)
async def test_a_turned_page_is_shown_even_if_the_modal_was_redrawn_meanwhile(
    action: Action, value: str
) -> None:
    """Under the hash that the click carries Slack would refuse it, and the click would be lost."""
    bot = Bot()
    await pressed(bot, view_click(action, value, ref=CardRef(CardKind.HISTORY, mailbox=ALICE.id)))
    assert [said.where for said in bot.desk.said] == ["V1/None"]


@pytest.mark.parametrize("action", [Action.PAGE_NEXT, Action.CARD_REFRESH])
async def test_a_turned_page_of_a_message_is_followed_instead_of_the_one_before(action: Action) -> None:
    """Else the next change would turn the page back."""
    bot = Bot()
    ref = CardRef(CardKind.ERRORS, mailbox=ALICE.id, page=2)
    await pressed(bot, click(action, CardValue(ref=ref).encode()))
    assert [(watch.target, watch.ref) for watch, _, _ in bot.watches.followed] == [(URL, ref)]


async def test_a_refresh_leaves_what_was_drawn_after_it() -> None:
    bot = Bot()
    await pressed(bot, view_click(Action.CARD_REFRESH, CARD))
    assert [said.where for said in bot.desk.said] == ["V1/hash-0"]


async def test_details_open_and_close_in_the_modal_that_shows_them() -> None:
    bot = Bot()
    history = CardRef(CardKind.HISTORY, mailbox=ALICE.id, page=2)
    value = EntryValue(mailbox=ALICE.id, entry="run:1").encode()
    await pressed(bot, view_click(Action.HISTORY_DETAILS, value, ref=history))
    assert bot.desk.how == ["update"]
    [(watch, _, _)] = bot.watches.followed
    assert (watch.ref.kind, watch.ref.page, watch.ref.entry) == (CardKind.HISTORY, 2, "run:1")


async def test_a_history_is_filtered_in_its_place_and_stays_so_when_its_mailbox_changes() -> None:
    bot = Bot()
    history = CardRef(CardKind.HISTORY, mailbox=ALICE.id, page=3, entry="run:1")
    value = HistoryValue(mailbox=ALICE.id, outcome=Outcome.FAILED).encode()
    body = view_click(Action.HISTORY_FILTER, "", ref=history)
    body["actions"] = [{"action_id": Action.HISTORY_FILTER.value, "selected_option": {"value": value}}]
    await pressed(bot, body)
    assert bot.desk.how == ["update"]
    [(watch, _, _)] = bot.watches.followed
    assert watch.ref == CardRef(CardKind.HISTORY, mailbox=ALICE.id, outcome=Outcome.FAILED)


async def test_the_last_good_run_takes_the_place_of_the_history() -> None:
    bot = Bot()
    ref = CardRef(CardKind.LAST_GOOD, mailbox=ALICE.id)
    answer = await pressed(bot, click(Action.CARD_SWITCH, CardValue(ref=ref).encode(), VIEWER))
    assert "The last good run before them ended" in answer
    assert "AADSTS7000222" not in answer, "a viewer may not see an engine's own words"
    assert [watch.ref for watch, _, _ in bot.watches.followed] == [ref]


STALE: list[Any] = [
    "",
    "{}",
    "null",
    "7",
    '{"v":2,"mailbox":3}',
    '{"v":1}',
    "[" * 50_000,
    "x" * 50_000,
    "\ud800",
]


@pytest.mark.parametrize("action", GOOD)
async def test_a_button_of_another_version_gives_the_sentence_and_does_nothing(action: Action) -> None:
    for value in STALE:
        bot = Bot()
        assert OLD in await pressed(bot, click(action, value, OPERATOR)), value[:12]
        assert bot.retries.targets == [], value[:12]


@pytest.mark.parametrize(
    "action", ["", "failure", "failure.retry2", "FAILURE.RETRY", "lookup.address", "x" * 50_000]
)
async def test_an_unknown_action_gives_the_sentence(action: str) -> None:
    assert OLD in await pressed(Bot(), click(action, BOX, OPERATOR))


async def test_a_click_without_any_control_gives_the_sentence() -> None:
    assert OLD in await pressed(Bot(), click("x", "") | {"actions": []})


async def test_a_choice_for_a_purpose_that_is_gone_gives_the_sentence() -> None:
    value = ChoiceValue(mailbox=ALICE.id, purpose="dance").encode()
    assert OLD in await pressed(Bot(), click(Action.MAILBOX_CHOOSE, value))


async def test_a_modal_that_does_not_know_its_card_gives_the_sentence() -> None:
    body = view_click(Action.HISTORY_DETAILS, EntryValue(mailbox=ALICE.id).encode())
    body["view"]["private_metadata"] = "x" * 50_000
    assert OLD in await pressed(Bot(), body)


SUBSCRIPTION_BUTTONS = {Action.SUBSCRIPTION_EDIT, Action.SUBSCRIPTION_REMOVE}
SUBSCRIPTION_FIELDS = {each for each in Action if each.startswith("subscription.")} - SUBSCRIPTION_BUTTONS


def test_every_action_has_a_route_and_only_what_changes_something_needs_an_operator() -> None:
    typed_into = {Action.LOOKUP_ADDRESS, Action.DISMISS_ITEMS, Action.DISMISS_REASON, *SUBSCRIPTION_FIELDS}
    by_its_entry = {Action.ALERT_HANDLE}
    assert set(actions.ROUTES) == set(Action) - typed_into - by_its_entry
    operators = {action for action, route in actions.ROUTES.items() if route.role is Role.OPERATOR}
    retries = {
        *(Action.FAILURE_RETRY, Action.INCIDENT_RETRY, Action.CAUSE_RETRY, Action.ERRORS_RETRY),
        *(Action.MAILBOX_RETRY_ALL, Action.MAILBOX_SYNC),
    }
    dismissals = {Action.FAILURE_DISMISS, Action.FAILURE_RESTORE, Action.MAILBOX_DISMISS}
    assert operators == retries | dismissals | {Action.MUTE_END}
    admins = {action for action, route in actions.ROUTES.items() if route.role is Role.ADMIN}
    assert admins == SUBSCRIPTION_BUTTONS | {Action.POLICY_SWITCH}
