"""The commands that look: what they show, hide, and end with."""

import csv
import io

import pytest

from bot.config import PREFIX
from bot.views import CardKind
from tests.integration.store.words import at, item_failed, item_synced, mailbox, policy, started
from tests.unit.cli.conftest import QUOTED, SENDER, SUBJECT, Terminal


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["status"], 1),
        (["status", "m1@old.example"], 1),
        (["status", "m2@new.example"], 1),
        (["status", "M3@OLD.example"], 0),
        (["status", "m3@old.example", "--subjects"], 0),
        (["status", "3"], 0),
        (["status", "nonsense"], 2),
        (["status", "twin@old.example"], 2),
        (["status", "m9@old.example"], 3),
        (["status", "999"], 3),
        (["list"], 0),
        (["list", "--status", "failed"], 0),
        (["list", "--status", "odd"], 2),
        (["list", "--page", "0"], 2),
        (["list", "--page", "1", "--all"], 2),
        (["history", "m2@old.example"], 0),
        (["history", "m2@old.example", "--limit", "0"], 2),
        (["history", "nobody@else.example"], 3),
        (["errors", "m1@old.example"], 1),
        (["errors", "m1@old.example", "--code", "network"], 0),
        (["errors", "m3@old.example"], 0),
        (["errors"], 2),
    ],
)
def test_the_exit_code_says_whether_it_fails(company: Terminal, words: list[str], code: int) -> None:
    said = company(*words)
    assert (said.exit_code, said.exception and type(said.exception)) == (code, SystemExit if code else None)


def test_the_status_shows_what_the_panel_shows(company: Terminal) -> None:
    said = company("status", "m1@old.example").stdout
    for shown in (
        "m1@old.example (Microsoft 365)",
        "m1@new.example (Google Workspace)",
        "Synced with 2 failed items",
        "Gold, Active, every hour",
        "2026-03-02 09:01 MEZ, 59 minutes ago",
        "not scheduled yet",
        "Synced, up to date",
        "2 sync failures detected",
        "syncbot errors m1@old.example",
        "Email: 1,200 changes, 4.8 MB, 2 failed items",
        "Sync history, 1 entry",
    ):
        assert shown in said


def test_a_failed_sync_says_why_and_what_to_do(company: Terminal) -> None:
    said = company("status", "m2@old.example").stdout
    assert "Failed" in said
    assert "Remedy: Renew the connection." in said
    assert "source_auth" in said
    assert "AADSTS" not in said


def test_a_sync_that_runs_and_one_that_is_overdue_say_so(company: Terminal) -> None:
    assert "no success within 1.5 times the frequency" not in company("status", "m1@old.example").stdout
    company.now = at(120)
    assert "no success within 1.5 times the frequency" in company("status", "m1@old.example").stdout
    company.record(started(121, "r4"))
    assert "In Progress" in company("status", "m1@old.example").stdout


def test_support_is_named_where_retries_do_not_help(
    company: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}SUPPORT_CONTACT", "help@partner.example")
    assert "help@partner.example" not in company("status", "m1@old.example").stdout
    for minute in (10, 20, 30):
        company.record(item_synced(minute), item_failed(minute + 1))
    assert "It keeps failing: contact help@partner.example." in company("status", "m1@old.example").stdout
    assert "Some keep failing: contact help@partner.example." in company("errors", "m1@old.example").stdout
    assert company.json("status", "m1@old.example")["support_contact"] == "help@partner.example"


def test_without_an_address_the_status_is_the_overview(company: Terminal) -> None:
    said = company("status").stdout
    assert "5 mailboxes: 2 have unresolved failures" in said
    assert "m1@old.example" in said
    assert "m3@old.example" not in said


def test_an_empty_database_is_no_failure(terminal: Terminal) -> None:
    said = terminal("status")
    assert (said.exit_code, "No mailbox is set up yet." in said.stdout) == (0, True)
    assert "No mailbox matches." in terminal("list").stdout
    assert "None resembles it either." in terminal("status", "a@b.example").stdout


@pytest.mark.parametrize("command", ["status", "history", "errors", "retry", "sync"])
def test_an_unknown_address_gets_the_closest_three(company: Terminal, command: str) -> None:
    said = company(command, "m9@old.example")
    assert said.exit_code == 3
    assert sum(f"m{n}@old.example" in said.stdout for n in (1, 2, 3)) == 3
    assert [each["source"] for each in company.json(command, "m9@old.example")["closest"]] == [
        f"m{n}@old.example" for n in (1, 2, 3)
    ]


@pytest.mark.parametrize("command", ["status", "history", "errors", "retry", "sync"])
def test_an_address_of_several_mailboxes_lists_them(company: Terminal, command: str) -> None:
    found = company.json(command, "twin@old.example")
    assert found["error"]["code"] == "several_mailboxes"
    numbers = [str(row["mailbox"]["id"]) for row in found["mailboxes"]]
    said = company(command, "twin@old.example")
    assert said.exit_code == 2
    assert f"For example: syncbot {command} {numbers[0]}" in said.stdout
    assert company.json("status", numbers[1])["mailbox"]["id"] == int(numbers[1])


def test_a_list_is_narrowed_by_status_and_policy(company: Terminal) -> None:
    def sources(*words: str) -> list[str]:
        return [row["mailbox"]["source"] for row in company.json("list", *words)["mailboxes"]]

    assert sources("--status", "failed") == ["m2@old.example"]
    assert sources("--status", "synced") == ["m1@old.example", "m3@old.example"]
    assert sources("--policy", "SILVER") == ["twin@old.example", "twin@old.example"]
    assert sources("--status", "never", "--policy", "gold") == []


