"""Which failures are one incident, how many it counts, and when it is over."""

import asyncio
from collections.abc import Sequence

from sqlalchemy import select

from bot.domain.events import Event
from bot.domain.storms import MANY
from bot.domain.values import AlertId
from bot.ports.delivery import Shown
from bot.store.alert_tables import alert
from bot.store.incident_adapter import SqlIncidents
from bot.store.incident_cards import covering, incident_cards, incident_facts
from bot.store.incident_rows import covered
from bot.views import IncidentCard
from tests.integration.store.words import (
    Store,
    at,
    completed,
    item_failed,
    item_synced,
    mailbox,
    sync_failed,
)

LARGE = "dest_too_large"


def keys(many: int) -> list[str]:
    return [f"m{number}" for number in range(1, many + 1)]


def dead(minute: float, of: Sequence[str], code: str = "source_auth", run: str = "r1") -> list[Event]:
    return [sync_failed(minute, run, mailbox=key, code=code) for key in of]


def fine(minute: float, of: Sequence[str], run: str = "r2") -> list[Event]:
    return [completed(minute, run, mailbox=key) for key in of]


async def employ(store: Store, many: int) -> list[str]:
    await store.record(*(mailbox(key=key) for key in keys(many)))
    return keys(many)


async def sweep(store: Store, minute: float = 10) -> None:
    incidents = SqlIncidents(store.database)
    await incidents.gather()
    await incidents.count(at(minute))


async def incidents(store: Store) -> list[IncidentCard]:
    """All that ever were, in the order in which they were opened."""
    rows = await store.rows("SELECT id FROM alert WHERE kind = 'incident' ORDER BY id")
    ids = [AlertId(row["id"]) for row in rows]
    cards = await store.database.read(incident_cards, ids)
    return [cards[each] for each in ids]


async def counts(store: Store) -> list[tuple[int, int, int]]:
    return [(card.mailboxes, card.failing, card.healed) for card in await incidents(store)]


async def covered_ones(store: Store) -> list[str]:
    """Mailboxes with an open alert that incidents tell."""
    query = "SELECT mailbox.source, alert.id FROM alert JOIN mailbox ON mailbox.id = alert.mailbox_id"
    sources = {row["id"]: row["source"].partition("@")[0] for row in await store.rows(query)}
    found = await store.rows(select(alert.c.id).where(alert.c.cleared_at.is_(None), covered()))
    return sorted(sources[row["id"]] for row in found)


async def test_three_mailboxes_with_a_dead_connection_are_one_incident(store: Store) -> None:
    await employ(store, 3)
    await store.record(*dead(1, keys(2)))
    await sweep(store)
    assert await incidents(store) == []
    await store.record(*dead(2, ["m3"]))
    await sweep(store)
    (card,) = await incidents(store)
    assert (card.code, card.mailboxes, card.failing, card.healed) == ("source_auth", 3, 3, 0)
    assert (card.opened_at, card.cleared_at, card.connection) == (at(1), None, None)
    assert [ref.source for ref in card.first] == [f"{key}@old.example" for key in keys(3)]
    assert await covered_ones(store) == keys(3)


async def test_an_incident_counts_its_mailboxes_from_the_moment_in_which_it_opens(store: Store) -> None:
    """Another replica may post it before this one comes to count."""
    await employ(store, 3)
    await store.record(*dead(1, keys(3)))
    await SqlIncidents(store.database).gather()
    assert await counts(store) == [(3, 3, 0)]


async def test_what_only_some_of_a_connection_have_is_their_own(store: Store) -> None:
    await employ(store, 8)
    await store.record(*fine(2, keys(8)[4:]), *dead(1, keys(3)))
    await sweep(store)
    assert await incidents(store) == []
    await store.record(*dead(3, ["m4"]))
    await sweep(store)
    assert await counts(store) == [(4, 4, 0)]


async def test_who_synced_before_it_began_proves_nothing(store: Store) -> None:
    await employ(store, 9)
    await store.record(*fine(0, keys(9)), *dead(1, keys(3)))
    await sweep(store)
    assert await counts(store) == [(3, 3, 0)]


async def test_a_cause_of_items_takes_a_crowd(store: Store) -> None:
    await employ(store, MANY + 1)
    await store.record(*(item_failed(n / 2, mailbox=key) for n, key in enumerate(keys(MANY))))
    await sweep(store)
    assert await incidents(store) == []
    await store.record(item_failed(14, mailbox=f"m{MANY + 1}"), item_failed(14, "i2", mailbox="m1"))
    await sweep(store)
    assert await counts(store) == [(MANY + 1, MANY + 1, 0)]


