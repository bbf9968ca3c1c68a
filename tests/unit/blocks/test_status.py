"""What the status card says of each state."""

import pytest

from blocks import status
from blocks.look import Look, Result
from blocks.values import MailboxValue
from bot.domain.values import Delta, Frequency, MailboxStatus, RunStatus, ServiceCounts, Stage, Unit
from bot.views import CardKind, CardRef, PolicyBadge, StatusCard
from tests.unit.blocks import examples as a
from tests.unit.blocks.reading import buttons, texts


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (a.status(), "*Status*\nSynced ✅"),
        (a.status(open_failures=3), "*Status*\nSynced with 3 failed items ⚠️"),
        (a.status(open_failures=1), "*Status*\nSynced with 1 failed item ⚠️"),
        (a.status(status=MailboxStatus.FAILED, open_failures=1), "*Status*\nFailed ❌"),
        (a.status(status=MailboxStatus.NEVER_SYNCED), "*Status*\nNever Synced ⚪"),
        (a.status(status=MailboxStatus.IN_PROGRESS), "*Status*\nIn Progress 🔄"),
        (a.status(), "*Policy*\nGold `Active` every 6 hours"),
        (
            a.status(
                policy=PolicyBadge(
                    "Old", active=False, frequency=Frequency(1, Unit.DAY), deletion_delay_days=0
                )
            ),
            "*Policy*\nOld `Inactive` every day",
        ),
        (
            a.status(
                policy=PolicyBadge(
                    "Old", active=False, frequency=Frequency(1, Unit.DAY), deletion_delay_days=0
                )
            ),
            "*Next scheduled sync*\nnone while the policy is inactive",
        ),
        (a.status(next_sync_at=None), "*Next scheduled sync*\nnot scheduled yet"),
        (a.status(), f"*Latest sync*\n{a.NOON_IN_SLACK}"),
        (a.status(latest_sync_at=None), "*Latest sync*\nnever"),
        (a.status(), "*Pipeline*\nSynced, up to date"),
        (a.status(delta=Delta.FAILED), "*Pipeline*\nSynced, last delta failed"),
        (a.status(stage=Stage.WAITING, delta=None), "*Pipeline*\nWaiting"),
        (a.status(overdue=True), "*Overdue*\nyes, no success within 1.5 times the frequency"),
        (a.running(1200, 4000), "1,200 of 4,000 items (30%) · 1,200 items a minute · about 2 minutes left"),
        (a.running(1200, None), "1,200 items so far · 1,200 items a minute"),
        (a.running(0, 4000), "0 of 4,000 items (0%) · pace unknown yet"),
        (a.running(None, None), f"*Delta sync running* since {a.NOON_IN_SLACK}\nno progress reported yet"),
        (a.status(syncing_requested=True), "Sync requested, it starts soon"),
        (a.status(open_failures=3), "*3 sync failures detected* ⚠️"),
        (a.status(open_failures=3, retrying=1), "*3 sync failures detected* ⚠️\n1 of them retrying now"),
        (a.status(), "`Source` Microsoft 365\nalice@contoso.com"),
        (a.status(), "`Destination` Google Workspace\nalice@contoso.net"),
        (a.status(history=(), history_total=0), "*Sync history*\nNo sync has run yet."),
        (a.status(history_total=37), "*Sync history*\nThe newest 2 of 37 entries"),
        (a.status(activity=()), "*Last sync activity*\nNothing was synced yet."),
    ],
)
def test_each_state_is_told_in_words(card: StatusCard, said: str) -> None:
    assert said in texts(status.message(card, a.STATUS).blocks)
    assert said in texts(status.modal(card, a.STATUS).blocks)


def test_a_mailbox_without_failures_shows_no_alert() -> None:
    message = status.message(a.status(), a.STATUS)
    assert "detected" not in texts(message.blocks)
    assert list(buttons(message.blocks)) == ["Sync now", "Refresh", "Share in channel"]


def test_failures_bring_their_two_buttons() -> None:
    shown = buttons(status.message(a.status(open_failures=3), a.STATUS).blocks)
    assert list(shown)[:2] == ["View errors", "Retry 3 items"]
    assert shown["Retry 3 items"]["confirm"]["text"]["text"] == (
        "Each of the 3 failures of alice@contoso.com is tried once more, now."
    )


def test_the_button_says_how_many_it_will_retry() -> None:
    shown = buttons(status.message(a.status(open_failures=3, retrying=2), a.STATUS).blocks)
    assert "confirm" not in shown["Retry 1 item"]


def test_when_all_are_being_retried_there_is_nothing_to_click() -> None:
    shown = buttons(status.message(a.status(open_failures=3, retrying=3), a.STATUS).blocks)
    assert [label for label in shown if label.startswith("Retry")] == []


def test_who_may_not_act_sees_no_button_that_acts() -> None:
    shown = buttons(status.message(a.status(open_failures=3, may_act=False), a.STATUS).blocks)
    assert list(shown) == ["View errors", "Refresh", "Share in channel"]