def test_a_list_has_pages_of_fifty_or_all_at_once(terminal: Terminal) -> None:
    many = [mailbox(key=f"u{n:03}") for n in range(120)]
    terminal.record(policy(), *many)
    third = terminal.json("list", "--page", "3")
    assert third["page"] == {"number": 3, "count": 3, "size": 50, "total": 120}
    assert [row["mailbox"]["source"] for row in third["mailboxes"]] == [
        f"u{n}@old.example" for n in range(100, 120)
    ]
    assert "120 mailboxes, page 1 of 3" in terminal("list").stdout
    assert len(terminal.json("list", "--all")["mailboxes"]) == 120


def test_all_mailboxes_are_read_some_at_a_time(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.loading.ROWS_AT_ONCE", 7)
    terminal.record(policy(), *(mailbox(key=f"u{n:03}") for n in range(20)))
    listed = terminal.json("list", "--all")
    assert [row["mailbox"]["source"] for row in listed["mailboxes"]] == [
        f"u{n:03}@old.example" for n in range(20)
    ]
    assert listed["page"] == {"number": 1, "count": 1, "size": 20, "total": 20}


def test_the_history_goes_back_as_far_as_asked(company: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.desk.ENTRIES_AT_ONCE", 10)
    company.record(*(started(10 + n, f"more{n}") for n in range(24)))
    assert "the newest 10 of 25 entries" in company("history", "m1@old.example").stdout
    keys = [entry["key"] for entry in company.json("history", "m1@old.example", "--limit", "24")["history"]]
    assert keys == [f"more{n}" for n in reversed(range(24))]
    assert len(company.json("history", "m1@old.example", "--limit", "1000")["history"]) == 25


def test_a_history_is_narrowed_by_how_its_entries_came_out(company: Terminal) -> None:
    company.record(started(10, "live"))
    running = company("history", "m1@old.example", "--outcome", "running").stdout
    assert "Sync history of m1@old.example, in progress only: 1 entry" in running
    for outcome, found in (("running", 1), ("partial", 1), ("failed", 0), ("synced", 0)):
        shown = company.json("history", "m1@old.example", "--outcome", outcome)
        assert (len(shown["history"]), shown["history_total"], shown["has_more"]) == (found, found, False)
    assert company("history", "m1@old.example", "--outcome", "good").exit_code == 2


def test_all_errors_are_listed_however_many(company: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [line["id"] for line in company.json("errors", "m1@old.example")["errors"]]
    monkeypatch.setattr("bot.desk.FAILURES_AT_ONCE", 1)
    monkeypatch.setattr("bot.services.cards.PAGE_SIZE", dict.fromkeys(CardKind, 1))
    assert [line["id"] for line in company.json("errors", "m1@old.example")["errors"]] == whole
    assert len(whole) == 2


def test_errors_are_narrowed_to_a_code(company: Terminal) -> None:
    found = company.json("errors", "m1@old.example", "--code", "dest_rejected")
    assert [line["code"] for line in found["errors"]] == ["dest_rejected"]
    assert found["failures"] == 2
    assert (
        "2 unresolved failures, 1 of them shown"
        in company("errors", "m1@old.example", "--code", "dest_rejected").stdout
    )


@pytest.mark.parametrize("command", ["status", "history", "errors", "retry"])
def test_subjects_senders_and_engines_words_are_hidden(company: Terminal, command: str) -> None:
    for form in ([], ["--json"]):
        said = company(command, "m1@old.example", *form).output
        assert "m1@old.example" in said
        assert not [secret for secret in (SUBJECT, SENDER, QUOTED) if secret in said]


def test_subjects_are_shown_to_those_who_ask(company: Terminal) -> None:
    said = company("errors", "m1@old.example", "--subjects").stdout
    assert SUBJECT in said
    assert f"from {SENDER}" in said
    assert QUOTED in said
    line = company.json("errors", "m1@old.example", "--subjects")["errors"][0]
    assert (line["subject"], line["sender"], line["message"]) == (SUBJECT, SENDER, QUOTED)


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_settings_that_cannot_be_used_are_told(
    company: Terminal, monkeypatch: pytest.MonkeyPatch, form: list[str]
) -> None:
    monkeypatch.setenv(f"{PREFIX}PORT", "hunter2")
    said = company("status", *form)
    assert said.exit_code == 2
    assert "SYNCBOT_PORT" in (said.stdout if form else said.stderr)
    assert "hunter2" not in said.output


def test_looking_leaves_nothing_in_the_audit_log(company: Terminal) -> None:
    before = company.audit()
    for words in (["status"], ["list"], ["errors", "m1@old.example"], ["history", "m1@old.example"]):
        company(*words)
    assert company.audit() == before


def test_errors_are_written_as_csv_with_subjects_only_where_asked_for(company: Terminal) -> None:
    said = company("errors", "m1@old.example", "--csv")
    rows = list(csv.DictReader(io.StringIO(said.stdout)))
    assert (said.exit_code, len(rows)) == (1, 2)
    assert {row["source"] for row in rows} == {"m1@old.example"}
    assert SUBJECT not in said.stdout
    assert SUBJECT in company("errors", "m1@old.example", "--csv", "--subjects").stdout
    assert company("errors", "m3@old.example", "--csv").exit_code == 0
    assert company("errors", "m1@old.example", "--csv", "--json").exit_code == 2
