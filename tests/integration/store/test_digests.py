"""What a digest counts of a period and of now, and for whom."""

from dataclasses import replace

import pytest

from bot.domain.digests import Period
from bot.domain.routing import Filter
from bot.domain.wishes import Cadence, DigestPlan, Urgency
from bot.store import Database, SqlDigests
from bot.store.digest_rows import digest_cards
from bot.store.handling_adapter import SqlHandling
from bot.views import DigestCard
from tests.integration.store.test_plans import plan, statements
from tests.integration.store.words import (
    T0,
    Store,
    at,
    completed,
    email,
    item_failed,
    item_synced,
    mailbox,
    policy,
    started,
    sync_failed,
)

PLAN = DigestPlan(Cadence.DAILY, "UTC", T0.time())
DAY = 24 * 60


async def counted(store: Store, wanted: Filter | None = None, minute: float = DAY) -> DigestCard:
    """The day from T0, as it is counted at its end or later."""
    period = Period(T0, at(DAY))
    return await SqlDigests(store.database).counted(PLAN, wanted or Filter(), period, at(minute))


@pytest.fixture
async def day(store: Store) -> Store:
    """Two policies, three mailboxes: m1 heals, m2 does not, m3 of another domain never synced."""
    await store.record(policy(key="silver", name="Silver"), mailbox(key="m2"))
    await store.record(mailbox(key="m3", source="m3@fabrikam.example", under="silver"))
    await store.record(item_failed(-10, "before"), completed(-5, "r0", still_failing=("before",)))
    await store.record(item_failed(1), item_failed(2, "i2"), item_failed(60, "i1", mailbox="m2"))
    await store.record(item_synced(3, "before"), item_synced(200))
    await store.record(started(300, "r1"), completed(301, "r1", services=email(changes=7)))
    await store.record(started(400, "r2"), completed(401, "r2", services=email(changes=5)))
    await store.record(completed(900, "r1", mailbox="m2", services=email(changes=3), still_failing=("i1",)))
    await store.record(sync_failed(1000, "r1", mailbox="m3"))
    await store.record(completed(DAY + 1, "r9", services=email(changes=99)), item_failed(DAY + 1, "late"))
    return store


async def test_only_what_happened_in_the_period_counts(day: Store) -> None:
    card = await counted(day)
    assert (card.mailboxes, card.synced, card.changes) == (3, 2, 15)
    assert (card.failed, card.failed_mailboxes) == (4, 3)
    assert (card.healed_by_itself, card.healed_by_click) == (3, 0)
    assert (card.never_synced, card.oldest_success_at) == (1, at(900))
    assert [(each.changes, each.failed, each.healed) for each in card.parts] == [
        (0, 3, 1),
        (7, 0, 2),
        (5, 0, 0),
        (0, 0, 0),
        (0, 0, 0),
        (3, 1, 0),
        (0, 0, 0),
        (0, 0, 0),
    ]


async def test_what_is_unresolved_is_told_with_its_cause(day: Store) -> None:
    card = await counted(day, minute=DAY + 2)
    assert (card.unresolved, card.unresolved_mailboxes, card.more_causes) == (3, 3, 0)
    assert [(each.code, each.failures, each.mailboxes) for each in card.causes] == [
        ("dest_too_large", 2, 2),
        ("source_auth", 1, 1),
    ]


@pytest.mark.parametrize(
    ("wanted", "synced", "changes", "failed", "unresolved", "mailboxes"),
    [
        (Filter(), 2, 15, 4, 3, 3),
        (Filter(mailboxes=frozenset({"m2"})), 1, 3, 1, 1, 1),
        (Filter(policies=frozenset({"gold"})), 2, 15, 3, 2, 2),
        (Filter(domains=frozenset({"fabrikam.example"})), 0, 0, 1, 1, 1),
        (Filter(domains=frozenset({"abrikam.example"})), 0, 0, 0, 0, 0),
        (Filter(causes=frozenset({"source_auth"})), 2, 15, 1, 1, 3),
        (Filter(least=Urgency.CRITICAL), 2, 15, 1, 1, 3),
        (Filter(least=Urgency.ERROR), 2, 15, 4, 3, 3),
        (Filter(policies=frozenset({"gold"}), least=Urgency.CRITICAL), 2, 15, 0, 0, 2),
    ],
)
async def test_a_channels_filter_holds_for_what_is_counted(
    day: Store, wanted: Filter, synced: int, changes: int, failed: int, unresolved: int, mailboxes: int
) -> None:
    card = await counted(day, wanted)
    found = (card.synced, card.changes, card.failed, card.unresolved, card.mailboxes)
    assert found == (synced, changes, failed, unresolved, mailboxes)
    assert card.is_filtered is (wanted != Filter())


async def test_transient_and_unknown_causes_are_as_urgent_as_in_routing(store: Store) -> None:
    await store.record(item_failed(1, code="source_busy"), item_failed(1, "i2", code="new_kind"))
    found = [(await counted(store, Filter(least=each))).failed for each in Urgency]
    assert found == [2, 1, 0]


async def test_who_clicked_is_told_apart_from_what_healed_alone(store: Store) -> None:
    await store.record(item_failed(1), item_failed(1, "i2"), item_failed(1, "i3"))
    await store.retry(2, failures=((await store.errors()).lines[0].id,))
    await store.record(item_synced(3, retry_id=await store.retry_key(2)))
    await store.record(completed(10, "r1"))
    card = await counted(store)
    assert (card.healed_by_click, card.healed_by_itself) == (1, 2)


async def test_a_sync_that_somebody_asked_for_heals_by_their_click(store: Store) -> None:
    await store.record(sync_failed(1, "r1"))
    await store.retry(2, whole_mailbox=True)
    key = await store.retry_key(2)
    await store.record(started(3, "r2", retry_id=key), completed(4, "r2"))
    card = await counted(store)
    assert (card.healed_by_click, card.healed_by_itself, card.failed) == (1, 0, 1)


async def test_what_was_dismissed_is_not_called_healed(store: Store) -> None:
    await store.record(item_failed(1))
    (line,) = (await store.errors()).lines
    await SqlHandling(store.database).dismiss([line.id], reason="no loss", by="U1", now=at(5))
    card = await counted(store)
    assert (card.dismissed, card.healed_by_click, card.healed_by_itself) == (1, 0, 0)


async def test_it_comes_back_from_its_row_as_it_was_counted(day: Store) -> None:
    digests, card = SqlDigests(day.database), await counted(day)
    assert await digests.begin("C1", card, at(DAY))
    assert not await digests.begin("C1", replace(card, failed=0), at(DAY + 1))
    (row,) = await day.rows("SELECT alert_id FROM digest")
    cards = await day.database.read(digest_cards, [row["alert_id"]])
    assert cards == {row["alert_id"]: replace(card, id=row["alert_id"])}
    assert await digests.told() == {"C1": at(DAY)}


async def test_no_query_reads_a_whole_table(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    store = Store(database)
    await store.record(policy(), *(mailbox(key=f"m{n}") for n in range(100)), item_failed(1, mailbox="m7"))
    await store.record(*(completed(5, "r1", mailbox=f"m{n}") for n in range(100)))
    with statements(database) as seen:
        for wanted in (Filter(), Filter(policies=frozenset({"gold"}), domains=frozenset({"old.example"}))):
            await counted(store, wanted)
        await SqlDigests(database).told()
    with database.writing() as connection:
        plans = {step for sql, values in seen for step in plan(connection, sql, values)}
    await database.close()
    assert {step for step in plans if step.startswith("SCAN ") and " USING " not in step} <= {"SCAN policy"}
