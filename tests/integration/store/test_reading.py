"""Finding mailboxes, lists and pages, and the dashboard's numbers."""

from datetime import timedelta

import pytest

from bot.domain.values import Delta, MailboxId, MailboxStatus, RunStatus, Stage
from bot.views import FailingMailbox, MailboxRef, RunEntry
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


@pytest.fixture
async def company(store: Store) -> Store:
    """m1 never synced, m2 synced, m3 failed, m4 in progress after a success, m5 under an inactive policy."""
    await store.record(policy(key="idle", name="Idle", active=False))
    await store.record(*(mailbox(key=f"m{n}") for n in (2, 3, 4)), mailbox(key="m5", under="idle"))
    await store.record(
        started(1, "r2", of="m2"),
        completed(2, "r2", mailbox="m2", services=email(changes=5, size=10)),
        started(1, "r3", of="m3"),
        sync_failed(3, "r3", mailbox="m3"),
        item_failed(4, mailbox="m3"),
        started(1, "r4", of="m4"),
        completed(5, "r4", mailbox="m4", services=email(changes=7, size=20)),
        started(6, "r4b", of="m4"),
    )
    return store


async def test_a_mailbox_is_found_by_either_address(company: Store) -> None:
    by_source = await company.mailboxes.by_address("m2@old.example")
    by_destination = await company.mailboxes.by_address("m2@new.example")
    assert by_source == by_destination
    assert (by_source[0].status, by_source[0].policy) == (MailboxStatus.SYNCED, "Gold")


async def test_addresses_are_stored_in_lower_case(store: Store) -> None:
    await store.record(mailbox(1, key="m2", source="Ann.Lee@Old.Example"))
    assert len(await store.mailboxes.by_address("ann.lee@old.example")) == 1


@pytest.mark.parametrize(
    ("status", "names"),
    [
        (None, ["m1", "m2", "m3", "m4", "m5"]),
        (MailboxStatus.NEVER_SYNCED, ["m1", "m5"]),
        (MailboxStatus.SYNCED, ["m2"]),
        (MailboxStatus.FAILED, ["m3"]),
        (MailboxStatus.IN_PROGRESS, ["m4"]),
    ],
)
async def test_mailboxes_are_listed_by_status(
    company: Store, status: MailboxStatus | None, names: list[str]
) -> None:
    found = await company.mailboxes.listed(status=status, policy=None, page=1, size=10)
    assert [row.mailbox.source.partition("@")[0] for row in found.rows] == names
    assert found.page.total == len(names)
    assert all(row.status is status for row in found.rows if status)


@pytest.mark.parametrize("typed", ["Büro ÖST", "büro öst", "BÜRO ÖST"], ids=["as is", "lower", "upper"])
async def test_a_policy_s_name_is_known_in_any_case_and_any_language(store: Store, typed: str) -> None:
    """SQLite, and PostgreSQL in some locales, know the cases of ASCII letters only."""
    await store.record(policy(key="east", name="Büro ÖST"), mailbox(key="m2", under="east"))
    found = await store.mailboxes.listed(status=None, policy=typed, page=1, size=10)
    assert [row.mailbox.source for row in found.rows] == ["m2@old.example"]


async def test_mailboxes_are_listed_by_the_name_of_their_policy(company: Store) -> None:
    found = await company.mailboxes.listed(status=None, policy="idle", page=1, size=10)
    assert [row.policy for row in found.rows] == ["Idle"]


async def test_a_page_past_the_end_is_the_last_one(company: Store) -> None:
    found = await company.mailboxes.listed(status=None, policy=None, page=9, size=2)
    assert (found.page.number, found.page.count, len(found.rows)) == (3, 3, 1)


async def test_an_empty_list_has_one_page(store: Store) -> None:
    found = await store.mailboxes.listed(status=MailboxStatus.FAILED, policy=None, page=3, size=10)
    assert (found.rows, found.page.number, found.page.count) == ((), 1, 1)


