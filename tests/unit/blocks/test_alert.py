"""What a channel reads while failures last, and when they are over."""

from blocks import alert
from blocks.values import FailureValue, MailboxValue
from bot.domain.values import SYSTEM, MailboxStatus
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
        )
    )


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
    assert "and 2 more failures" in texts(message.blocks)
    assert list(buttons(message.blocks))[-3:] == ["View all 7 errors", "Retry 7 items", "View status"]


def test_every_button_names_the_alert_so_that_an_orphan_can_be_repaired() -> None:
    shown = buttons(alert.message(a.alert(a.line(1), a.line(2))).blocks)
    assert FailureValue.decode(shown["Retry"]["value"]).alert == 9
    for label in ("View all 2 errors", "Retry 2 items", "View status"):
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
