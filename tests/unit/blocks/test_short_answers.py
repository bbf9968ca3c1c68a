"""The wording of lists, choices, notices and the answer to a retry."""

from datetime import timedelta

import pytest

from blocks import choose, failures, history, mailboxes, notice, overview, retrying, search
from blocks import help as manual
from blocks.entries import headline
from blocks.surface import Message, Modal
from blocks.values import CardValue, ChoiceValue
from bot.domain.values import Delta, MailboxStatus, RunKind, RunStatus, Stage
from bot.views import (
    CardKind,
    CardRef,
    CauseGroup,
    Choice,
    FailingMailbox,
    FailureGroups,
    HistoryEntry,
    HistoryList,
    IncidentRetried,
    MailboxList,
    MailboxRow,
    Overview,
    Page,
    RetryStarted,
    SearchResult,
    Suggestions,
)
from tests.unit.blocks import examples as a
from tests.unit.blocks.reading import buttons, texts

LIST = CardRef(CardKind.LIST, page=2)
UNEXPECTED = (
    "Something went wrong, and it is not your doing. Try again in a minute. "
    "If it happens again, give your admin this reference: 3f2a"
)
ROW = MailboxRow(a.ALICE, MailboxStatus.SYNCED, "Gold", a.NOON, open_failures=0)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (a.retry(requested=1, succeeded=1), "Retry of 1 item: succeeded"),
        (a.retry(requested=1, failed=1), "Retry of 1 item: failed"),
        (a.retry(requested=1, unanswered=1), "Retry of 1 item: refused or unanswered"),
        (a.retry(requested=1), "Retry of 1 item: still retrying"),
        (
            a.retry(requested=5, succeeded=3, failed=1),
            "Retry of 5 items: 3 succeeded, 1 failed, 1 still retrying",
        ),
        (a.run(), "Delta sync: Synced with 2 failed items · 1,204 changes"),
        (a.run(services=(), kind=RunKind.INITIAL), "Initial sync: Synced · 0 changes"),
        (a.run(status=RunStatus.FAILED, services=()), "Delta sync: Failed · 0 changes"),
        (
            a.run(status=RunStatus.RUNNING, services=(), done=1, total=4),
            "Delta sync: In Progress, 1 of 4 items (25%) · 0 changes",
        ),
    ],
)
def test_each_history_entry_says_how_it_ended(entry: HistoryEntry, said: str) -> None:
    assert headline(entry) == said


@pytest.mark.parametrize(
    ("started", "said"),
    [
        (RetryStarted(a.ALICE, "b", 1, 0), "Retrying 1 item of alice@contoso.com now 🔄"),
        (
            RetryStarted(a.ALICE, "b", 3, 2),
            "Retrying 3 items of alice@contoso.com now 🔄. 2 items are being retried already.",
        ),
        (
            RetryStarted(a.ALICE, "b", 0, 1),
            "Nothing new to retry for alice@contoso.com: 1 item is being retried already.",
        ),
        (RetryStarted(a.ALICE, "b", 0, 0), "Nothing new to retry for alice@contoso.com."),
        (RetryStarted(a.ALICE, "b", 1, 0, whole_mailbox=True), "Sync of alice@contoso.com requested 🔄"),
    ],
)
def test_a_click_on_retry_is_answered_with_what_it_did(started: RetryStarted, said: str) -> None:
    assert retrying.message(started).text == said
    assert retrying.result(started).text == said


def test_an_unknown_address_brings_up_to_three_close_ones() -> None:
    message = choose.message(Suggestions("alcie@contoso.com", (a.ALICE,) * 5, purpose="errors"), a.STATUS)
    assert texts(message.blocks[:1]) == "No mailbox has the address “alcie@contoso.com”. Did you mean:"
    assert [e["action_id"] for e in message.blocks[1]["elements"]] == [
        "mailbox.choose:1",
        "mailbox.choose:2",
        "mailbox.choose:3",
    ]
    value = message.blocks[1]["elements"][0]["value"]
    assert ChoiceValue.decode(value) == ChoiceValue(mailbox=3, purpose="errors")


def test_several_matches_are_told_apart_by_what_is_known_of_them() -> None:
    message = choose.message(Choice("alice", (ROW, ROW)), a.STATUS)
    assert "More than one mailbox answers to “alice”. Which one?" in texts(message.blocks)
    assert f"Synced ✅ · Gold · latest sync {a.NOON_IN_SLACK}" in texts(message.blocks)


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (
            SearchResult("x", (), Page(1, 10, 0)),
            "No mailbox matches “x”. Try a part of the address or of the domain.",
        ),
        (SearchResult("x", (ROW,), Page(1, 10, 1)), "1 mailbox matches “x”."),
        (SearchResult("<b>", (ROW,), Page(1, 10, 2)), "2 mailboxes match “&lt;b&gt;”."),
        (
            SearchResult("x", (ROW,), Page(1, 10, 1), is_close=True),
            "No mailbox matches “x”. 1 address is close to it:",
        ),
        (
            SearchResult("x", (ROW,), Page(1, 10, 2), is_close=True),
            "No mailbox matches “x”. 2 addresses are close to it:",
        ),
        (
            SearchResult("x", (ROW,), Page(1, 10, 300), more=True),
            "More than 300 mailboxes match “x”. Type more of the address.",
        ),
    ],
)
def test_a_search_says_how_many_it_found(card: SearchResult, said: str) -> None:
    assert search.message(card, CardRef(CardKind.SEARCH)).text.startswith(said)


