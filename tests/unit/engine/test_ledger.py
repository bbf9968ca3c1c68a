"""Many write down together what each of them did, and each learns its own result."""

import asyncio
import gc
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.domain.events import ItemSynced
from bot.domain.mail import EMAIL, Gone
from bot.domain.values import MailboxId
from bot.engine.ledger import Grouped, Ledger
from bot.ports.journal import Entry, Intent
from tests.unit.engine.in_memory import NOON, WORK, Noon, Written, item


@dataclass
class Commits:
    """Takes until the gate is open, and fails for what it is told to."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    bad: frozenset[int] = frozenset()
    batches: list[list[int]] = field(default_factory=list)

    async def commit(self, values: list[int]) -> list[str]:
        self.batches.append(values)
        self.begun.set()
        await self.gate.wait()
        if self.bad & {*values}:
            raise OSError("disk full")
        return [f"result of {value}" for value in values]


async def added(grouped: Grouped[int, str], values: Sequence[int]) -> list[asyncio.Task[str]]:
    tasks = [asyncio.create_task(grouped.add(value)) for value in values]
    await asyncio.wait(tasks, timeout=0)
    return tasks


async def under_way(commits: Commits, grouped: Grouped[int, str], value: int) -> asyncio.Task[str]:
    """One value whose commit has begun and does not end before the gate is open."""
    task = asyncio.create_task(grouped.add(value))
    await commits.begun.wait()
    return task


async def test_what_comes_during_a_commit_is_committed_together_in_its_order() -> None:
    commits = Commits()
    grouped = Grouped(commits.commit)
    first = await under_way(commits, grouped, 0)
    others = await added(grouped, range(1, 101))
    commits.gate.set()
    assert await asyncio.gather(first, *others) == [f"result of {value}" for value in range(101)]
    assert commits.batches == [[0], [*range(1, 101)]]


async def test_what_comes_at_once_is_one_commit() -> None:
    commits = Commits()
    commits.gate.set()
    grouped = Grouped(commits.commit)
    await asyncio.gather(*(grouped.add(value) for value in range(50)))
    assert commits.batches == [[*range(50)]]


async def test_after_a_pause_it_commits_again() -> None:
    commits = Commits()
    commits.gate.set()
    grouped = Grouped(commits.commit)
    assert await grouped.add(1) == "result of 1"
    assert await grouped.add(2) == "result of 2"
    assert commits.batches == [[1], [2]]


async def test_a_failed_commit_fails_those_that_took_part_and_nobody_else() -> None:
    commits = Commits(bad=frozenset({2}))
    grouped = Grouped(commits.commit)
    first = await under_way(commits, grouped, 0)
    in_vain = await added(grouped, [1, 2, 3])
    commits.gate.set()
    results = await asyncio.gather(first, *in_vain, return_exceptions=True)
    assert results[0] == "result of 0"
    assert all(isinstance(result, OSError) for result in results[1:])
    assert await grouped.add(4) == "result of 4"


async def test_one_that_no_longer_waits_harms_nobody_and_is_committed_all_the_same() -> None:
    commits = Commits()
    grouped = Grouped(commits.commit)
    first = await under_way(commits, grouped, 0)
    left, stays = await added(grouped, [1, 2])
    first.cancel()
    left.cancel()
    commits.gate.set()
    assert await stays == "result of 2"
    assert commits.batches == [[0], [1, 2]]
    for task in (first, left):
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_failure_of_which_nobody_waits_to_hear_is_no_trouble() -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    commits = Commits(bad=frozenset({0}))
    grouped = Grouped(commits.commit)
    first = await under_way(commits, grouped, 0)
    first.cancel()
    commits.gate.set()
    assert await grouped.add(1) == "result of 1"
    gc.collect()
    assert complaints == []


async def test_a_commit_that_answers_for_too_few_fails_them_all_instead_of_leaving_one_waiting() -> None:
    async def forgetful(values: list[int]) -> list[int]:
        return values[:-1]

    grouped = Grouped(forgetful)
    results = await asyncio.gather(grouped.add(1), grouped.add(2), return_exceptions=True)
    assert all(isinstance(result, ValueError) for result in results)


# ---- the journal behind it


async def test_of_many_intents_each_learns_whether_it_was_the_one_that_won() -> None:
    journal = Written(lost=frozenset({2}))
    ledger = Ledger(journal, Noon())
    intents = [Intent(item(number), f"<{number}@source.example>", NOON) for number in (1, 2, 3)]
    tasks = [ledger.intend(intent.item, intent.message_id) for intent in intents]
    assert await asyncio.gather(*tasks) == [True, False, True]
    assert journal.intents == [intents]


async def test_intents_of_some_and_results_of_others_are_one_commit() -> None:
    journal = Written(lost=frozenset({2}))
    ledger = Ledger(journal, Noon())
    told = await asyncio.gather(
        ledger.intend(item(1), "<1>"), ledger.write(WORK, Gone(3)), ledger.intend(item(2), "<2>")
    )
    assert (told[0], told[2]) == (True, False)
    assert journal.entries == [[Entry(WORK, (Gone(3),))]]
    assert journal.intents == [[Intent(item(1), "<1>", NOON), Intent(item(2), "<2>", NOON)]]


async def test_entries_of_several_mailboxes_are_written_together_in_their_order() -> None:
    journal = Written()
    ledger = Ledger(journal, Noon())
    other = replace(WORK, mailbox=MailboxId(2))
    synced = ItemSynced(NOON, "mailbox", EMAIL, "source-1")
    await asyncio.gather(ledger.write(WORK, Gone(1), Gone(2), events=[synced]), ledger.write(other, Gone(9)))
    assert journal.entries == [[Entry(WORK, (Gone(1), Gone(2)), (synced,)), Entry(other, (Gone(9),))]]
