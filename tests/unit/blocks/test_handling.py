"""What people did about an alert stands on it, its menu offers what is left, and who is late reads why."""

import pytest

from blocks import alert, handling, incident
from blocks.kit import Block
from blocks.values import AlertValue
from bot.domain.handling import Deed
from bot.domain.values import AlertId
from bot.views import AlertState, Deeded, Handled
from tests.unit.blocks import examples as a
from tests.unit.blocks.reading import objects, texts

SNOOZES = [Deed.SNOOZE_HOUR, Deed.SNOOZE_HOURS, Deed.SNOOZE_TOMORROW]
ADA = Handled("U0ADA", a.NOON)
ASLEEP = Handled(snoozed_by="U0OMAR", snoozed_until=a.NOON)


def entries(blocks: list[Block]) -> list[AlertValue]:
    (menu,) = (found for found in objects(blocks) if found.get("type") == "overflow")
    assert menu["action_id"] == "alert.handle"
    return [AlertValue.decode(option["value"]) for option in menu["options"]]


def deeds(blocks: list[Block]) -> list[Deed]:
    return [entry.deed for entry in entries(blocks)]


@pytest.mark.parametrize(
    ("handled", "offered"),
    [
        (Handled(), [Deed.ACKNOWLEDGE, *SNOOZES, Deed.DISMISS]),
        (ADA, [Deed.TAKE_BACK, *SNOOZES, Deed.DISMISS]),
        (ASLEEP, [Deed.ACKNOWLEDGE, Deed.WAKE, Deed.DISMISS, Deed.VIEW_STATUS, Deed.VIEW_HISTORY]),
    ],
)
def test_the_menu_of_a_mailbox_offers_what_is_left_to_do(handled: Handled, offered: list[Deed]) -> None:
    assert deeds(alert.message(a.alert(a.line(), handled=handled)).blocks) == offered


@pytest.mark.parametrize(
    ("handled", "offered"),
    [
        (Handled(), [Deed.ACKNOWLEDGE, *SNOOZES]),
        (ADA, [Deed.TAKE_BACK, *SNOOZES]),
        (ASLEEP, [Deed.ACKNOWLEDGE, Deed.WAKE]),
    ],
)
def test_the_menu_of_an_incident_offers_what_is_left_to_do(handled: Handled, offered: list[Deed]) -> None:
    assert deeds(incident.message(a.incident(handled=handled)).blocks) == offered


def test_a_sync_that_failed_as_a_whole_is_not_dismissed() -> None:
    assert Deed.DISMISS not in deeds(alert.message(a.alert(a.run_line())).blocks)


def test_an_entry_knows_the_alert_and_how_much_of_it_was_shown() -> None:
    card = a.alert(a.line(1), a.line(2), resolved=3)
    assert {(one.alert, one.seen, one.mailbox) for one in entries(alert.message(card).blocks)} == {(9, 5, 3)}
    shown = entries(incident.message(a.incident()).blocks)
    assert {(one.alert, one.seen, one.mailbox) for one in shown} == {(10, 10_000, None)}


def test_an_alert_that_is_over_has_no_menu() -> None:
    over = alert.message(a.alert(resolved=1, cleared_at=a.NOON))
    assert not [found for found in objects(over.blocks) if found.get("type") == "overflow"]


@pytest.mark.parametrize(
    ("handled", "line"),
    [
        (ADA, f"Acknowledged by <@U0ADA> {a.NOON_IN_SLACK}"),
        (
            Handled("U0ADA", a.NOON, new_since=2),
            f"Acknowledged by <@U0ADA> {a.NOON_IN_SLACK} · *2 new since*",
        ),
        (ASLEEP, f"Snoozed until {a.NOON_IN_SLACK} by <@U0OMAR>"),
    ],
)
def test_who_did_what_stands_on_the_message(handled: Handled, line: str) -> None:
    assert line in texts(alert.message(a.alert(a.line(), handled=handled)).blocks).splitlines()
    assert line in texts(incident.message(a.incident(handled=handled)).blocks).splitlines()


def test_the_notification_says_it_too() -> None:
    assert (
        "Acknowledged by <@U0ADA> 2026-11-23 12:00 UTC" in alert.message(a.alert(a.line(), handled=ADA)).text
    )


def outcome(deed: Deed, handled: Handled, *, is_cleared: bool = False, asker: str = "U0OMAR") -> str:
    state = AlertState(AlertId(9), "alice@contoso.com", is_cleared=is_cleared, handled=handled)
    return handling.too_late(Deeded(deed, asker, is_done=False, state=state)).text.splitlines()[0]


@pytest.mark.parametrize(
    ("deed", "handled", "asker", "told"),
    [
        (Deed.ACKNOWLEDGE, ADA, "U0OMAR", "<@U0ADA> has acknowledged it already."),
        (Deed.ACKNOWLEDGE, ADA, "U0ADA", "You have acknowledged it already."),
        (Deed.SNOOZE_HOUR, ASLEEP, "U0ADA", "<@U0OMAR> has snoozed it already, until 2026-11-23 12:00 UTC."),
        (Deed.TAKE_BACK, Handled(), "U0ADA", "That was done already."),
        (Deed.WAKE, Handled(), "U0ADA", "That was done already."),
    ],
)
def test_who_is_late_reads_who_was_first(deed: Deed, handled: Handled, asker: str, told: str) -> None:
    assert outcome(deed, handled, asker=asker).startswith(told)


@pytest.mark.parametrize("deed", [Deed.ACKNOWLEDGE, Deed.WAKE, *SNOOZES])
def test_who_is_late_for_an_alert_that_is_over_reads_that(deed: Deed) -> None:
    assert outcome(deed, ADA, is_cleared=True).startswith("This alert is over")