def test_a_list_says_what_it_is_filtered_by_and_turns_its_pages() -> None:
    card = MailboxList((ROW,), Page(2, 10, 47), MailboxStatus.FAILED, "Gold", a.NOON)
    message = mailboxes.message(card, LIST)
    assert message.text.startswith("47 mailboxes with status Failed under policy Gold")
    assert "Page 2 of 5 · 47 mailboxes" in texts(message.blocks)
    shown = buttons(message.blocks)
    assert CardValue.decode(shown["Previous page"]["value"]).ref.page == 1
    assert CardValue.decode(shown["Next page"]["value"]).ref.page == 3
    assert shown["View status"]["accessibility_label"] == "View status of alice@contoso.com"


def test_a_history_without_entries_says_so() -> None:
    card = HistoryList(a.ALICE, (), Page(1, 10, 0))
    assert history.message(card, a.STATUS).text == "No sync of alice@contoso.com has run yet."


def test_failures_are_grouped_by_what_to_do_about_them() -> None:
    group = CauseGroup(
        code="source_auth",
        cause="certificate expired",
        remedy="renew the connection",
        heals_by_itself=False,
        failures=40,
        mailboxes=12,
        examples=(a.ALICE,) * 3,
        since=a.NOON,
    )
    message = failures.message(FailureGroups((group,), 40, 12, a.NOON), CardRef(CardKind.FAILURES))
    assert message.text.splitlines()[:5] == [
        "40 unresolved failures of 12 mailboxes, by 1 cause.",
        "40 failures of 12 mailboxes source_auth since 2026-11-23 12:00 UTC",
        "Certificate expired. Remedy: Renew the connection.",
        "Does not heal by itself.",
        "Mailboxes: alice@contoso.com, alice@contoso.com, alice@contoso.com and 9 more",
    ]


def test_the_overview_gives_numbers_pipeline_and_freshness() -> None:
    card = Overview(
        mailboxes=1_000_000,
        by_status={MailboxStatus.SYNCED: 999_999, MailboxStatus.FAILED: 1},
        by_stage={Stage.SYNCED: 1_000_000},
        by_delta={Delta.UP_TO_DATE: 999_999, Delta.FAILED: 1},
        overdue=1,
        bytes=3 * 1024**4,
        changes_24h=12_345,
        newest_success_at=a.NOON,
        oldest_success_at=a.NOON - timedelta(days=3),
        open_failures=2,
        failing_total=1,
        failing=(
            FailingMailbox(a.ALICE, MailboxStatus.FAILED, 2, "source_auth", "certificate expired", a.NOON),
        ),
        as_of=a.NOON + a.HOUR,
    )
    message = overview.message(card, CardRef(CardKind.OVERVIEW))
    assert message.text.splitlines() == [
        "1,000,000 mailboxes: 1 has unresolved failures ⚠️",
        "Status: Never Synced: 0",
        "Synced: 999,999",
        "In Progress: 0",
        "Failed: 1",
        "Unresolved failures: 2",
        "Data synced: 3 TB",
        "Changes in the last 24 hours: 12,345",
        "Newest success: 2026-11-23 12:00 UTC, 1 hour ago",
        "Oldest last success: 2026-11-20 12:00 UTC, 3 days 1 hour ago",
        "Overdue: 1 mailbox",
        "Pipeline",
        "Waiting 0 → Initial sync 0 → Synced 1,000,000",
        "Of those synced: 999,999 up to date, 0 running, 1 last delta failed",
        "Mailboxes with failures",
        "alice@contoso.com",
        "Failed ❌ · 2 failures since 2026-11-23 12:00 UTC",
        "Certificate expired. source_auth",
        "As of 2026-11-23 13:00 UTC",
    ]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (notice.sentence("Done & dusted."), "Done &amp; dusted."),
        (notice.refusal("Only operators may retry."), "Not done. Only operators may retry."),
        (
            notice.unexpected("3f2a"),
            UNEXPECTED,
        ),
    ],
)
def test_notices_are_a_sentence(message: Message, said: str) -> None:
    assert message.text == said


@pytest.mark.parametrize(
    ("modal", "title"),
    [
        (notice.loading(), "Mailbox sync"),
        (notice.refusal_modal("No."), "Not allowed"),
        (notice.unexpected_modal("3f2a"), "Something went wrong"),
        (notice.sentence_modal("Done."), "Mailbox sync"),
    ],
)
def test_modal_notices_have_titles_that_fit(modal: Modal, title: str) -> None:
    assert modal.view["title"]["text"] == title
    assert "submit" not in modal.view


def test_the_lookup_form_asks_for_an_address() -> None:
    view = notice.lookup_form("alice").view
    assert (view["callback_id"], view["submit"]["text"]) == ("lookup.submit", "Look up")
    field = view["blocks"][0]
    assert (field["block_id"], field["element"]["action_id"]) == (notice.LOOKUP_BLOCK, "lookup.address")
    assert field["element"]["initial_value"] == "alice"


def test_help_shows_usage_purpose_and_example() -> None:
    message = manual.message((("/sync retry email [item|all]", "Tries again.", "/sync retry a@b.c all"),))
    assert texts(message.blocks[1:]) == (
        "`/sync retry email [item|all]`\nTries again.\nExample: `/sync retry a@b.c all`"
    )


def test_a_retry_of_an_incident_says_how_many_and_until_when() -> None:
    capped = retrying.of_incident(IncidentRetried("certificate expired", 500, 9_812, a.NOON))
    assert capped.text == (
        "Retrying 500 mailboxes, one after another 🔄 The last of them starts 2026-11-23 12:00 UTC. "
        "9,312 mailboxes are left: press the button again for more. Cause: Certificate expired."
    )
    assert a.NOON_IN_SLACK in texts(capped.blocks)
    one = retrying.of_incident(IncidentRetried("certificate expired", 1, 1, a.NOON))
    assert one.text == "Retrying 1 mailbox 🔄 Cause: Certificate expired."
