"""The history says what it lists, and leads to where failures began."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from blocks import history, last_good, trend
from blocks.kit import Block
from blocks.look import USUAL, Look
from blocks.values import CardValue, HistoryValue
from bot.domain.values import Outcome, RunStatus, Trigger
from bot.views import CardKind, CardRef, HistoryList, Page
from tests.unit.blocks import examples as a
from tests.unit.blocks.reading import buttons, objects, texts

REF = CardRef(CardKind.HISTORY, a.ALICE.id)
WHERE = CardRef(CardKind.LAST_GOOD, a.ALICE.id)
DAYS = a.run_days((24, 0, 0), (0, 0, 0), (20, 3, 1))


def listed(total: int = 1, **more: Any) -> HistoryList:
    return HistoryList(a.ALICE, (a.run(),) if total else (), Page(1, 10, total), **more)


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (listed(0), "No sync of alice@contoso.com has run yet."),
        (listed(), "alice@contoso.com has 1 entry in its history."),
        (listed(2, outcome=Outcome.FAILED), "alice@contoso.com has 2 entries that failed in its history"),
        (listed(2, outcome=Outcome.PARTIAL), "alice@contoso.com has 2 entries with failed items in its"),
        (listed(0, outcome=Outcome.RUNNING), "alice@contoso.com has no entry in progress in its history."),
        (
            listed(10_000, is_cut=True),
            "alice@contoso.com has more than 10,000 entries in its history. The newest of them are",
        ),
    ],
)
def test_a_history_says_how_many_of_which_it_lists(card: HistoryList, said: str) -> None:
    assert history.message(card, REF).text.startswith(said)
    assert said in texts(history.modal(card, REF).blocks)


@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_the_filter_shows_what_is_chosen_and_leads_to_everything_else(outcome: Outcome | None) -> None:
    for blocks in (history.message(listed(outcome=outcome), REF).blocks, history.modal(listed(), REF).blocks):
        (select,) = [one for one in objects(blocks) if one.get("type") == "static_select"]
        offered = [HistoryValue.decode(option["value"]).outcome for option in select["options"]]
        assert offered == [None, *Outcome]
        assert all(len(option["value"]) <= 150 for option in select["options"])
    (select,) = [e for e in objects(history.message(listed(outcome=outcome), REF).blocks) if "options" in e]
    assert HistoryValue.decode(select["initial_option"]["value"]).outcome is outcome


def test_where_nothing_has_happened_there_is_nothing_to_choose() -> None:
    shown = history.message(listed(0), REF).blocks
    assert not any(one.get("type") == "static_select" for one in objects(shown))
    assert "Find last good run" not in buttons(shown)
    assert "Find last good run" in buttons(history.modal(listed(0, outcome=Outcome.FAILED), REF).blocks)


def test_an_opened_entry_tells_services_changes_length_trigger_and_who() -> None:
    by_hand = a.run(trigger=Trigger.MANUAL, actor="U0ADA")
    card = HistoryList(a.ALICE, (by_hand,), Page(1, 10, 1))
    opened = replace(REF, entry=by_hand.key)
    for blocks in (history.message(card, REF).blocks, history.modal(card, opened).blocks):
        said = texts(blocks)
        assert "*Email*: 1,204 changes, 5 MB, 2 failed items" in said
        assert "Asked for by <@U0ADA>" in said
        assert "after 2 minutes 5 seconds" in said
    assert "Started by the schedule" in texts(history.message(listed(), REF).blocks)


def test_a_failed_run_says_why_also_where_the_engines_words_are_hidden() -> None:
    failed = a.run(status=RunStatus.FAILED, code="source_auth", cause="certificate expired", message=None)
    said = texts(history.message(HistoryList(a.ALICE, (failed,), Page(1, 10, 1)), REF).blocks)
    assert "*Error*: `source_auth` Certificate expired." in said


def test_an_interrupted_run_says_its_cause_once() -> None:
    told = "The process ended during the run"
    failed = a.run(status=RunStatus.FAILED, code="interrupted", cause=told, message=told)
    said = texts(history.message(HistoryList(a.ALICE, (failed,), Page(1, 10, 1)), REF).blocks)
    assert said.count(told) == 1


def test_a_message_has_containers_and_a_modal_has_buttons() -> None:
    kinds = [block["type"] for block in history.message(listed(), REF).blocks]
    assert "container" in kinds
    modal = history.modal(listed(), REF)
    assert "container" not in [block["type"] for block in modal.blocks]
    assert buttons(modal.blocks)["Details"]["accessibility_label"].startswith("Details of 2026-11-23 12:00")


def charts(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if block["type"] == "data_visualization"]


def test_the_trend_is_a_chart_where_slack_takes_one_and_always_words() -> None:
    card = listed(days=DAYS)
    said = (
        "*Runs of the last 3 days*: 44 synced, 3 with failed items, 1 failed; 4,400 changes.\n"
        "21 Nov: 24 synced; 23 Nov: 20 synced, 3 with failed items, 1 failed"
    )
    message, modal = history.message(card, REF), history.modal(card, REF)
    safe = history.message(card, REF, Look(safe=True))
    assert [said in texts(each.blocks) for each in (message, modal, safe)] == [True] * 3
    assert [len(charts(each.blocks)) for each in (message, modal, safe)] == [1, 0, 0]
    (chart,) = charts(message.blocks)
    assert chart["chart"]["axis_config"]["categories"] == ["21 Nov", "22 Nov", "23 Nov"]
    shown = {each["name"]: [d["value"] for d in each["data"]] for each in chart["chart"]["series"]}
    assert shown == {"Synced": [24, 0, 20], "With failed items": [0, 0, 3], "Failed": [0, 0, 1]}


def test_days_that_are_alike_are_told_together() -> None:
    days = a.run_days((24, 0, 0), (24, 0, 0), (24, 0, 0), (0, 0, 0), (23, 0, 1))
    said = texts(history.modal(listed(days=days), REF).blocks)
    assert "19 Nov to 21 Nov: 24 synced a day; 23 Nov: 23 synced, 1 failed" in said


def test_one_day_makes_no_chart_and_no_run_says_nothing() -> None:
    assert charts(trend.of_runs(a.run_days((1, 0, 0)), USUAL)) == []
    assert trend.of_runs(a.run_days((0, 0, 0), (0, 0, 0)), USUAL) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "The last good run before them ended 2026-11-23 12:02 UTC."),
        ({}, "began 2026-11-23 18:00 UTC, 1 day ago."),
        (
            {"good": None},
            "or earlier, 1 day ago. There was no good run since 2026-11-02 16:00 UTC, as far back",
        ),
        ({"good": None, "is_whole": True}, "began 2026-11-23 18:00 UTC, 1 day ago. It never had a good run."),
        ({"good": None, "oldest_at": None}, "No run is in the history."),
        ({"began_at": None}, "Nothing of alice@contoso.com fails now. Its last good run ended"),
        ({"began_at": None, "good": None}, "It has had no good run yet."),
    ],
)
def test_the_last_good_run_is_told_in_a_sentence(changed: dict[str, Any], said: str) -> None:
    assert said in last_good.message(a.last_good(**changed), WHERE).text


def test_where_failures_began_is_told_with_cause_remedy_and_who_did_what() -> None:
    for blocks in (
        last_good.message(a.last_good(), WHERE).blocks,
        last_good.modal(a.last_good(), WHERE).blocks,
    ):
        said = texts(blocks)
        assert "*Last good run*" in said
        assert "*First failing run after it*" in said
        assert "`source_auth`" in said
        assert "Certificate expired. *Remedy:* Renew the connection." in said
        assert "*Connection updated*" in said
        assert "by cli:ada" in said


def test_failures_without_a_run_say_so() -> None:
    assert "it failed outside of a run" in texts(last_good.message(a.last_good(run=None), WHERE).blocks)


def test_where_nobody_did_anything_that_is_said_too() -> None:
    assert "The audit log has nothing of it." in texts(last_good.message(a.last_good(deeds=()), WHERE).blocks)


def test_the_way_back_leads_to_the_history_of_the_mailbox() -> None:
    ways = buttons(last_good.modal(a.last_good(), WHERE).blocks)
    assert CardValue.decode(ways["View history"]["value"]).ref == REF
    assert CardValue.decode(ways["View audit log"]["value"]).ref == CardRef(CardKind.AUDIT, a.ALICE.id)
    assert not any("(shown)" in label for label in ways)


def test_a_run_that_took_no_time_is_no_trouble() -> None:
    quick = a.run(finished_at=a.NOON + timedelta(0))
    assert "less than a second" in texts(
        history.message(HistoryList(a.ALICE, (quick,), Page(1, 1, 1)), REF).blocks
    )
