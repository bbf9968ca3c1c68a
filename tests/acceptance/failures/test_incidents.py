"""A dead credential is one incident, whichever engine tells of it, and however its mailboxes fail."""

from pathlib import Path

from sqlalchemy import select

from bot.domain.values import AlertId
from bot.store import SqlIncidents
from bot.store.alert_tables import alert
from bot.store.incident_cards import incident_cards
from bot.views import IncidentCard
from tests.acceptance.failures.rows import STOPPING
from tests.acceptance.failures.world import World, opened

DEAD_SECRET = next(row for row in STOPPING if row.name == "secret")
PEOPLE = [f"person{number}@firm.example" for number in range(5)]


async def incidents(world: World) -> list[IncidentCard]:
    """As they are now, the oldest first."""
    found = SqlIncidents(world.database)
    await found.gather()
    await found.count(world.clock.now())
    chosen = select(alert.c.id).where(alert.c.kind == "incident").order_by(alert.c.id)
    ids = await world.database.read(lambda c: [AlertId(each) for each in c.execute(chosen).scalars()])
    cards = await world.database.read(incident_cards, ids)
    return [cards[each] for each in ids]


async def test_runs_of_the_built_in_engine_with_a_dead_secret_are_one_incident_of_their_connection(
    tmp_path: Path, database_url: str
) -> None:
    async with opened(tmp_path, database_url, people=PEOPLE) as world:
        DEAD_SECRET.play(world)
        await world.work()
        [card] = await incidents(world)
        assert (card.code, card.connection, card.mailboxes, card.failing) == ("source_auth", "m365", 5, 5)
        assert sorted(ref.source for ref in card.first) == PEOPLE
        assert card.cleared_at is None

        DEAD_SECRET.mend(world)
        await world.next_run()
        [card] = await incidents(world)
        assert (card.mailboxes, card.failing, card.healed) == (5, 0, 5)
        assert card.cleared_at is not None
        assert [await world.failures(each) for each in PEOPLE] == [()] * len(PEOPLE)