async def test_many_items_of_few_mailboxes_are_no_crowd(store: Store) -> None:
    await employ(store, 2)
    await store.record(*(item_failed(1, f"i{n}", mailbox=key) for key in keys(2) for n in range(30)))
    await sweep(store)
    assert await incidents(store) == []


async def test_what_failed_long_before_the_crowd_alerts_on_its_own(store: Store) -> None:
    await employ(store, MANY + 2)
    await store.record(item_failed(0, mailbox="m1"))
    await store.record(*(item_failed(60, mailbox=key) for key in keys(MANY + 2)[1:]))
    await sweep(store, 61)
    await store.record(item_failed(61, "i2", mailbox="m1"))
    await sweep(store, 62)
    assert await counts(store) == [(MANY + 1, MANY + 1, 0)]
    assert "m1" not in await covered_ones(store)


async def test_what_fails_long_after_the_crowd_alerts_on_its_own(store: Store) -> None:
    await employ(store, MANY + 2)
    await store.record(*(item_failed(1, mailbox=key) for key in keys(MANY + 1)))
    await sweep(store)
    await store.record(item_failed(60, mailbox=f"m{MANY + 2}"))
    await sweep(store, 61)
    assert await counts(store) == [(MANY + 1, MANY + 1, 0)]


async def test_a_dead_connection_takes_in_whoever_fails_whenever(store: Store) -> None:
    await employ(store, 5)
    await store.record(*dead(0, ["m5"]), *dead(300, keys(3)))
    await sweep(store, 301)
    await store.record(*dead(600, ["m4"]))
    await sweep(store, 601)
    assert await counts(store) == [(5, 5, 0)]
    assert (await incidents(store))[0].opened_at == at(0)


async def test_what_was_reported_late_comes_to_the_same(store: Store) -> None:
    """The bot was down for a day: what it reads then is a day old."""
    await employ(store, 3)
    await store.record(*dead(1, keys(3)))
    await sweep(store, 24 * 60)
    assert await counts(store) == [(3, 3, 0)]


async def test_it_shrinks_as_mailboxes_heal_and_clears_once(store: Store) -> None:
    await employ(store, 4)
    await store.record(*dead(1, keys(4)))
    await sweep(store)
    await store.record(*fine(20, keys(3)))
    await sweep(store, 21)
    assert await counts(store) == [(4, 1, 3)]
    assert [ref.source for ref in (await incidents(store))[0].first] == ["m4@old.example"]
    await store.record(*fine(30, ["m4"]))
    await sweep(store, 31)
    await sweep(store, 32)
    (card,) = await incidents(store)
    assert (card.cleared_at, card.mailboxes, card.failing, card.healed) == (at(30), 4, 0, 4)


async def test_what_comes_back_is_a_new_incident(store: Store) -> None:
    await employ(store, 3)
    await store.record(*dead(1, keys(3)))
    await sweep(store)
    await store.record(*fine(20, keys(3)))
    await sweep(store, 21)
    await store.record(*dead(40, keys(3), run="r3"))
    await sweep(store, 41)
    first, second = await incidents(store)
    assert (first.cleared_at, first.healed) == (at(20), 3)
    assert (second.opened_at, second.cleared_at, second.failing) == (at(40), None, 3)


async def test_who_heals_and_fails_again_meanwhile_counts_once(store: Store) -> None:
    await employ(store, 4)
    await store.record(*dead(1, keys(4)))
    await sweep(store)
    await store.record(*fine(20, ["m1"]))
    await sweep(store, 21)
    assert await counts(store) == [(4, 3, 1)]
    await store.record(*dead(40, ["m1"], run="r3"))
    await sweep(store, 41)
    assert await counts(store) == [(4, 4, 0)]


async def test_a_mailbox_with_a_cause_of_its_own_counts_and_alerts(store: Store) -> None:
    await employ(store, 4)
    await store.record(*dead(1, keys(4)), item_failed(1, mailbox="m1"))
    await sweep(store)
    assert await counts(store) == [(4, 4, 0)]
    assert await covered_ones(store) == ["m2", "m3", "m4"]
    await store.record(item_synced(5, of="m1"))
    assert await covered_ones(store) == keys(4)


async def test_two_incidents_together_may_tell_all_of_a_mailbox(store: Store) -> None:
    await employ(store, MANY + 1)
    await store.record(*dead(1, keys(3)), *(item_failed(1, mailbox=key) for key in keys(MANY + 1)))
    await sweep(store)
    assert sorted(await counts(store)) == [(3, 3, 0), (MANY + 1, MANY + 1, 0)]
    assert len(await covered_ones(store)) == MANY + 1


