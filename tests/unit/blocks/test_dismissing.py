"""The form that accepts a loss, what it comes to, and the list of what was accepted."""

from dataclasses import replace

import pytest

from blocks import dismissing, errors, history
from blocks.look import Look
from blocks.values import DismissValue, FailureValue
from bot.domain.values import FailureId, FailureState
from bot.sandbox.slack.validate import check_view
from bot.views import Decided, Dismissable, DismissalEntry, FailureLine, HistoryList, Page
from tests.unit.blocks import examples as a
from tests.unit.blocks.reading import buttons, objects, texts

THREE = Dismissable(a.ALICE, (a.line(1), a.line(2), a.line(3, subject=None)), 3, FailureId(3))
ONE = Dismissable(a.ALICE, (a.line(7),), 1, FailureId(7))


def dismissed_line(number: int = 1) -> FailureLine:
    by = {"dismissed_by": "U0OMAR", "dismissed_at": a.NOON, "reason": "Sent it <through> Drive"}
    return a.line(number, state=FailureState.DISMISSED, **by)


def test_the_form_is_one_that_slack_takes_and_knows_what_was_seen() -> None:
    modal = dismissing.form(THREE)
    assert check_view(modal.view) == []
    assert (modal.view["callback_id"], modal.view["submit"]["text"]) == ("dismiss.submit", "Dismiss")
    assert DismissValue.decode(modal.private_metadata) == DismissValue(mailbox=3, upto=3)


def test_all_or_single_items_may_be_chosen_and_none_is_to_begin_with() -> None:
    (menu,) = (
        one for one in objects(dismissing.form(THREE).blocks) if one.get("type") == "multi_static_select"
    )
    assert [option["value"] for option in menu["options"]] == ["all", "1", "2", "3"]
    assert [option["text"]["text"] for option in menu["options"]] == [
        "All 3 failed items",
        "1 · Q3 <numbers> · Inbox · 38 MB",
        "2 · Q3 <numbers> · Inbox · 38 MB",
        "3 · Inbox · 38 MB · too large",
    ]
    assert "initial_options" not in menu


def test_an_item_that_was_pressed_is_chosen_to_begin_with() -> None:
    (menu,) = (
        one
        for one in objects(dismissing.form(THREE, FailureId(2)).blocks)
        if one.get("type") == "multi_static_select"
    )
    assert [option["value"] for option in menu["initial_options"]] == ["2"]


def test_a_single_item_is_named_and_leaves_nothing_to_choose() -> None:
    modal = dismissing.form(ONE)
    assert not [one for one in objects(modal.blocks) if one.get("type") == "multi_static_select"]
    assert "Q3 &lt;numbers&gt;" in texts(modal.blocks)
    assert DismissValue.decode(modal.private_metadata).failure == 7


def test_ten_thousand_items_can_be_dismissed_at_once_though_not_all_are_listed() -> None:
    many = Dismissable(a.ALICE, tuple(a.line(n) for n in range(1, 100)), 10_000, FailureId(10_000))
    modal = dismissing.form(many)
    assert check_view(modal.view) == []
    assert "All 10,000 failed items" in texts(modal.blocks)


@pytest.mark.parametrize(
    ("reason", "told"),
    [("", "Say why"), ("ok", "Say why"), ("Too old", None), ("x" * 300, None), ("x" * 301, "at most 300")],
)
def test_a_reason_has_something_to_say(reason: str, told: str | None) -> None:
    answer = dismissing.too_short(reason)
    assert (answer is None) if told is None else (answer is not None and told in answer)


@pytest.mark.parametrize(
    ("asked", "done", "told"),
    [
        (2, 2, "Dismissed 2 items of alice@contoso.com."),
        (3, 1, "Dismissed 1 item of alice@contoso.com. 2 others are resolved or dismissed already."),
        (1, 0, "Nothing of alice@contoso.com was dismissed: it is resolved or dismissed already."),
    ],
)
def test_what_came_of_it_is_told(asked: int, done: int, told: str) -> None:
    decided = Decided(a.ALICE, asked, done, "By hand")
    assert dismissing.sentence(decided) == told
    assert check_view(dismissing.done(decided).view) == []


def test_the_list_of_what_was_dismissed_tells_who_when_and_why_and_leads_back() -> None:
    card = a.errors(dismissed_line(), is_dismissed=True, dismissed=1, page=Page(1, 8, 1))
    modal = errors.modal(card, replace(a.ERRORS, dismissed=True))
    said = texts(modal.blocks)
    assert "1 failed item of alice@contoso.com is dismissed." in said
    assert f"Dismissed by <@U0OMAR> {a.NOON_IN_SLACK}" in said
    assert "Reason: Sent it &lt;through&gt; Drive" in said
    shown = buttons(modal.blocks)
    assert list(shown) == ["View unresolved", "Refresh", "Take back"]
    assert FailureValue.decode(shown["Take back"]["value"]) == FailureValue(failure=1, mailbox=3, page=1)
    assert "Retry" not in shown
    assert check_view(modal.view) == []


def test_who_may_not_act_takes_nothing_back() -> None:
    card = a.errors(dismissed_line(), is_dismissed=True, dismissed=1, may_act=False)
    assert "Take back" not in buttons(errors.modal(card, a.ERRORS).blocks)


def test_the_list_of_errors_leads_to_what_was_dismissed_where_there_is_something() -> None:
    assert "View 2 dismissed" in buttons(errors.modal(a.errors(a.line(), dismissed=2), a.ERRORS).blocks)
    assert "View 2 dismissed" in buttons(errors.message(a.errors(dismissed=2), a.ERRORS).blocks)
    assert "View 0 dismissed" not in buttons(errors.modal(a.errors(a.line()), a.ERRORS).blocks)


def test_each_failed_item_may_be_dismissed_but_not_a_whole_sync_nor_what_is_being_retried() -> None:
    for line, offered in ((a.line(), True), (a.run_line(), False), (a.retrying_line(), False)):
        assert ("Dismiss…" in buttons(errors.modal(a.errors(line), a.ERRORS).blocks)) == offered
    assert "Dismiss…" not in buttons(errors.modal(a.errors(a.line(), may_act=False), a.ERRORS).blocks)


def test_several_are_dismissed_by_one_form() -> None:
    several = errors.modal(a.errors(a.line(1), a.line(2)), a.ERRORS)
    assert "Dismiss items…" in buttons(several.blocks)
    assert "Dismiss items…" not in buttons(errors.modal(a.errors(a.line(1)), a.ERRORS).blocks)


def test_a_shared_list_of_what_was_dismissed_tells_no_subject() -> None:
    card = a.errors(dismissed_line(), is_dismissed=True, dismissed=1)
    assert "Q3" not in texts(errors.message(card, a.ERRORS, Look(shared=True)).blocks)


def test_the_history_leads_to_where_a_dismissal_is_taken_back() -> None:
    entry = DismissalEntry("dismissal:1", "U0OMAR", a.NOON, 2, ("dest_too_large",), "By hand")
    listed = HistoryList(a.ALICE, (entry,), Page(1, 10, 1))
    closed, opened = (history.modal(listed, replace(a.ERRORS, entry=key)) for key in (None, entry.key))
    assert "View dismissed" not in buttons(closed.blocks)
    assert "View dismissed" in buttons(opened.blocks)
