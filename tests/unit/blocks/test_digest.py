"""What a channel reads of its day or week."""

from datetime import UTC, datetime
from typing import Any

import pytest

from blocks import digest, told
from blocks.kit import Series, bar_chart
from bot.sandbox.slack.validate import check_blocks
from bot.views import DigestPart
from tests.unit.blocks import examples as a
from tests.unit.blocks.reading import texts


def charts(**changed: Any) -> list[Any]:
    blocks = digest.message(a.digest(**changed)).blocks
    return [block for block in blocks if block["type"] == "data_visualization"]


def test_it_tells_the_period_the_numbers_and_what_is_left_to_do() -> None:
    lines = texts(digest.message(a.digest(), safe=True).blocks).split("*Day by day*")[0].splitlines()
    assert lines == [
        "Mailbox sync, the last week",
        "Mon 16 November 2026, 09:00 to Mon 23 November 2026, 09:00 (Europe/Zurich)",
        "1,204 of 1,210 mailboxes synced. 2 failures are unresolved ⚠️",
        "*Synced*",
        "1,204 mailboxes, 3,671 changes",
        "*Failed*",
        "15 failures of 9 mailboxes",
        "*Healed by themselves*",
        "11 failures",
        "*Healed by a click*",
        "2 failures",
        "*Unresolved now*",
        "2 failures of 2 mailboxes",
        "*Oldest last success*",
        "3 days ago",
        "*What is failing now*",
        "• Larger than Gmail takes: 1 failure of 1 mailbox. *Remedy:* Share the attachment through Drive.",
        "• Exchange is busy: 1 failure of 1 mailbox. May heal by itself. *Remedy:* Check it if it lasts.",
    ]


def test_its_charts_are_as_slack_documents_them_and_stand_in_the_words_too() -> None:
    failures, changes = charts()
    assert failures["title"] == "Failures that began and that healed"
    assert [series["name"] for series in failures["chart"]["series"]] == ["Failed", "Healed"]
    assert failures["chart"]["axis_config"] == {
        "categories": ["Mon 16", "Tue 17", "Wed 18", "Thu 19", "Fri 20", "Sat 21", "Sun 22"]
    }
    assert changes["chart"]["series"][0]["data"][5] == {"label": "Sat 21", "value": 1_204}
    assert check_blocks([failures, changes], "message") == []
    text = digest.message(a.digest()).text
    assert "Failures that began and that healed: Mon 16: Failed 3, Healed 1; Tue 17: Failed 0," in text
    assert "Changes synced: Mon 16: 812; Tue 17: 640" in text
    assert "Fri 20" not in text, "nothing happened then"


def test_where_charts_are_not_drawn_the_parts_are_told_in_words() -> None:
    message = told.message(a.digest(), safe=True)
    assert "Wed 18: 905 changes, 9 failed, 4 healed" in texts(message.blocks)
    assert {block["type"] for block in message.blocks} <= {"header", "context", "section"}


def test_a_day_is_told_by_the_channels_clock() -> None:
    began = datetime(2026, 10, 24, 7, 0, tzinfo=UTC)
    parts = tuple(DigestPart(began + n * 3 * a.HOUR, failed=1) for n in range(9))
    card = a.digest(is_weekly=False, begins_at=began, ends_at=began + 25 * a.HOUR, parts=parts)
    message = digest.message(card)
    assert message.text.startswith("Mailbox sync, the last day: ")
    assert "Sat 24 October 2026, 09:00 to Sun 25 October 2026, 09:00" in message.text
    (failures,) = [block for block in message.blocks if block["type"] == "data_visualization"]
    labels = failures["chart"]["axis_config"]["categories"]
    assert labels == ["09:00", "12:00", "15:00", "18:00", "21:00", "00:00", "02:00", "05:00", "08:00"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"unresolved": 0, "causes": ()}, "1,204 of 1,210 mailboxes synced, and nothing is failing ✅"),
        ({"mailboxes": 0}, "no mailbox to tell of."),
        ({"is_late": True}, "Late: it was due <!date^"),
        ({"is_filtered": True}, "Only what this channel subscribed to"),
        ({"never_synced": 1}, "*Never synced*\n1 mailbox"),
        ({"dismissed": 4}, "*Dismissed*\n4 failures"),
        ({"oldest_success_at": None}, "*Oldest last success*\nnone yet"),
        ({"more_causes": 3}, "and 3 more causes"),
        ({"support_contact": "help@msp.example"}, "contact help@msp.example"),
        ({"is_preview": True}, "Mailbox sync so far, this week"),
    ],
)
def test_what_is_different_is_said(changed: dict[str, Any], says: str) -> None:
    assert says in texts(digest.message(a.digest(**changed)).blocks)


def test_where_nothing_happened_there_is_no_chart() -> None:
    assert charts(parts=tuple(DigestPart(a.NOON + n * a.HOUR) for n in range(7))) == []


def test_a_chart_keeps_to_its_limits() -> None:
    many = [f"{n} and a very long label" for n in range(30)]
    block = bar_chart("x" * 80, many, [Series("y" * 40, list(range(-5, 25)))] * 9)
    assert [fault for fault in check_blocks([block], "message") if "unique" not in str(fault)] == []
    assert block["chart"]["series"][0]["data"][-1]["value"] == 24
