"""Trials: an office is synced while the engine is killed again and again and its users go on working."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.sandbox.graph.faults import Fault
from tests.engine.kills import Engine, Kill, Kind, Nursery, Pair, nursery
from tests.engine.office import Office, opened
from tests.engine.oracle import Findings
from tests.engine.orders import Flaw

GRACE = timedelta(minutes=5)
"""What the engine waits by default before it searches."""

QUIET_RUNS = 2
"""Without a kill, at last. What moved while it was listed is told by the next listing at the latest."""


@dataclass(frozen=True, slots=True)
class Trial:
    """`changes` are made by users after each kill; `troubles`: the services refuse and drop some calls.

    `refused`: so many letters fail before each kill, and are retried after it. `together`: two processes live
    side by side, of which one is killed.
    """

    seed: int
    kills: Sequence[Kill]
    mailboxes: int = 2
    messages: int = 12
    changes: int = 2
    grace: timedelta = GRACE
    flaw: Flaw = Flaw.NONE
    with_large: bool = False
    troubles: bool = True
    refused: int = 0
    together: bool = False


@dataclass
class Result:
    """`kills` are those that struck: a process may end before its turn comes. `retries` were answered."""

    findings: Findings
    kills: Counter[Kind] = field(default_factory=Counter)
    commits: int = 0
    requests: int = 0
    retries: int = 0


async def tried(trial: Trial, folder: Path, database_url: str, own: Nursery) -> Result:
    """Processes that live side by side come from nurseries of their own."""
    seed = trial.seed
    async with (
        opened(
            folder,
            database_url,
            seed,
            mailboxes=trial.mailboxes,
            messages=trial.messages,
            with_large=trial.with_large,
        ) as office,
        _living(trial, office, own) as engine,
    ):
        result = Result(Findings())
        for kill in trial.kills:
            if trial.troubles:
                trouble(office, random.Random(seed + sum(result.kills.values())))
            office.refuse(trial.refused)
            await _go_on(engine, kill, result)
            office.happen(trial.changes)
            await office.click()
        await _calm_down(engine, result)
        result.findings, result.retries = await office.findings(), await office.answered()
        return result


@asynccontextmanager
async def _living(trial: Trial, office: Office, own: Nursery) -> AsyncIterator[Engine | Pair]:
    grace = trial.grace.total_seconds()
    if not trial.together:
        yield Engine(office, own, grace, trial.flaw)
        return
    async with nursery() as beside:
        yield Pair(Engine(office, own, grace, at_once=1), Engine(office, beside, grace, place=1, at_once=1))


async def _go_on(engine: Engine | Pair, kill: Kill, result: Result) -> None:
    """With what is due, or else with the next runs."""
    if not await engine.live(kill):
        await engine.office.wait_for_next_runs()
    else:
        result.kills[kill.kind] += 1


async def _calm_down(engine: Engine | Pair, result: Result) -> None:
    engine.office.graph.faults.clear()
    engine.office.gmail.faults.clear()
    await engine.live()
    await engine.office.click()
    await engine.live()
    result.commits, result.requests = engine.office.clock.commits, engine.requests
    for _ in range(QUIET_RUNS):
        await engine.office.wait_for_next_runs()
        await engine.live()


def trouble(office: Office, chosen: random.Random) -> None:
    """One or two of what happens to connections and services, for a few calls."""
    graph, gmail = office.graph.faults, office.gmail.faults
    several = chosen.randrange(1, 4)
    troubles = (
        lambda: graph.on_path("delta", Fault(accident="dropped"), several),
        lambda: graph.on_path("delta", "serviceNotAvailable", several, retry_after=1),
        lambda: graph.on_path(r"value$", "TooManyRequests", several, retry_after=2),
        lambda: graph.on_path(r"value$", Fault(accident="truncated"), several),
        lambda: gmail.drop("before", path="*/messages*", times=several),
        lambda: gmail.drop("after", path="*/upload/*", times=several),
        lambda: gmail.drop("within", path="*/upload/*", times=several),
        lambda: gmail.drop("after", path="*/labels*", times=several),
        lambda: gmail.drop("after", path="*/modify*", times=several),
        lambda: gmail.fail("userRateLimitExceeded", path="*/messages*", times=several),
        lambda: gmail.fail("backendError", path="*/upload/*", times=several),
        office.graph.expire_delta_tokens,
    )
    for cause in chosen.sample(troubles, chosen.randrange(3)):
        cause()
