"""What a channel reads while failures last, and when they are over."""

import pytest

from blocks import alert, told
from blocks.values import FailureValue, MailboxValue
from bot.domain.values import SYSTEM, MailboxId, MailboxStatus
from bot.views import Dismissal, MailboxRef
from tests.unit.blocks import examples as a
from tests.unit.blocks.reading import buttons, objects, texts


def test_a_new_failure_says_what_why_and_what_to_do() -> None:
    message = alert.message(a.alert(a.line()))
    assert texts(message.blocks) == "\n".join(
        (
            "1 sync failure: alice@contoso.com",
            "to alice@contoso.net · policy Gold",
            f"since {a.NOON_IN_SLACK}",
            "1 unresolved · next sync <!date^1795456800^{date_short_pretty} {time}|2026-11-23 18:00 UTC>",
            f"*Inbox · 38 MB · received {a.NOON_IN_SLACK}*",
            a.TOO_LARGE,
            "Does not heal by itself.",
            "Retry",
            "View error",
            "View status",
            "Acknowledge",
            "Snooze 1 hour",
            "Snooze 4 hours",
            "Snooze until tomorrow 08:00",
            "Dismiss…",
        )
    )


def test_a_mention_above_it_leaves_its_text_short_enough() -> None:
    """Slack would refuse the whole message."""
    lines = (a.line(n, cause=f"{n}" * 300, remedy="y" * 300, folder="z" * 120) for n in range(1, 6))
    card = a.alert(*lines, mailbox=MailboxRef(MailboxId(3), "s" * 320, "d" * 320))
    assert len(told.message(card).text) == 4_000
    shown = told.message(card, "S0ONCALL")
    assert shown.text.startswith("<!subteam^S0ONCALL> ")
    assert len(shown.text) <= 4_000


def test_the_notification_tells_the_mailbox_and_the_cause_first() -> None:
    first = alert.message(a.alert(a.line(1), a.line(2))).text.splitlines()[0]
    assert first == "2 sync failures: alice@contoso.com. Larger than Gmail takes."


def test_a_channel_never_reads_subject_sender_or_raw_error() -> None:
    message = alert.message(a.alert(a.line(last_retry_detail="Q3 again")))
    for private in ("Q3", "numbers", "Bob", "413"):
        assert private not in texts(message.blocks)
        assert private not in message.text


def test_five_are_shown_and_the_others_counted() -> None:
    message = alert.message(a.alert(*(a.line(n) for n in range(1, 8))))
    retries = [n for n in objects(message.blocks) if n.get("action_id") == "failure.retry"]
    assert [FailureValue.decode(n["value"]).failure for n in retries] == [1, 2, 3, 4, 5]
    assert list(buttons(message.blocks))[-2:] == ["Retry 7 items", "View all 7 errors"]


def test_what_several_failures_have_in_common_is_said_once() -> None:
    gmail_is_down = a.line(3, cause="Gmail is down", code="dest_unavailable", heals_by_itself=True)
    shown = texts(alert.message(a.alert(a.line(1), a.line(2), gmail_is_down, a.line(4))).blocks)
    assert shown.count("Larger than Gmail takes") == 1
    assert shown.count("Does not heal by itself.") == 1
    assert shown.index(a.TOO_LARGE) < shown.index("*Inbox") < shown.index("Gmail is down")


def test_one_of_several_that_is_being_retried_says_so() -> None:
    shown = texts(alert.message(a.alert(a.retrying_line(), a.line(2))).blocks)
    assert shown.count("Larger than Gmail takes") == 1
    assert shown.count("*Retrying*") == 1


def test_every_button_names_the_alert_so_that_an_orphan_can_be_repaired() -> None:
    shown = buttons(alert.message(a.alert(a.line(1), a.line(2))).blocks)
    assert FailureValue.decode(shown["Retry"]["value"]).alert == 9
    for label in ("View all 2 errors", "Retry 2 items"):
        assert MailboxValue.decode(shown[label]["value"]) == MailboxValue(mailbox=3, alert=9)


