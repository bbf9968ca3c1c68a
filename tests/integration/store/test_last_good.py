"""The last good run before failures began, by rows: docs/discussions/history.md says what counts."""

from datetime import timedelta

from sqlalchemy import insert

from bot.domain.events import Event, SyncStarted
from bot.domain.values import RunKind, Severity, Trigger
from bot.store import Database, Pruning
from bot.store.tables import audit
from bot.views import LastGood
from tests.integration.store.test_handling import dismiss
from tests.integration.store.words import (
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

HOUR = 60


async def found(store: Store, minute: float = 1_000) -> LastGood:
    card = await store.details.last_good(await store.mailbox_id(), at(minute))
    assert card
    return card


def good(hour: int) -> tuple[Event, ...]:
    return started(hour * HOUR, f"r{hour}"), completed(hour * HOUR + 1, f"r{hour}")


def bad(hour: int, code: str = "source_auth") -> tuple[Event, ...]:
    return started(hour * HOUR, f"r{hour}"), sync_failed(hour * HOUR + 1, f"r{hour}", code=code)


def partial(hour: int, item: str = "i1") -> tuple[Event, ...]:
    run = f"r{hour}"
    done = completed(hour * HOUR + 2, run, services=email(failed=1))
    return started(hour * HOUR, run), item_failed(hour * HOUR + 1, item, run=run), done


def keys(card: LastGood) -> tuple[str | None, str | None]:
    return (card.good.key if card.good else None), (card.run.key if card.run else None)


async def test_where_nothing_fails_the_newest_good_run_is_told(store: Store) -> None:
    await store.record(*good(1), *bad(2), *good(3))
    card = await found(store)
    assert (keys(card), card.began_at, card.first, card.deeds) == (("r3", None), None, None, ())


async def test_a_series_of_failed_runs_began_with_its_first(store: Store) -> None:
    await store.record(*bad(1), *good(2), *good(3), *bad(4, "source_busy"), *bad(5), *bad(6))
    card = await found(store)
    assert (keys(card), card.began_at) == (("r3", "r4"), at(4 * HOUR))
    assert card.first
    assert (card.first.code, card.first.at, card.first.is_item) == ("source_busy", at(4 * HOUR + 1), False)
    assert card.first.cause
    assert card.first.remedy


async def test_runs_with_failed_items_are_no_good_ones(store: Store) -> None:
    await store.record(*good(1), *partial(2), *partial(3))
    card = await found(store)
    assert (keys(card), card.began_at) == (("r1", "r2"), at(2 * HOUR))
    assert card.first
    assert (card.first.code, card.first.at, card.first.is_item) == ("dest_too_large", at(2 * HOUR + 1), True)


async def test_an_item_that_fails_still_counts_though_later_runs_were_good(store: Store) -> None:
    """Another service's runs resolve nothing of it."""
    calendar = completed(3 * HOUR + 1, "r3", services=(email()[0].__class__("calendar", 1),))
    await store.record(*good(1), *partial(2), started(3 * HOUR, "r3"), calendar)
    assert (await store.errors()).page.total == 1
    card = await found(store)
    assert (keys(card), card.began_at) == (("r1", "r2"), at(2 * HOUR))


async def test_a_failure_outside_of_any_run_has_none(store: Store) -> None:
    await store.record(*good(1), item_failed(2 * HOUR))
    card = await found(store)
    assert (keys(card), card.began_at) == (("r1", None), at(2 * HOUR))
    assert card.first
    assert card.first.code == "dest_too_large"


async def test_what_had_healed_before_the_first_bad_run_is_not_where_it_began(store: Store) -> None:
    await store.record(*good(1), item_failed(90, "i9", code="dest_rejected"), item_synced(95, "i9"), *bad(2))
    card = await found(store)
    assert (keys(card), card.began_at) == (("r1", "r2"), at(2 * HOUR))
    assert card.first
    assert card.first.code == "source_auth"


async def test_a_run_that_goes_on_decides_nothing(store: Store) -> None:
    await store.record(*good(1), *bad(2), started(3 * HOUR, "r3"))
    assert keys(await found(store)) == ("r1", "r2")


async def test_a_dismissed_failure_fails_no_more(store: Store) -> None:
    await store.record(*good(1), item_failed(2 * HOUR))
    (line,) = (await store.errors()).lines
    await dismiss(store, line.id, minute=130)
    assert (await found(store)).began_at is None


async def test_a_mailbox_that_never_had_a_good_run_says_so(store: Store) -> None:
    first = SyncStarted(at(HOUR), "m1", "r1", RunKind.INITIAL, Trigger.SCHEDULE, None)
    await store.record(first, sync_failed(HOUR + 1, "r1"), *bad(2))
    card = await found(store)
    assert (keys(card), card.is_whole, card.oldest_at) == ((None, "r1"), True, at(HOUR))
    assert card.began_at == at(HOUR)


async def test_a_good_run_that_is_kept_no_longer_is_not_claimed_never_to_have_been(store: Store) -> None:
    await store.record(*good(1), *partial(2), *bad(300), *bad(301))
    await Pruning(store.database).prune(at(299 * HOUR), timedelta(hours=1))
    card = await found(store, 302 * HOUR)
    assert (keys(card), card.is_whole) == ((None, "r2"), False)
    assert card.oldest_at == at(2 * HOUR), "the last success is kept"


async def test_a_mailbox_without_any_run(store: Store) -> None:
    card = await found(store)
    assert (keys(card), card.began_at, card.oldest_at) == ((None, None), None, None)
    await store.record(item_failed(5))
    card = await found(store)
    assert (card.began_at, card.oldest_at) == (at(5), None)


async def test_who_did_what_around_then_is_told_newest_first(store: Store, database: Database) -> None:
    await store.record(*good(1), *bad(2))
    await store.record(mailbox(key="m2"))
    m1, m2 = await store.mailbox_id(), await store.mailbox_id("m2")
    rows = [
        (-3 * 24 * HOUR, "access granted", None),
        (100, "connection updated", None),
        (110, "mailbox changed", m1),
        (110, "mailbox changed", m2),
        (115, "access refused", None),
        (130, "retry requested", m1),
        (10 * HOUR, "policy updated", None),
    ]
    lines = [
        {
            "at": at(m),
            "actor": "U1",
            "severity": Severity.INFORMATION,
            "event": e,
            "message": "",
            "mailbox_id": of,
        }
        for m, e, of in rows
    ]
    await database.write(lambda c: c.execute(insert(audit), lines))
    card = await found(store)
    told = [(line.event, line.actor) for line in card.deeds if line.actor == "U1"]
    assert told == [("retry requested", "U1"), ("mailbox changed", "U1"), ("connection updated", "U1")]
    assert "sync failed" not in [line.event for line in card.deeds]


async def test_only_so_many_deeds_are_told(store: Store, database: Database) -> None:
    await store.record(*good(1), *bad(2))
    line = {
        "actor": "U1",
        "severity": Severity.INFORMATION,
        "event": "muted",
        "message": "",
        "mailbox_id": None,
    }
    await database.write(lambda c: c.execute(insert(audit), [line | {"at": at(n)} for n in range(61, 100)]))
    card = await found(store)
    assert (len(card.deeds), card.has_more_deeds, card.deeds[0].at) == (8, True, at(99))


async def test_a_mailbox_that_is_not_there_has_none(store: Store) -> None:
    assert await store.details.last_good(type(await store.mailbox_id())(10**6), at(0)) is None


async def test_a_policy_that_was_switched_is_told(store: Store) -> None:
    await store.record(*good(1), policy(90, name="Platinum"), *bad(2))
    assert "policy updated" in [line.event for line in (await found(store)).deeds]