async def test_who_fails_for_another_reason_by_now_leaves_it(store: Store) -> None:
    await employ(store, 5)
    await store.record(*dead(1, keys(5)))
    await sweep(store)
    await store.record(*dead(20, ["m1"], code="source_user_missing", run="r3"))
    await sweep(store, 21)
    assert await counts(store) == [(4, 4, 0)]
    assert await covered_ones(store) == keys(5)[1:]


async def test_when_all_fail_for_another_reason_it_is_over_and_another_begins(store: Store) -> None:
    await employ(store, 3)
    await store.record(*dead(1, keys(3)))
    await sweep(store)
    await store.record(*dead(60, keys(3), code="source_forbidden", run="r3"))
    await sweep(store, 61)
    await sweep(store, 62)
    first, second = await incidents(store)
    assert (first.cleared_at is None, first.mailboxes) == (False, 0)
    assert (second.code, second.failing) == ("source_forbidden", 3)


async def test_messages_that_were_posted_before_it_opened_are_due_again(store: Store) -> None:
    await employ(store, 4)
    await store.record(*dead(1, keys(2)))
    await store.wanted_by("C1")
    for delivery in await store.due(2):
        shown = Shown(f"{delivery.id}.0", "d", delivery.told, sent=True)
        await store.alert_messages.shown(delivery, shown, at(2))
    await store.record(*dead(3, ["m3", "m4"]))
    await sweep(store)
    dirty = await store.rows(
        "SELECT mailbox_id FROM alert WHERE dirty AND mailbox_id IS NOT NULL ORDER BY id"
    )
    ids = [await store.mailbox_id(key) for key in keys(4)]
    assert [row["mailbox_id"] for row in dirty] == ids
    told = await store.database.read(covering, ids)
    assert {each.cause for each in told.values()} == {(await incidents(store))[0].cause}
    assert list(told) == ids


async def test_the_version_grows_only_when_something_shows(store: Store) -> None:
    await employ(store, 3)
    await store.record(*dead(1, keys(3)))
    await sweep(store)
    query = "SELECT version FROM alert WHERE kind = 'incident'"
    before = await store.rows(query)
    await store.record(*dead(30, keys(3), run="r2"))
    await sweep(store, 31)
    assert await store.rows(query) == before


async def test_who_fails_for_less_long_than_it_seemed_is_told_in_another_place(store: Store) -> None:
    await employ(store, MANY + 1)
    await store.record(item_failed(0, "i2", mailbox="m3"))
    await store.record(*(item_failed(1 + n / 100, mailbox=key) for n, key in enumerate(keys(MANY + 1))))
    await sweep(store)
    (before,) = await store.rows("SELECT version FROM alert WHERE kind = 'incident'")
    assert (await incidents(store))[0].first[0].source == "m3@old.example"
    await store.record(item_synced(3, "i2", of="m3"))
    await sweep(store)
    (card,) = await incidents(store)
    assert card.failing == MANY + 1
    assert card.first[0].source == "m1@old.example"
    (after,) = await store.rows("SELECT version FROM alert WHERE kind = 'incident'")
    assert after["version"] > before["version"]


async def test_replicas_that_sweep_together_open_one(store: Store) -> None:
    await employ(store, 30)
    await store.record(*dead(1, keys(30)))
    await asyncio.gather(*(sweep(store) for _ in range(6)))
    assert await counts(store) == [(30, 30, 0)]


async def test_between_surveys_only_causes_that_something_failed_of_anew_are_looked_at(store: Store) -> None:
    found = SqlIncidents(store.database)
    await employ(store, 6)
    await store.record(*dead(1, keys(3)))
    newest = await found.newest()
    assert not await found.gather(newest)
    await store.record(*dead(2, ["m4"], code="source_forbidden"))
    assert not await found.gather(newest)
    await store.record(*dead(3, ["m5"]))
    assert await found.gather(newest)
    await found.count(at(4))
    assert await counts(store) == [(4, 4, 0)]
    newest = await found.newest()
    await store.record(*dead(5, ["m6"]))
    assert not await found.gather(newest), "it is open already"
    await found.count(at(6))
    assert await counts(store) == [(5, 5, 0)]


async def test_what_routing_must_know(store: Store) -> None:
    await store.record(*(mailbox(key=key, source=f"{key}@{key}.example") for key in keys(3)))
    await store.record(*dead(1, keys(3)))
    await sweep(store)
    (card,) = await incidents(store)
    facts = (await store.database.read(incident_facts, [card.id]))[card.id]
    assert facts.mailboxes == set(keys(3))
    assert facts.domains == {"m1.example", "m2.example", "m3.example"}
    assert facts.policies == {"gold"}
    assert facts.causes == {"source_auth"}
