"""Folders for trials, and one nursery for all of them."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.engine.kills import Nursery, nursery
from tests.engine.oracle import Findings
from tests.engine.trials import Result, Trial, tried


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def started() -> AsyncIterator[Nursery]:
    async with nursery() as one:
        yield one


@dataclass
class Bench:
    """Where a trial takes place."""

    folder: Path
    database_url: str
    nursery: Nursery

    async def findings(self, trial: Trial) -> Findings:
        """Of a trial in which every kill struck."""
        return (await self.result(trial)).findings

    async def result(self, trial: Trial) -> Result:
        result = await tried(trial, self.folder, self.database_url, self.nursery)
        assert result.kills.total() == len(trial.kills)
        return result


@pytest.fixture
def bench(sqlite_template: Path, tmp_path: Path, started: Nursery) -> Bench:
    shutil.copy(sqlite_template, tmp_path / "syncbot.db")
    return Bench(tmp_path, f"sqlite:///{tmp_path / 'syncbot.db'}", started)


@pytest.fixture
def postgres_bench(postgres_url: str, tmp_path: Path, started: Nursery) -> Bench:
    return Bench(tmp_path, postgres_url, started)
