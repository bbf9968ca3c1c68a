"""Plays a history on an empty database, and says what is wrong whenever it comes to rest."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete

from bot.store import Database
from bot.store.tables import metadata
from tests.histories.chance import Step
from tests.histories.checking import check
from tests.histories.stage import CHANNELS, Stage, staged
from tests.histories.troubles import Rests


@dataclass(frozen=True)
class Outcome:
    """`findings`: what was wrong at the first rest at which anything was. `figures`: how much happened."""

    findings: list[str]
    figures: Counter[str]


def played(url: str, history: Sequence[Step], *, can_read: bool) -> Outcome:
    return asyncio.run(_played(url, history, can_read=can_read))


async def _played(url: str, history: Sequence[Step], *, can_read: bool) -> Outcome:
    database = Database(url)
    try:
        await database.write(_emptied)
        async with staged(database, can_read=can_read) as stage:
            found = await _lived(stage, [*history, Rests()])
            return Outcome(found, Counter(steps=len(history)) + await _figures(stage))
    finally:
        await database.close()


def _emptied(connection: Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        connection.execute(delete(table))


async def _lived(stage: Stage, history: Sequence[Step]) -> list[str]:
    for step in history:
        await step.play(stage)
        await stage.note()
        found = await check(stage) if isinstance(step, Rests) else stage.findings
        if found:
            return found
    return []


async def _figures(stage: Stage) -> Counter[str]:
    rows, calls = await stage.rows(), stage.scene.slack.calls
    kinds = Counter(str(each["kind"]) for each in rows.alerts.values())
    done = Counter(each.method for each in calls if each.ok)
    told = Counter(each.text.partition(" ")[0] for channel in CHANNELS for each in stage.standing(channel))
    return Counter(
        {
            "histories": 1,
            "mailboxes' alerts": kinds["mailbox"],
            "incidents": kinds["incident"],
            "posts": done["chat.postMessage"],
            "edits": done["chat.update"],
            "refused calls": sum(not each.ok for each in calls),
            "lost answers": stage.lost,
            "deaths": stage.deaths,
            "messages deleted": len(stage.deleted),
            "told as over": told["Healed:"] + told["Over:"],
        }
    )