@pytest.mark.parametrize("busy", [{"syncing_requested": True}, {"status": MailboxStatus.IN_PROGRESS}])
def test_a_sync_under_way_cannot_be_asked_for_again(busy: dict[str, object]) -> None:
    assert "Sync now" not in buttons(status.message(a.status(**busy), a.STATUS).blocks)


def test_a_failed_sync_says_why_and_what_to_do() -> None:
    card = a.status(status=MailboxStatus.FAILED, open_failures=1, run_failure=a.run_line())
    message = status.message(card, a.STATUS)
    assert (
        "The newest sync failed: Certificate expired. *Remedy:* Renew the connection. `source_auth`\n"
        "Does not heal by itself."
    ) in texts(message.blocks)
    assert "Retry sync" in buttons(message.blocks)


def test_a_sync_that_keeps_failing_names_the_support_contact() -> None:
    card = a.status(open_failures=1, escalate=True, support_contact="help@partner.example")
    assert "It keeps failing: contact help@partner.example." in texts(status.message(card, a.STATUS).blocks)


def test_the_last_activity_is_a_table_and_fields_where_a_table_may_not_be() -> None:
    card = a.status(activity=(ServiceCounts("email", changes=1204, failed=2),))
    row = "Email\n1,204\nSynced with 2 failed items"
    assert row in texts(status.message(card, a.STATUS).blocks)
    assert "*Email*: 1,204 changes, 2 failed items\nSynced with 2 failed items" in texts(
        status.message(card, a.STATUS, Look(safe=True)).blocks
    )


def test_the_activity_of_a_failed_run_says_failed() -> None:
    assert "1,204\nFailed" in texts(
        status.message(a.status(activity_status=RunStatus.FAILED), a.STATUS).blocks
    )


def test_history_entries_open_on_a_click_in_a_message() -> None:
    blocks = status.message(a.status(), a.STATUS).blocks
    entry, run = [block for block in blocks if block["type"] == "container"]
    assert texts([entry["rich_text_title"]]) == " · Retry of 1 item: succeeded"
    assert "Asked for by <@U0ADA>" in texts(entry["child_blocks"])
    assert texts([run["rich_text_title"]]) == " · Delta sync: Synced with 2 failed items · 1,204 changes"
    assert "*Email*: 1,204 changes, 5 MB, 2 failed items\nStarted by the schedule" in texts(
        run["child_blocks"]
    )
    assert run["is_collapsible"]
    assert run["default_collapsed"]


def test_history_entries_open_by_button_in_a_modal() -> None:
    closed = status.modal(a.status(), a.STATUS)
    assert "Started by the schedule" not in texts(closed.blocks)
    assert "Details" in buttons(closed.blocks)
    opened = status.modal(a.status(), CardRef(CardKind.STATUS, a.ALICE.id, entry="run:1"))
    assert "Started by the schedule" in texts(opened.blocks)
    assert buttons(opened.blocks)["Hide details"]["accessibility_label"] == (
        "Hide details of 2026-11-23 12:00 UTC, Delta sync: Synced with 2 failed ite…"
    )


def test_a_modal_knows_which_card_it_shows() -> None:
    view = status.modal(a.status(), a.STATUS, Look(result=Result("Done.", "success"))).view
    assert view["callback_id"] == "card.view"
    assert (
        view["private_metadata"] == '{"v":1,"ref":{"kind":"status","mailbox":3,"page":1,"dismissed":false}}'
    )
    assert view["blocks"][0]["type"] == "alert"
    assert "Share in channel" not in buttons(view["blocks"])


def test_what_was_shared_is_not_shared_again() -> None:
    assert "Share in channel" not in buttons(status.message(a.status(), a.STATUS, Look(shared=True)).blocks)


def test_the_buttons_carry_the_mailbox() -> None:
    shown = buttons(status.message(a.status(open_failures=2, history_total=9), a.STATUS).blocks)
    for label in ("View errors", "Retry 2 items", "View all history", "Sync now"):
        assert MailboxValue.decode(shown[label]["value"]) == MailboxValue(mailbox=3)


def test_the_summary_for_notifications_is_the_whole_card_in_words() -> None:
    message = status.message(a.status(open_failures=3, retrying=1), a.STATUS)
    assert message.text.splitlines() == [
        "alice@contoso.com: Synced with 3 failed items. Latest sync 2026-11-23 12:00 UTC.",
        "Source Microsoft 365: alice@contoso.com",
        "Destination Google Workspace: alice@contoso.net",
        "Status: Synced with 3 failed items ⚠️",
        "Policy: Gold Active every 6 hours",
        "Latest sync: 2026-11-23 12:00 UTC",
        "Next scheduled sync: 2026-11-23 18:00 UTC",
        "Pipeline: Synced, up to date",
        "3 sync failures detected ⚠️",
        "1 of them retrying now",
        "Last sync activity",
        "Service: Email, Changes: 1,204, Status: Synced",
        "Sync history",
        "2 entries",
        "2026-11-23 12:00 UTC · Retry of 1 item: succeeded",
        "2026-11-23 12:00 UTC · Delta sync: Synced with 2 failed items · 1,204 changes",
        "As of 2026-11-23 12:00 UTC",
    ]