def test_a_retry_under_way_shows_who_asked_and_no_button() -> None:
    message = alert.message(a.alert(a.retrying_line()))
    assert f"*Retrying* since {a.NOON_IN_SLACK}, asked for by <@U0ADA> 🔄" in texts(message.blocks)
    assert list(buttons(message.blocks)) == ["View error", "View status"]


def test_a_failed_sync_is_one_line_with_its_own_retry() -> None:
    message = alert.message(a.alert(a.run_line(), status=MailboxStatus.FAILED))
    assert message.text.startswith("Sync failed: alice@contoso.com. Certificate expired.")
    assert "Retry sync" in buttons(message.blocks)
    assert "*The sync as a whole*" in texts(message.blocks)


def test_what_is_healed_is_told_in_two_lines() -> None:
    card = a.alert(resolved=3, cleared_at=a.NOON + 2 * a.HOUR, resolved_by=("U0ADA", SYSTEM))
    message = alert.message(card)
    assert texts(message.blocks) == "\n".join(
        (
            "Healed: all 3 sync failures of alice@contoso.com are resolved ✅",
            "by <@U0ADA> and System",
            "lasted 2 hours",
            f"opened {a.NOON_IN_SLACK}",
            "View status",
        )
    )


def test_one_healed_failure_is_not_called_all() -> None:
    message = alert.message(a.alert(resolved=1, cleared_at=a.NOON + a.HOUR))
    assert message.text.startswith("Healed: the sync failure of alice@contoso.com is resolved ✅")


def test_what_keeps_failing_names_the_support_contact() -> None:
    card = a.alert(a.line(), escalate=True, support_contact="help@partner.example")
    assert "It keeps failing: contact help@partner.example." in texts(alert.message(card).blocks)


def test_at_most_two_buttons_and_a_menu_stand_below() -> None:
    for lines in ((a.line(),), (a.line(1), a.line(2)), (a.run_line(),)):
        (row,) = (block for block in alert.message(a.alert(*lines)).blocks if block["type"] == "actions")
        assert [element["type"] for element in row["elements"]] == ["button", "button", "overflow"]


OMAR = Dismissal("U0OMAR", 2, "Delivered by hand <b>")


@pytest.mark.parametrize(
    ("resolved", "dismissals", "first"),
    [
        (0, (OMAR,), "Over: all 2 sync failures of alice@contoso.com are dismissed"),
        (0, (Dismissal("U0OMAR", 1, "x"),), "Over: the sync failure of alice@contoso.com is dismissed"),
        (3, (OMAR,), "Over: of all 5 sync failures of alice@contoso.com, 3 are resolved and 2 dismissed"),
    ],
)
def test_what_was_only_accepted_is_not_called_healed(
    resolved: int, dismissals: tuple[Dismissal, ...], first: str
) -> None:
    card = a.alert(resolved=resolved, dismissals=dismissals, cleared_at=a.NOON + a.HOUR)
    message = alert.message(card)
    assert message.text.splitlines()[0] == first
    assert "Healed" not in message.text


def test_who_accepted_what_and_why_stands_on_the_message_while_more_fails_and_after() -> None:
    why = "Dismissed 2 items by <@U0OMAR>: Delivered by hand &lt;b&gt;"
    living = texts(alert.message(a.alert(a.line(), dismissals=(OMAR,))).blocks)
    assert why in living
    assert "1 unresolved · 2 dismissed" in living
    assert why in texts(alert.message(a.alert(dismissals=(OMAR,), cleared_at=a.NOON)).blocks)


def test_the_thread_does_not_call_healed_what_was_dismissed() -> None:
    assert told.reply(a.alert(dismissals=(OMAR,), cleared_at=a.NOON), 0).text == (
        "Over: what was left is dismissed."
    )
    assert told.reply(a.alert(resolved=1, cleared_at=a.NOON), 0).text == "Healed ✅"
