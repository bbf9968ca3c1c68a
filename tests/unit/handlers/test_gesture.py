"""What Slack sends is read as one gesture, wherever the person's hand was."""

from typing import Any

import pytest

from bot.errors import StaleButton
from handlers.gesture import Gesture, Origin
from handlers.payloads import Pressed
from tests.unit.handlers.fakes import URL, click, closed, command, shortcut, submission, view_click
from tests.unit.services.fakes import VIEWER


def test_a_command_tells_who_asks_and_where_to_answer() -> None:
    gesture = Gesture.of_command(command("status", VIEWER))
    assert (gesture.asker.user, gesture.origin, gesture.text) == (VIEWER, Origin.COMMAND, "status")
    assert (gesture.response_url, gesture.channel) == (URL, "C0GENERAL")


@pytest.mark.parametrize(
    ("payload", "origin"),
    [
        (click("card.refresh", "v"), Origin.OWN_MESSAGE),
        (click("card.refresh", "v", ephemeral=False), Origin.CHANNEL_MESSAGE),
        (view_click("card.refresh", "v"), Origin.VIEW),
        (shortcut({}), Origin.SHORTCUT),
        (shortcut({}) | {"type": "shortcut"}, Origin.SHORTCUT),
        (closed(), Origin.VIEW),
    ],
)
def test_an_interaction_tells_where_the_hand_was(payload: dict[str, Any], origin: Origin) -> None:
    assert Gesture.of_interaction(payload).origin is origin


def test_a_submission_carries_its_form() -> None:
    gesture = Gesture.of_submission(submission("ada@org.com"))
    assert gesture.origin is Origin.SUBMISSION
    assert gesture.callback_id == "lookup.submit"
    assert gesture.view
    assert gesture.view.state.values["lookup"]["lookup.address"].value == "ada@org.com"


@pytest.mark.parametrize(
    ("user_team", "team", "outsider"),
    [
        ("T1", {"id": "T1"}, False),
        ("T2", {"id": "T1"}, True),
        (None, {"id": "T1"}, False),
        ("T1", None, False),
    ],
)
def test_people_of_another_workspace_are_outsiders(
    *, user_team: str | None, team: dict[str, str] | None, outsider: bool
) -> None:
    payload = click("card.refresh", "v") | {"user": {"id": VIEWER, "team_id": user_team}, "team": team}
    assert Gesture.of_interaction(payload).asker.is_outsider is outsider


@pytest.mark.parametrize(
    ("pressed", "carried"),
    [
        ({"action_id": "a", "value": "v"}, "v"),
        ({"action_id": "a", "selected_option": {"value": "o"}}, "o"),
        ({"action_id": "a"}, ""),
        ({"action_id": "a", "selected_option": None, "value": None}, ""),
    ],
)
def test_a_control_carries_its_value_or_that_of_the_chosen_option(
    pressed: dict[str, Any], carried: str
) -> None:
    assert Pressed.model_validate(pressed).carried == carried


@pytest.mark.parametrize(
    "body", [{}, {"type": "block_actions"}, {"type": "block_actions", "user": {}}, {"user": {"id": 7}}]
)
def test_what_is_no_payload_of_slacks_is_not_understood(body: dict[str, Any]) -> None:
    with pytest.raises(StaleButton, match="does not understand"):
        Gesture.of_interaction(body)
    with pytest.raises(StaleButton):
        Gesture.of_command(body)