async def test_search_finds_pieces_and_shows_beginnings_first(store: Store) -> None:
    await store.record(
        mailbox(key="x", source="joan@old.example"), mailbox(key="y", source="ann@old.example")
    )
    found = await store.mailboxes.search("AN", page=1, size=10)
    assert [row.mailbox.source for row in found.rows] == ["ann@old.example", "joan@old.example"]


@pytest.mark.parametrize("wild", ["%", "_", "m%1", "\\", "'"])
async def test_search_takes_every_character_literally(store: Store, wild: str) -> None:
    found = await store.mailboxes.search(wild, page=1, size=10)
    assert found.is_close or not found.rows


async def test_a_typo_finds_the_closest_of_the_same_domain(store: Store) -> None:
    people = ("anna.lee@old.example", "hanna.lee@old.example", "anna.lee@far.example", "bob@old.example")
    await store.record(*(mailbox(key=address, source=address) for address in people))
    found = await store.mailboxes.closest("ana.lee@old.example", 3)
    assert [ref.source for ref in found] == ["anna.lee@old.example", "hanna.lee@old.example"]


async def test_a_typo_in_the_domain_is_found_as_well(store: Store) -> None:
    (found,) = await store.mailboxes.closest("m1@odl.example", 3)
    assert found.source == "m1@old.example"


async def test_nothing_is_close_to_nonsense(store: Store) -> None:
    assert await store.mailboxes.closest("zzzzzzzzzzzz@qqqqqqqq.test", 3) == ()


async def test_the_dashboard_counts_what_the_cards_say(company: Store) -> None:
    seen = await company.details.overview(at(10), failing=5)
    assert seen.by_status == {
        MailboxStatus.NEVER_SYNCED: 2,
        MailboxStatus.SYNCED: 1,
        MailboxStatus.FAILED: 1,
        MailboxStatus.IN_PROGRESS: 1,
    }
    assert seen.by_stage == {Stage.WAITING: 2, Stage.INITIAL: 1, Stage.SYNCED: 2}
    assert seen.by_delta == {Delta.UP_TO_DATE: 1, Delta.RUNNING: 1}
    assert (seen.mailboxes, seen.bytes, seen.changes_24h, seen.open_failures) == (5, 30, 12, 2)
    assert (seen.newest_success_at, seen.oldest_success_at) == (at(5), at(2))


async def test_the_dashboard_names_the_failing_and_since_when(company: Store) -> None:
    seen = await company.details.overview(at(10), failing=5)
    (chosen,) = await company.mailboxes.by_address("m3@old.example")
    cause = "Certificate or secret of the Microsoft 365 connection expired, or consent was revoked"
    expected = FailingMailbox(chosen.mailbox, MailboxStatus.FAILED, 2, "source_auth", cause, at(3))
    assert (seen.failing_total, seen.failing) == (1, (expected,))


async def test_the_dashboard_and_the_cards_agree_on_what_is_overdue(company: Store) -> None:
    for minutes in (0, 80, 91, 93, 96, 200):
        cards = [await company.card(at(minutes), f"m{n}") for n in range(1, 6)]
        seen = await company.details.overview(at(minutes), failing=0)
        assert seen.overdue == sum(card.overdue for card in cards)
    assert seen.overdue == 4


async def test_changes_of_yesterday_do_not_count(company: Store) -> None:
    seen = await company.details.overview(at(4) + timedelta(hours=24), failing=0)
    assert seen.changes_24h == 7


async def test_an_empty_tenant_has_a_dashboard(company: Store) -> None:
    await company.database.write(lambda c: c.exec_driver_sql("DELETE FROM mailbox"))
    seen = await company.details.overview(at(0), failing=5)
    assert (seen.mailboxes, seen.failing, seen.newest_success_at) == (0, (), None)


