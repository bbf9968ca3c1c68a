"""The commands that act: what they ask for, how they follow it, and what they end with."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.cli.acting import _waits
from bot.cli.following import TAKEN_UP_WITHIN
from bot.domain.events import Event, SyncProgress
from bot.domain.values import RetryKey, RetryOutcome
from tests.integration.store.words import Store, completed, item_failed, item_synced, started, sync_failed
from tests.unit.cli.conftest import NOW, QUOTED, SUBJECT, Pauses, Terminal

Step = Callable[[Store], Awaitable[Any]]
M1, M2, M3 = "m1@old.example", "m2@old.example", "m3@old.example"
MINUTE = 60
"""Where NOW stands, in the minutes of tests.integration.store.words."""


class Bot:
    """A bot that runs beside the command line: it sends what waits, and its engine answers."""

    def __init__(self) -> None:
        self.keys: list[RetryKey] = []

    async def send(self, store: Store) -> None:
        due = await store.retries.lease_due(NOW, until=NOW + timedelta(minutes=1), limit=10)
        self.keys += [request.key for request in due]
        for key in self.keys:
            await store.retries.sent(key, NOW)

    async def try_in_vain(self, store: Store) -> None:
        (due,) = await store.retries.lease_due(NOW, until=NOW, limit=10)
        await store.retries.postpone(due.key, until=NOW + timedelta(seconds=2))

    async def refuse(self, store: Store) -> None:
        for key in self.keys:
            await store.retries.end(key, RetryOutcome.REFUSED, QUOTED, NOW)

    def answer(self, *answers: Callable[[str], Event]) -> Step:
        async def answered(store: Store) -> None:
            reports = (answer(key) for answer, key in zip(answers, self.keys, strict=True))
            await store.record(*reports, now=NOW)

        return answered


def heals(item: str) -> Callable[[str], Event]:
    return lambda key: item_synced(MINUTE, item, retry_id=key)


def fails(item: str) -> Callable[[str], Event]:
    return lambda key: item_failed(MINUTE, item, retry_id=key, message=QUOTED)


def items_of(terminal: Terminal) -> list[str]:
    return [str(line["id"]) for line in terminal.json("errors", M1)["errors"]]


def requested(terminal: Terminal) -> list[tuple[str, str, str]]:
    return [line for line in terminal.audit() if line[0] == "retry requested"]


def test_a_retry_of_all_is_followed_to_its_end(pauses: Pauses) -> None:
    bot = Bot()
    pauses.steps = [bot.send, bot.answer(heals("i1"), heals("i2"))]
    said = pauses.terminal("retry", M1, "--all", "--wait")
    assert (said.exit_code, said.stdout) == (0, f"Retry of 2 items of {M1}: succeeded.\n")
    assert requested(pauses.terminal) == [("retry requested", "Information", "cli:ada")]
    assert pauses.taken == 2


def test_a_retry_that_fails_ends_with_one_and_tells_where_to_look(pauses: Pauses) -> None:
    bot = Bot()
    pauses.steps = [bot.send, bot.answer(heals("i1"), fails("i2"))]
    said = pauses.terminal("retry", M1, "--all", "--wait")
    assert said.exit_code == 1
    assert f"Retry of 2 items of {M1}: 1 succeeded, 1 failed." in said.stdout
    assert f"syncbot errors {M1}" in said.stdout
    assert SUBJECT not in said.output


def test_only_the_item_that_was_named_is_retried(pauses: Pauses) -> None:
    bot, (first, second) = Bot(), items_of(pauses.terminal)
    pauses.steps = [bot.send, bot.answer(heals("i2"))]
    ended = pauses.terminal.json("retry", M1, "--item", second, "--item", "777", "--wait")
    assert (ended["state"], ended["requested"], ended["succeeded"]) == ("ended", 1, 1)
    assert ended["no_longer_failing"] == [777]
    assert items_of(pauses.terminal) == [first]


def test_the_only_failed_item_needs_no_name(pauses: Pauses) -> None:
    bot = Bot()
    pauses.terminal.record(item_synced(MINUTE, "i1"))
    pauses.steps = [bot.send, bot.answer(heals("i2"))]
    assert pauses.terminal("retry", M1, "--wait").exit_code == 0


def test_of_several_failed_items_one_must_be_named(company: Terminal) -> None:
    said = company("retry", M1)
    assert said.exit_code == 2
    assert "--item" in said.stdout
    assert all(item in said.stdout for item in items_of(company))
    assert company.json("retry", M1)["error"]["code"] == "several_items"
    assert not requested(company)


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["retry", M3], 4, "nothing_to_retry"),
        (["retry", M3, "--all"], 4, "nothing_to_retry"),
        (["retry", M1, "--item", "777"], 4, "nothing_to_retry"),
        (["retry", "nonsense"], 2, "bad_address"),
        (["sync", "999"], 3, "unknown_mailbox"),
    ],
)
def test_what_cannot_be_retried_is_refused(
    company: Terminal, words: list[str], code: int, error: str
) -> None:
    said = company(*words)
    assert (said.exit_code, said.stdout) == (code, "")
    assert said.stderr.startswith("syncbot: ")
    assert len(said.stderr.splitlines()) == 1
    assert company.json(*words)["error"] == {"code": error, "sentence": said.stderr[9:].strip()}
    assert not requested(company)


def test_all_and_single_items_exclude_each_other(company: Terminal) -> None:
    assert company("retry", M1, "--all", "--item", "1").exit_code == 2
    assert not requested(company)


def test_what_is_retried_already_is_retried_once(pauses: Pauses) -> None:
    (first, _) = items_of(pauses.terminal)
    assert pauses.terminal("retry", M1, "--item", first).exit_code == 0
    again = pauses.terminal("retry", M1, "--item", first)
    assert (again.exit_code, "already under way" in again.stderr) == (4, True)
    rest = pauses.terminal.json("retry", M1, "--all")
    assert (rest["requested"], rest["already_retrying"]) == (1, 1)


def test_a_sync_is_followed_to_its_end(pauses: Pauses) -> None:
    bot = Bot()
    pauses.steps = [
        bot.send,
        bot.answer(lambda key: started(MINUTE, "r9", retry_id=key, of="m3")),
        bot.answer(lambda key: completed(MINUTE, "r9", mailbox="m3", retry_id=key)),
    ]
    said = pauses.terminal("sync", M3, "--wait")
    assert (said.exit_code, said.stdout) == (0, f"Sync of {M3}: succeeded.\n")


def test_on_a_terminal_the_progress_of_the_run_is_shown(
    pauses: Pauses, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = Bot()
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    pauses.steps = [
        bot.send,
        bot.answer(lambda key: started(MINUTE, "r9", retry_id=key, of="m3")),
        bot.answer(lambda _key: SyncProgress(NOW, "m3", "r9", 300, 1_000)),
        bot.answer(_completed),
    ]
    told = pauses.terminal("sync", M3, "--wait").stderr
    for stage in ("Waiting for a bot to take it up", "The engine is at work", "300 of 1,000 items (30%)"):
        assert stage in told


@pytest.mark.parametrize(("option", "waits"), [(None, True), (True, True), (False, False)])
def test_on_a_terminal_waiting_is_the_default(
    monkeypatch: pytest.MonkeyPatch, *, option: bool | None, waits: bool
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert _waits(option) is waits


def test_a_sync_that_fails_ends_with_one(pauses: Pauses) -> None:
    bot = Bot()
    pauses.steps = [
        bot.send,
        bot.answer(lambda key: sync_failed(MINUTE, "r9", mailbox="m2", retry_id=key)),
    ]
    said = pauses.terminal("sync", M2, "--wait")
    assert (said.exit_code, "failed" in said.stdout) == (1, True)


def test_a_sync_that_is_under_way_is_not_asked_for_twice(pauses: Pauses) -> None:
    assert pauses.terminal("sync", M3).exit_code == 0
    assert pauses.terminal("sync", M3).exit_code == 4
    assert len(requested(pauses.terminal)) == 1


def test_an_engine_that_refuses_is_told(pauses: Pauses) -> None:
    bot = Bot()
    pauses.steps = [bot.send, bot.refuse]
    ended = pauses.terminal("sync", M3, "--wait")
    assert (ended.exit_code, "refused or unanswered" in ended.stdout) == (1, True)
    assert f"Why: syncbot history {M3}" in ended.stdout
    assert SUBJECT not in ended.output


def test_without_waiting_it_ends_once_the_request_was_sent(pauses: Pauses) -> None:
    pauses.steps = [Bot().send]
    said = pauses.terminal("sync", M3, "--no-wait")
    assert said.exit_code == 0
    assert "requested" in said.stdout
    assert "The request stays in place until 2026-03-02 10:10 MEZ" in said.stdout
    assert "syncbot run" not in said.output
    assert pauses.taken == 1


def test_that_no_bot_takes_it_up_is_said_after_five_seconds(pauses: Pauses) -> None:
    said = pauses.terminal("sync", M3, "--no-wait")
    assert (said.exit_code, "is `syncbot run` running?" in said.stdout) == (0, True)
    assert pauses.taken * pauses.length == TAKEN_UP_WITHIN


def test_that_the_engine_cannot_be_reached_is_said(pauses: Pauses) -> None:
    pauses.steps = [Bot().try_in_vain]
    said = pauses.terminal.json("sync", M3, "--no-wait")
    assert said["state"] == "trying"
    pauses.terminal.now = NOW
    assert "waiting" not in pauses.terminal("status", M3).stdout


def test_whoever_waits_for_a_bot_is_told_once_and_may_be_served_later(pauses: Pauses) -> None:
    bot = Bot()
    pauses.steps = [*[_nothing] * 8, bot.send, bot.answer(_completed)]
    said = pauses.terminal("sync", M3, "--wait")
    assert said.exit_code == 0
    assert said.stderr.count("is `syncbot run` running?") == 1


def test_waiting_ends_with_the_patience(pauses: Pauses) -> None:
    pauses.length = timedelta(minutes=1)
    pauses.steps = [Bot().send]
    said = pauses.terminal("sync", M3, "--wait")
    assert (said.exit_code, "No answer came in time" in said.stdout) == (1, True)
    assert pauses.taken == 11


def test_a_sign_of_life_prolongs_the_wait(pauses: Pauses) -> None:
    bot = Bot()
    pauses.length = timedelta(minutes=4)
    pauses.steps = [
        bot.send,
        lambda store: store.record(
            *(started(MINUTE, "r9", retry_id=key, of="m3") for key in bot.keys), now=pauses.terminal.now
        ),
        _nothing,
        bot.answer(_completed),
    ]
    assert pauses.terminal("sync", M3, "--wait").exit_code == 0


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_ctrl_c_leaves_the_request_in_place_and_says_so(pauses: Pauses, form: list[str]) -> None:
    pauses.steps = [Bot().send, _interrupted]
    said = pauses.terminal("sync", M3, "--wait", *form)
    assert said.exit_code == 130
    assert ('"interrupted": true' if form else "The request stays in place until") in said.stdout
    assert pauses.terminal.json("status", M3)["sync_requested"]


def test_the_history_names_who_asked(pauses: Pauses) -> None:
    bot = Bot()
    pauses.steps = [bot.send, bot.answer(heals("i1"), fails("i2"))]
    pauses.terminal("retry", M1, "--all", "--wait")
    said = pauses.terminal("history", M1).stdout
    assert "Retry of 2 items: 1 succeeded, 1 failed" in said
    assert "Asked for by cli:ada" in said
    assert "Larger than Gmail takes" not in said
    assert "Larger than Gmail takes" in pauses.terminal("history", M1, "--subjects").stdout


def test_a_login_that_the_system_does_not_know_is_no_obstacle(
    pauses: Pauses, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise OSError("No username set in the environment")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert pauses.terminal("sync", M3).exit_code == 0
    assert requested(pauses.terminal)[0][2] == "cli:unknown"


async def _nothing(_store: Store) -> None: ...


async def _interrupted(_store: Store) -> None:
    raise asyncio.CancelledError


def _completed(key: str) -> Event:
    return completed(MINUTE, "r9", mailbox="m3", retry_id=key)
