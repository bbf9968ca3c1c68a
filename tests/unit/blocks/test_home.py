"""The Home tab: numbers, what runs, what fails, who is told, and what is left to set up."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from blocks import home, running
from blocks.actions import Action
from blocks.home import closed
from blocks.look import Look
from blocks.spoken import spoken
from blocks.surface import Home
from blocks.values import CauseValue
from bot.domain.values import MailboxId, Role
from bot.sandbox.slack.validate import check_view
from bot.views import FailureGroups, IncidentRetried, MailboxRef, Overview, RetryStarted
from bot.views.home import HomeCard, Retryable, SetUp, Step
from tests.unit.blocks.examples import ALICE
from tests.unit.blocks.examples import NOON as NOW
from tests.unit.blocks.homes import OVERVIEW, RUN, TOO_LARGE, home_card

LEFT = (
    Step(SetUp.SCOPES, is_done=False, lacking=("chat:write",)),
    Step(SetUp.MAILBOXES, is_done=True),
    Step(SetUp.CHANNEL, is_done=False),
)


def read(card: HomeCard) -> str:
    return spoken(drawn(card).blocks)


def drawn(card: HomeCard, *, safe: bool = False) -> Home:
    shown = home.home(card, Look(safe=safe))
    assert check_view(shown.view) == []
    return shown


def buttons(shown: Home) -> list[str]:
    rows = [block["elements"] for block in shown.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row]


def test_the_dashboard_s_numbers_stand_on_it() -> None:
    text = read(home_card())
    for told in (
        "Mailboxes synced: 10 of 11",
        "Failed mailboxes: 2",
        "Total data synced: 5 GB",
        "Changes in the last 24 hours: 1,234",
        "Overdue: 1 mailbox",
        "Waiting 0 → Initial sync 1 → Synced 10",
    ):
        assert told in text


def test_no_time_is_told_that_is_wrong_a_minute_later() -> None:
    assert " ago" not in read(home_card())


def test_a_run_tells_how_far_it_is_how_fast_it_goes_and_what_is_left() -> None:
    text = read(home_card())
    assert "In progress: 7 runs" in text
    assert "1,000 of 4,000 items (25%) · 200 items a minute · about 15 minutes left" in text
    assert "and 6 more runs" in text


def test_a_run_that_told_nothing_says_so() -> None:
    assert "no progress reported yet" in read(
        home_card(running=(replace(RUN, progress=replace(RUN.progress, done=None)),))
    )


@pytest.mark.parametrize(
    ("done", "total", "told"),
    [
        (0, 10, "0 of 10 items (0%) · pace unknown yet"),
        (10, None, "10 items so far · 2 items a minute"),
        (10, 10, "10 of 10 items (100%) · 2 items a minute"),
        (9, 10, "9 of 10 items (90%) · 1 item a minute · about 33 seconds left"),
    ],
)
def test_progress_says_no_more_than_is_known(done: int, total: int | None, told: str) -> None:
    text = running.progress(done, total, began_at=NOW, heard_at=NOW + timedelta(minutes=5))
    assert text.endswith(told)


@pytest.mark.parametrize(("done", "filled"), [(0, 0), (99, 11), (100, 12), (130, 12)])
def test_a_bar_is_full_only_at_the_end(done: int, filled: int) -> None:
    assert running.bar(done, 100) == "█" * filled + "░" * (12 - filled)


def retry_of_cause(card: HomeCard) -> dict[str, Any] | None:
    beside = [block["accessory"] for block in drawn(card).blocks if "accessory" in block]
    return next((each for each in beside if each["action_id"] == Action.CAUSE_RETRY), None)


def test_all_mailboxes_of_a_cause_are_retried_by_one_click_that_asks_first() -> None:
    for role in (Role.OPERATOR, Role.ADMIN):
        button = retry_of_cause(home_card(role))
        assert button
        assert button["text"]["text"] == "Retry 2 mailboxes"
        assert CauseValue.decode(button["value"]).code == "dest_too_large"
        assert button["confirm"]["title"]["text"] == "Retry 2 mailboxes?"
        assert "Until the cause is repaired they fail again." in button["confirm"]["text"]["text"]
    assert retry_of_cause(home_card(Role.VIEWER)) is None


def test_of_very_many_the_click_says_how_many_it_takes() -> None:
    crowd = FailureGroups((replace(TOO_LARGE, mailboxes=9_812),), 9_812, 9_812, NOW)
    button = retry_of_cause(home_card(causes=crowd, waiting={"dest_too_large": 9_000}))
    assert button
    assert button["text"]["text"] == "Retry 500 mailboxes"
    assert button["confirm"]["title"]["text"] == "Retry 500 of 9,000 mailboxes?"
    assert "Press the button again for the others." in button["confirm"]["text"]["text"]


def test_where_all_of_a_cause_are_being_retried_or_there_is_one_no_button_stands_for_all() -> None:
    assert retry_of_cause(home_card(waiting={})) is None
    one = FailureGroups((replace(TOO_LARGE, mailboxes=1, examples=(ALICE,)),), 1, 1, NOW)
    assert retry_of_cause(home_card(causes=one, waiting={"dest_too_large": 1})) is None


def test_what_a_click_on_all_of_a_cause_came_to_stands_on_top() -> None:
    started = IncidentRetried("Larger than Gmail takes", 500, 9_000, NOW)
    text = read(replace(home_card(), started=started))
    assert "Retrying 500 mailboxes, one after another" in text
    assert "8,500 mailboxes are left" in text


def test_an_operator_retries_what_fails_where_it_stands() -> None:
    shown = drawn(home_card(Role.OPERATOR))
    assert buttons(shown).count("Retry 3 items") == 1
    assert buttons(shown).count("View errors") == 1
    assert "bob@contoso.com · retrying now" in spoken(shown.blocks)
    assert "Larger than Gmail takes." in spoken(shown.blocks)


def test_a_run_that_failed_as_a_whole_is_retried_as_one() -> None:
    shown = drawn(home_card(retryable={int(ALICE.id): Retryable(1, only_run=True)}))
    assert "Retry sync" in buttons(shown)


def test_a_viewer_sees_the_same_and_retries_nothing() -> None:
    shown = drawn(home_card(Role.VIEWER))
    assert not [label for label in buttons(shown) if label.startswith("Retry")]
    beside = [block["accessory"]["text"]["text"] for block in shown.blocks if "accessory" in block]
    assert beside.count("View errors") == 2
    assert "You are a viewer" in spoken(shown.blocks)


def test_what_a_click_on_retry_came_to_stands_on_top() -> None:
    card = replace(home_card(), started=RetryStarted(ALICE, "b1", claimed=3, already_retrying=0))
    assert "Retrying 3 items of alice@contoso.com now" in read(card)


def test_own_subscriptions_stand_first_and_each_says_how_delivery_goes() -> None:
    text = read(home_card())
    assert text.index("C0MINE") < text.index("C0OPS")
    assert "digests only, subscribed by you · fine, nothing delivered yet" in text
    assert "Delivery: All is well" in text


def test_an_admin_reads_what_is_left_to_set_up_and_how() -> None:
    text = read(home_card(Role.ADMIN, steps=LEFT))
    assert "Setting up: 1 of 3 steps done" in text
    assert "Permissions of the Slack app: to do (missing: chat:write). In the app's settings" in text
    assert "Mailboxes to sync: done" in text


def test_roles_are_given_by_a_command() -> None:
    text = read(home_card(Role.ADMIN, steps=(Step(SetUp.ROLES, is_done=False, lacking=("an admin",)),)))
    assert "Type /sync access grant @user operator" in text
    assert "tenant.yaml" not in text


def test_others_read_what_is_left_and_whom_to_ask() -> None:
    text = read(home_card(Role.VIEWER, steps=LEFT))
    assert "Channel for alerts: to do." in text
    assert "tenant.yaml" not in text
    assert "Ask an admin" in text


def test_in_front_of_an_engine_outside_mailboxes_come_from_it() -> None:
    steps = (Step(SetUp.MAILBOXES, is_done=False),)
    card = replace(home_card(Role.ADMIN, steps=steps), engine_is_outside=True)
    assert "Connect your engine" in read(card)


def test_once_all_is_set_up_nothing_is_said_of_it() -> None:
    assert "Setting up" not in read(home_card(Role.ADMIN))


def test_the_trend_is_drawn_and_said() -> None:
    shown = drawn(home_card())
    assert [block["type"] for block in shown.blocks].count("data_visualization") == 1
    assert "Failures of the last 2 days: 7 began, 1 ended." in spoken(shown.blocks)
    assert "23 Nov: 6 began, 1 ended" in spoken(shown.blocks)


def test_one_day_alone_makes_no_chart() -> None:
    card = home_card()
    shown = drawn(replace(card, facts=replace(card.facts, days=card.facts.days[1:])))
    assert "data_visualization" not in {block["type"] for block in shown.blocks}


def test_safe_blocks_leave_the_chart_out_and_keep_its_numbers() -> None:
    shown = drawn(home_card(), safe=True)
    assert "data_visualization" not in {block["type"] for block in shown.blocks}
    assert "23 Nov: 6 began, 1 ended" in spoken(shown.blocks)


def test_a_house_without_mailboxes_is_told_so() -> None:
    nothing = Overview(0, {}, {}, {}, 0, 0, 0, None, None, 0, 0, (), NOW)
    card = home_card(
        Role.ADMIN,
        overview=nothing,
        causes=FailureGroups((), 0, 0, NOW),
        running=(),
        running_total=0,
        days=(),
    )
    text = read(card)
    assert "No mailbox is set up yet" in text
    assert "Failing, by cause" not in text
    assert "In progress" not in text
    assert "Mailboxes synced" not in text


def test_however_much_fails_it_is_a_home_that_slack_takes() -> None:
    hostile = tuple(
        MailboxRef(MailboxId(n), "<!channel>" + "ä" * 300 + f"{n}@x.example", "&" * 300) for n in range(3)
    )
    groups = tuple(
        replace(TOO_LARGE, code="c" * 400, cause="<!here>" * 100, remedy="&" * 900, examples=hostile)
        for _ in range(40)
    )
    runs = tuple(replace(RUN, mailbox=each) for each in hostile)
    card = home_card(
        causes=FailureGroups(groups, 10**6, 10**6, NOW),
        running=runs,
        running_total=10**6,
        retryable=dict.fromkeys(range(3), Retryable(10**6)),
        overview=replace(OVERVIEW, bytes=2**62, changes_24h=10**9),
        steps=LEFT,
    )
    shown = drawn(card)
    assert len(shown.blocks) <= 100
    assert "<!" not in spoken(shown.blocks)
    assert "and 35 more causes" in spoken(shown.blocks)


def test_who_has_no_role_reads_why_and_whom_to_ask() -> None:
    shown = closed("Ask to add your user id U0NILS.", {"U0ADA", "U0BEA"})
    assert check_view(shown.view) == []
    assert "U0NILS" in spoken(shown.blocks)
    assert "<@U0ADA> and <@U0BEA>" in spoken(shown.blocks)
    assert "Admins" not in spoken(closed("Guests cannot.", ()).blocks)
