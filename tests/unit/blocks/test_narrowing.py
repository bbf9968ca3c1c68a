"""The selects above a list of errors, and the buttons that retry many of them."""

from dataclasses import replace
from typing import Any

import pytest

from blocks import errors
from blocks.values import NarrowValue, RetryValue
from bot.domain.values import FailureId
from bot.views import CauseChoice, Choices, ErrorList, ErrorOrder, FolderChoice, Page
from tests.unit.blocks import examples as a
from tests.unit.blocks.reading import buttons, objects, texts

LARGE = CauseChoice("dest_too_large", "larger than Gmail takes", 700)
REFUSED = CauseChoice("dest_rejected", "refused by Gmail", 300)
INBOX = FolderChoice(FailureId(7), "Inbox", "email", 600)
NOWHERE = FolderChoice(FailureId(8), None, None, 1)
LINES = tuple(a.line(n) for n in range(1, 9))


def chosen(**more: Any) -> ErrorList:
    base = Choices(1_000, 1_000, 1_000, 1_000, (LARGE, REFUSED), (INBOX, NOWHERE))
    choices = replace(base, **more)
    return a.errors(*LINES, page=Page(1, 8, choices.listed), retryable=choices.all_retryable, choices=choices)


def selects(card: ErrorList) -> dict[str, dict[str, Any]]:
    found = objects(errors.modal(card, a.ERRORS).blocks)
    return {one["action_id"]: one for one in found if one.get("type") == "static_select"}


def labels(select: dict[str, Any]) -> list[str]:
    return [option["text"]["text"] for option in select["options"]]


def of_button(card: ErrorList, label: str) -> dict[str, Any]:
    return buttons(errors.modal(card, a.ERRORS).blocks)[label]


def test_each_choice_says_how_many_it_shows() -> None:
    found = selects(chosen())
    assert labels(found["errors.cause"]) == [
        "All causes (1,000)",
        "Larger than Gmail takes (700)",
        "Refused by Gmail (300)",
    ]
    assert labels(found["errors.folder"]) == ["All folders (601)", "Inbox (600)", "The sync as a whole (1)"]
    assert labels(found["errors.order"])[0] == "Oldest first"


def test_what_is_chosen_is_shown_as_chosen() -> None:
    found = selects(chosen(cause=REFUSED, folder=INBOX, order=ErrorOrder.LARGEST))
    said = {name: one["initial_option"]["text"]["text"] for name, one in found.items()}
    assert said == {
        "errors.cause": "Refused by Gmail (300)",
        "errors.folder": "Inbox (600)",
        "errors.order": "Largest first",
    }
    assert NarrowValue.decode(found["errors.folder"]["initial_option"]["value"]).folder == 7


def test_a_chosen_folder_that_is_empty_by_now_is_still_offered() -> None:
    healed = replace(INBOX, failures=0)
    select = selects(chosen(folders=(NOWHERE,), folder=healed))["errors.folder"]
    assert "Inbox (0)" in labels(select)
    assert select["initial_option"] in select["options"]


def test_another_failure_that_stands_for_the_chosen_folder_does_not_offer_it_twice() -> None:
    other = replace(INBOX, sample=FailureId(99))
    assert labels(selects(chosen(folder=other))["errors.folder"]).count("Inbox (600)") == 1


def test_more_folders_than_a_select_takes_leave_out_the_smallest_and_say_so() -> None:
    many = tuple(FolderChoice(FailureId(n), f"F{n}", "email", 500 - n) for n in range(150))
    card = chosen(folders=many, folder=many[140])
    select = selects(card)["errors.folder"]
    assert len(select["options"]) == 100
    assert select["initial_option"]["text"]["text"] == "F140 (360)"
    assert "The menu leaves out 52 small folders." in texts(errors.modal(card, a.ERRORS).blocks)


def test_one_failure_is_neither_narrowed_nor_sorted() -> None:
    one = Choices(1, 1, 1, 1, (replace(LARGE, failures=1),), (INBOX,))
    assert selects(a.errors(a.line(), choices=one)) == {}


def test_of_many_pages_those_shown_or_all_are_retried() -> None:
    card = chosen()
    shown = of_button(card, "Retry 8 items shown")
    assert RetryValue.decode(shown["value"]).failures == tuple(range(1, 9))
    assert shown["confirm"]["title"]["text"] == "Retry 8 items shown?"
    assert "1,000" in of_button(card, "Retry 1,000 items")["confirm"]["text"]["text"]


@pytest.mark.parametrize(
    ("more", "label", "told"),
    [
        ({"cause": LARGE}, "of this cause", "of this cause: larger than Gmail takes"),
        ({"folder": INBOX}, "in this folder", "in Inbox"),
        ({"cause": LARGE, "folder": INBOX}, "of this cause and folder", "in Inbox, of this cause: larger"),
    ],
)
def test_what_is_chosen_is_retried_after_a_question_with_its_number(
    more: dict[str, Any], label: str, told: str
) -> None:
    card = chosen(listed=500, retryable=500, **more)
    button = of_button(card, f"Retry 500 items {label}")
    assert told in button["confirm"]["text"]["text"]
    assert button["confirm"]["text"]["text"].startswith("500 failures of alice@contoso.com")
    value = RetryValue.decode(button["value"])
    assert (value.code, value.folder) == (
        "dest_too_large" if "cause" in more else None,
        7 if "folder" in more else None,
    )
    assert "Retry 1,000 items in all" in buttons(errors.modal(card, a.ERRORS).blocks)


def test_where_the_chosen_are_all_there_is_one_button_for_them() -> None:
    card = chosen(listed=8, retryable=8, unresolved=8, all_retryable=8, cause=LARGE)
    found = [label for label in buttons(errors.modal(card, a.ERRORS).blocks) if label.startswith("Retry ")]
    assert found == ["Retry 8 items in all"]


def test_who_chose_reads_how_many_of_how_many_are_listed() -> None:
    card = chosen(listed=300, cause=REFUSED)
    assert (
        "has 1,000 unresolved failures. Chosen here: 300 of them, of this cause: refused by Gmail."
        in texts(errors.modal(card, a.ERRORS).blocks)
    )


def test_a_message_leads_to_the_modal_in_which_one_can_choose() -> None:
    shown = buttons(errors.message(chosen(), a.ERRORS).blocks)
    assert shown["Filter and sort"]["action_id"] == "errors.view"
    assert "static_select" not in str(errors.message(chosen(), a.ERRORS).blocks)


def test_a_value_that_chooses_nothing_is_none_of_ours() -> None:
    with pytest.raises(ValueError, match="says nothing"):
        RetryValue.decode('{"v":1,"mailbox":3}')


def test_a_transient_failure_says_when_the_next_sync_tries_it_again() -> None:
    card = a.errors(a.line(heals_by_itself=True), next_sync_at=a.NOON)
    assert f"May heal by itself: the next sync, {a.NOON_IN_SLACK}, tries it again." in texts(
        errors.modal(card, a.ERRORS).blocks
    )