async def test_failures_are_grouped_by_cause(company: Store) -> None:
    await company.record(*(item_failed(10 + n, f"i{n}", mailbox="m2") for n in range(5)))
    found = await company.details.failure_groups(at(20))
    large, auth = found.groups
    assert (large.code, large.failures, large.mailboxes, large.since) == ("dest_too_large", 6, 2, at(4))
    assert [ref.source for ref in large.examples] == ["m2@old.example", "m3@old.example"]
    assert (auth.code, auth.failures) == ("source_auth", 1)
    assert (found.failures, found.mailboxes) == (7, 2)


async def test_errors_are_oldest_first_and_say_how_many_can_be_retried(store: Store) -> None:
    await store.record(*(item_failed(10 - n, f"i{n}", code="made_up") for n in range(5)))
    await store.retry(11, failures=((await store.errors()).lines[0].id,))
    found = await store.errors(page=2, size=2)
    assert [line.item for line in found.lines] == ["i2", "i1"]
    assert (found.page.total, found.retryable) == (5, 4)
    assert (found.lines[0].code, found.lines[0].cause) == ("made_up", "A cause that is not known yet")


async def test_the_history_mixes_runs_and_retries_newest_first(store: Store) -> None:
    await store.record(started(1, "r1"), item_failed(2, run="r1"), completed(3, "r1"))
    await store.retry(4)
    await store.record(item_synced(5, retry_id=await store.retry_key(4)))
    await store.record(started(6, "r2"), sync_failed(7, "r2"))
    found = await store.history(size=2)
    assert [entry.started_at for entry in found.entries] == [at(6), at(4)]
    assert (found.page.total, found.page.count) == (3, 2)
    (last,) = (await store.history(page=9, size=2)).entries
    assert isinstance(last, RunEntry)
    assert (last.key, last.services) == ("r1", email())


async def test_the_card_shows_the_five_newest_of_all(store: Store) -> None:
    for n in range(7):
        await store.record(started(n * 10, f"r{n}"), completed(n * 10 + 1, f"r{n}"))
    card = await store.card()
    assert ([entry.key for entry in card.history], card.history_total) == (["r6", "r5", "r4", "r3", "r2"], 7)


async def test_activity_is_that_of_the_newest_run_that_counted_anything(store: Store) -> None:
    await store.record(started(1, "r1"), completed(2, "r1", services=email(changes=9)))
    await store.record(started(3, "r2"), sync_failed(4, "r2"))
    card = await store.card()
    assert (card.activity, card.activity_status) == (email(changes=9), RunStatus.SUCCEEDED)


async def test_an_inactive_policy_has_no_next_sync(store: Store) -> None:
    await store.record(started(1, "r1"), completed(2, "r1", next_sync_at=at(60)))
    assert (await store.card()).next_sync_at == at(60)
    await store.record(policy(3, active=False))
    assert (await store.card()).next_sync_at is None


async def test_a_mailbox_that_is_not_there_has_no_card(store: Store) -> None:
    nobody = MailboxId(10**6)
    assert await store.details.status(nobody, at(0)) is None
    assert await store.details.history(nobody, page=1, size=5) is None
    assert await store.details.errors(nobody, page=1, size=5) is None
    assert await store.mailboxes.version(nobody) == 0
    assert await store.mailboxes.by_id(nobody) is None


async def test_a_mailbox_is_known_by_its_id(store: Store) -> None:
    chosen = await store.mailbox_id()
    expected = MailboxRef(chosen, "m1@old.example", "m1@new.example")
    assert await store.mailboxes.by_id(chosen) == expected


async def test_every_change_makes_a_newer_version(store: Store) -> None:
    chosen = await store.mailbox_id()
    events = (started(1, "r1"), item_failed(2), completed(3, "r1"), policy(4, name="Platinum"))
    versions = [await store.mailboxes.version(chosen)]
    for event in events:
        await store.record(event)
        versions.append(await store.mailboxes.version(chosen))
    await store.retry(5, whole_mailbox=True)
    versions.append(await store.mailboxes.version(chosen))
    assert versions == sorted(set(versions))
