"""What the list of errors says of each failure, and to whom."""

from blocks import errors
from blocks.look import Look, Result
from blocks.values import FailureValue, MailboxValue
from bot.domain.values import RetryOutcome
from bot.views import ErrorList, Page
from tests.unit.blocks import examples as a
from tests.unit.blocks.reading import buttons, objects, texts

REPORT = """\
Sync failure report
Mailbox: alice@contoso.com -> alice@contoso.net

Failure: 1
Item: item-1
Service: email
Folder: Inbox
Size: 39845888 bytes
Received: 2026-11-23 12:00 UTC
Code: dest_too_large
Attempts: 3, 2026-11-23 11:00 UTC to 2026-11-23 12:00 UTC
Error: 413 Request Entity Too Large"""


def shown(card: ErrorList, look: Look | None = None) -> str:
    return texts(errors.modal(card, a.ERRORS, look or Look()).blocks)


def test_a_failed_item_says_which_why_and_what_to_do() -> None:
    assert shown(a.errors(a.line())).startswith(
        "\n".join(
            (
                "alice@contoso.com",
                "Overview",
                "History",
                "Errors (shown)",
                "alice@contoso.com has 1 unresolved failure.",
                "Retry 1 item",
                "Export CSV",
                "Support report",
                "Find last good run",
                "Refresh",
                "*1 of 1* · Q3 &lt;numbers&gt;",
                "From Bob &lt;bob@example.com&gt;",
                f"Inbox · 38 MB · received {a.NOON_IN_SLACK}",
                a.TOO_LARGE,
                "Does not heal by itself.",
                "413 Request Entity Too Large",
                f"3 attempts, first failed {a.ELEVEN_IN_SLACK}, last {a.NOON_IN_SLACK}",
                "Retry",
                "Dismiss…",
            )
        )
    )


def test_who_may_not_see_subjects_reads_that_they_are_hidden() -> None:
    said = shown(a.errors(a.line(subject=None, sender=None)))
    assert "Subject hidden" in said
    assert "From" not in said


def test_a_message_without_a_subject_is_not_called_hidden() -> None:
    assert "(no subject)" in shown(a.errors(a.line(subject="")))


def test_a_transient_failure_says_that_it_may_heal_and_when() -> None:
    assert "May heal by itself: the next sync tries it again." in shown(
        a.errors(a.line(heals_by_itself=True))
    )
    assert f"Tried again by itself {a.NOON_IN_SLACK}." in shown(
        a.errors(a.line(heals_by_itself=True, retry_at=a.NOON))
    )


def test_the_retry_button_says_which_item_to_a_screen_reader() -> None:
    button = buttons(errors.modal(a.errors(a.line(7)), a.ERRORS).blocks)["Retry"]
    assert button["accessibility_label"] == "Retry item 1 of 1, Inbox, too large"
    assert FailureValue.decode(button["value"]) == FailureValue(failure=7, mailbox=3, page=1)


def test_numbers_go_on_over_the_pages() -> None:
    card = a.errors(a.line(), page=Page(2, 5, 9))
    assert "*6 of 9*" in shown(card)
    assert list(buttons(errors.modal(card, a.ERRORS).blocks))[-1] == "Previous page"


def test_an_item_being_retried_shows_who_asked_in_place_of_the_button() -> None:
    modal = errors.modal(a.errors(a.retrying_line()), a.ERRORS)
    assert f"*Retrying* since {a.NOON_IN_SLACK}, asked for by <@U0ADA> 🔄" in texts(modal.blocks)
    assert [label for label in buttons(modal.blocks) if label.startswith("Retry")] == []


def test_how_the_last_retry_ended_stays_visible() -> None:
    line = a.line(last_retry=RetryOutcome.TIMED_OUT, last_retry_detail="no answer within 10 minutes")
    assert "The last retry got no answer in time: no answer within 10 minutes." in shown(a.errors(line))


def test_many_are_retried_only_after_a_question() -> None:
    button = buttons(errors.modal(a.errors(a.line(1), a.line(2)), a.ERRORS).blocks)["Retry 2 items"]
    assert button["confirm"]["confirm"]["text"] == "Retry 2 items"
    assert MailboxValue.decode(button["value"]) == MailboxValue(mailbox=3, page=1)


def test_who_may_not_act_has_nothing_to_retry_with() -> None:
    modal = errors.modal(a.errors(a.line(), may_act=False), a.ERRORS)
    always = ["Export CSV", "Support report", "Find last good run", "Refresh"]
    assert list(buttons(modal.blocks)) == ["Overview", "History", "Errors (shown)", *always]


def test_the_result_of_a_click_stands_on_top() -> None:
    result = Result("Retrying 1 item of alice@contoso.com now 🔄", "info")
    top = errors.modal(a.errors(a.line()), a.ERRORS, Look(result=result)).blocks[0]
    assert (top["type"], top["level"]) == ("alert", "info")
    safe = errors.modal(a.errors(a.line()), a.ERRORS, Look(result=result, safe=True)).blocks[0]
    assert safe["type"] == "section"


def test_the_top_says_by_itself_how_retries_stand() -> None:
    assert shown(a.errors(a.line(1), a.retrying_line(2))).startswith(
        "1 item retrying now. The result appears here."
    )
    assert shown(a.errors(a.line(last_retry=RetryOutcome.FAILED))).startswith(
        "The last retry of 1 item did not help."
    )
    assert shown(a.errors()).startswith("All failures are resolved.")


def test_what_keeps_failing_comes_with_a_report_for_support() -> None:
    modal = errors.modal(a.errors(a.line(escalate=True)), a.ERRORS)
    assert "*1 failure keeps coming back.* Send this report to help@partner.example:" in texts(modal.blocks)
    report = [n for n in objects(modal.blocks) if n.get("type") == "rich_text_preformatted"][-1]
    assert report["elements"][0]["text"] == REPORT


def test_a_shared_list_holds_neither_subjects_nor_senders_nor_raw_errors() -> None:
    line = a.line(last_retry=RetryOutcome.FAILED, last_retry_detail="Q3 again", escalate=True)
    message = errors.message(a.errors(line), a.ERRORS, Look(shared=True))
    for private in ("Q3", "Bob", "413"):
        assert private not in texts(message.blocks)
        assert private not in message.text
    assert "Subject hidden" in message.text


def test_an_empty_list_is_good_news() -> None:
    message = errors.message(a.errors(), a.ERRORS)
    assert message.text == "alice@contoso.com has no unresolved failures ✅"
