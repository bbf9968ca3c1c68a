"""The documents of --json: stable, documented, complete and plain."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.cli.as_json import document
from bot.cli.findings import Followed, Undecided
from bot.domain.values import MailboxId
from bot.ports.batches import BatchProgress
from bot.views import Choice, ErrorList, MailboxRef, Page, RetryStarted, Suggestions
from tests.integration.store.words import item_failed, started
from tests.project import reference
from tests.unit.cli.conftest import Terminal

REF = MailboxRef(MailboxId(1), "a@old.example", "a@new.example")
STARTED = RetryStarted(REF, "b" * 32, 2, 0)
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PROGRESS = BatchProgress(2, 1, 0, 0, 1, 0, AT)
EVERY_COMMAND = [
    ["status"],
    ["status", "m1@old.example"],
    ["status", "m2@old.example"],
    ["list"],
    ["history", "m1@old.example"],
    ["errors", "m1@old.example"],
]


def keys(node: Any) -> Iterator[str]:
    """Every key at every depth, without the names of the states that are counted."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from keys(value) if not key.startswith("by_") else ()
    elif isinstance(node, list):
        for member in node:
            yield from keys(member)


def documented() -> set[str]:
    section = reference.page("cli.md").read_text(encoding="utf-8").partition("## JSON")[2]
    return set(re.findall(r"[`\"]([a-z_0-9]+)[`\"]", section))


@pytest.mark.parametrize("words", EVERY_COMMAND, ids=" ".join)
def test_every_key_of_a_command_is_documented(company: Terminal, words: list[str]) -> None:
    company.record(started(41, "r8"), item_failed(42))
    found = company.json(*words)
    assert not set(keys(found)) - documented()
    assert not company(*words, "--json").stderr


@pytest.mark.parametrize(
    "finding",
    [
        Followed(STARTED, PROGRESS, (), waited=True),
        Suggestions("b@old.example", (REF,)),
        Choice("a@old.example", ()),
        Undecided(ErrorList(REF, (), Page(1, 8, 2), may_act=True, retryable=2)),
    ],
    ids=lambda finding: type(finding).__name__,
)
def test_every_key_of_a_request_or_an_error_is_documented(finding: Any) -> None:
    assert not set(keys(document(finding))) - documented()


@pytest.mark.parametrize(
    ("progress", "state"),
    [
        (None, "unknown"),
        (BatchProgress(2, 0, 0, 0, 2, 0, AT), "waiting"),
        (BatchProgress(2, 0, 0, 0, 2, 1, AT), "trying"),
        (BatchProgress(2, 0, 0, 0, 1, 1, AT), "trying"),
        (BatchProgress(2, 0, 0, 0, 0, 1, AT), "sent"),
        (BatchProgress(2, 1, 0, 0, 0, 1, AT), "sent"),
        (BatchProgress(2, 1, 1, 0, 0, 1, None), "ended"),
        (BatchProgress(2, 0, 0, 2, 0, 0, None), "ended"),
    ],
)
def test_the_state_of_a_request_says_who_has_it(progress: BatchProgress | None, state: str) -> None:
    assert document(Followed(STARTED, progress, (), waited=False))["state"] == state


def test_times_are_iso_in_utc_and_states_are_the_panels(company: Terminal) -> None:
    card = company.json("status", "m1@old.example")
    assert datetime.fromisoformat(card["latest_sync_at"]).utcoffset() == timedelta(0)
    assert (card["status"], card["stage"], card["delta"]) == ("Synced", "Synced", "up to date")
    assert card["activity"] == [{"service": "email", "changes": 1200, "bytes": 5_000_000, "failed": 2}]
    assert company.json("status")["by_status"]["Failed"] == 1


def test_what_others_wrote_cannot_act_in_a_terminal(company: Terminal) -> None:
    company.record(item_failed(9, "i3", subject="\x1b[31mred\x9b\u202e\nnext", folder="\N{SNOWMAN}"))
    said = company("errors", "m1@old.example", "--json", "--subjects").stdout
    assert said.isascii()
    assert not [char for char in said if not char.isprintable() and char != "\n"]
    subjects = [line["subject"] for line in company.json("errors", "m1@old.example", "--subjects")["errors"]]
    assert "\x1b[31mred\x9b\u202e\nnext" in subjects
