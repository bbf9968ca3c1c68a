"""A tenant file's plan, carried out in the database."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.connections import Keeper, Microsoft365, SecretRef
from bot.domain.mail import MailRules, Removals
from bot.domain.schedule import next_sync_at
from bot.domain.values import FailureState, MailboxStatus
from bot.store import Database, SqlTenancy
from bot.store.postgres import MANY
from bot.store.tenancy import ChangedMeanwhile
from bot.tenant.plan import planned
from bot.tenant.wanted import StoredSettings, Tenant, WantedMailbox
from tests.integration.store.tenancy_words import GOOGLE, M365, ME, House, of_ana, wanted, wanted_policy
from tests.integration.store.words import Store, at, completed, item_failed, mailbox, policy, started


@pytest.fixture
def house(database: Database) -> House:
    return House(Store(database), SqlTenancy(database))


async def test_what_was_applied_is_held_and_needs_nothing_more(house: House) -> None:
    secret = Microsoft365("other", "x.example", "id", secret=SecretRef(Keeper.ENV, "X"))
    settings = StoredSettings("C1", "help@msp.example", ("U1", "S2"), (), ("U3",))
    policies = (wanted_policy(), wanted_policy("gold", 24, active=False, description="Ünï\ncode"))
    tenant = wanted("ana", "bo", policies=policies, settings=settings)
    tenant = replace(tenant, connections={**tenant.connections, "other": secret})
    assert await house.apply(tenant)
    assert await house.tenancy.held() == tenant
    assert await house.tenancy.stored() == settings
    assert not await house.apply(tenant, 1)


async def test_an_empty_database_holds_nothing(house: House) -> None:
    assert await house.tenancy.held() == Tenant()


async def test_a_new_mailbox_is_due_at_once_and_shown_as_never_synced(house: House) -> None:
    await house.apply(wanted("ana"), 5)
    assert await house.due() == {"ana": at(5)}
    card = await house.store.card(key="ana")
    assert (card.status, card.next_sync_at) == (MailboxStatus.NEVER_SYNCED, at(5))


async def test_the_audit_log_names_who_applied_it(house: House) -> None:
    await house.apply(wanted("ana", settings=StoredSettings("C1", None, ("U1",))))
    both = wanted_policy(hours=2), wanted_policy("gold")
    await house.apply(wanted("ana", under="gold", policies=both, settings=StoredSettings(viewers=("U1",))), 1)
    await house.apply(Tenant(), 2)
    lines = [
        (row["event"], row["message"]) for row in await house.store.rows("SELECT * FROM audit ORDER BY id")
    ]
    assert {row["actor"] for row in await house.store.rows("SELECT actor FROM audit")} == {ME}
    assert sorted(lines) == sorted(
        [
            ("connection created", "m365"),
            ("connection created", "google"),
            ("policy created", "Standard"),
            ("mailbox added", "ana@old.example"),
            ("access granted", "admin: U1"),
            ("setting updated", "alert channel: C1"),
            ("policy updated", "Standard"),
            ("policy created", "Gold"),
            ("mailbox changed", "ana@old.example"),
            ("access granted", "viewer: U1"),
            ("access revoked", "admin: U1"),
            ("setting updated", "alert channel: none"),
            ("policy created", "No longer synced"),
            ("mailbox removed", "ana@old.example"),
            ("policy disabled", "Standard"),
            ("policy disabled", "Gold"),
            ("connection deleted", "m365"),
            ("connection deleted", "google"),
            ("access revoked", "viewer: U1"),
        ]
    )


async def test_a_change_of_mail_rules_alone_is_a_line_of_the_audit_log(house: House) -> None:
    await house.apply(wanted())
    await house.apply(wanted(policies=(wanted_policy(rules=MailRules(removals=Removals.TRASH)),)), 1)
    assert await house.audit("policy updated") == [(ME, "Standard")]
    assert (await house.tenancy.held()).policies["standard"].rules.removals is Removals.TRASH


async def test_a_renamed_policy_keeps_its_mailboxes(house: House) -> None:
    await house.apply(wanted("ana"))
    await house.apply(wanted("ana", policies=(wanted_policy(name="Staff"),)), 1)
    assert (await house.store.card(key="ana")).policy.name == "Staff"
    assert await house.due() == {"ana": at(0)}


async def test_a_connection_can_be_changed_while_policies_use_it(house: House) -> None:
    await house.apply(wanted("ana"))
    newer = replace(M365, certificate=SecretRef(Keeper.FILE, "/newer.pem"))
    tenant = replace(wanted("ana"), connections={"m365": newer, "google": GOOGLE})
    await house.apply(tenant, 1)
    assert await house.tenancy.held() == tenant
    assert await house.audit("connection updated") == [(ME, "m365")]


async def test_a_mailbox_that_left_the_file_is_no_longer_due_and_keeps_its_history(house: House) -> None:
    await house.apply(wanted("ana", "bo"))
    await house.store.record(*of_ana(started(1, "r1"), completed(2, "r1")))
    await house.apply(wanted("bo"), 3)
    assert await house.due() == {"bo": at(0)}
    card = await house.store.card(key="ana")
    assert (card.next_sync_at, card.policy.name, card.policy.active) == (None, "No longer synced", False)
    history = await house.store.details.history(await house.store.mailbox_id("ana"), page=1, size=5)
    assert history
    assert len(history.entries) == 1


async def test_failures_and_retries_of_a_mailbox_that_left_are_ended(house: House) -> None:
    await house.apply(wanted("ana"))
    await house.store.record(*of_ana(item_failed(1, "i1"), item_failed(1, "i2")))
    await house.retry("ana", "i1")
    await house.apply(wanted(), 3)
    rows = await house.store.rows("SELECT state, resolved_by, reason FROM failure")
    assert {(row["state"], row["resolved_by"], row["reason"]) for row in rows} == {
        (FailureState.DISMISSED, ME, "It was taken out of tenant.yaml.")
    }
    assert [row["outcome"] for row in await house.store.rows("SELECT outcome FROM retry")] == ["refused"]
    assert await house.store.rows("SELECT id FROM alert WHERE cleared_at IS NULL") == []
    assert await house.audit("failure dismissed") == [(ME, "ana@old.example: 2 failures")]


async def test_a_run_of_a_mailbox_that_left_is_over(house: House) -> None:
    await house.apply(wanted("ana"))
    await house.store.record(*of_ana(started(1, "r1")))
    await house.apply(wanted(), 3)
    (row,) = await house.store.rows("SELECT status, code FROM run")
    assert (row["status"], row["code"]) == ("failed", "interrupted")
    assert (await house.store.card(key="ana")).status is MailboxStatus.FAILED


async def test_a_mailbox_that_comes_back_goes_on_with_its_history(house: House) -> None:
    await house.apply(wanted("ana"))
    await house.store.record(*of_ana(started(1, "r1"), completed(2, "r1")))
    await house.apply(wanted(), 3)
    await house.apply(wanted("ana"), 4)
    assert await house.due() == {"ana": at(4)}
    card = await house.store.card(key="ana")
    assert (card.status, card.policy.name) == (MailboxStatus.SYNCED, "Standard")
    assert len(await house.store.rows("SELECT id FROM mailbox")) == 1


async def test_a_folder_that_vanished_while_a_mailbox_was_away_looks_older_than_its_next_listing(
    house: House,
) -> None:
    await house.apply(wanted("ana"))
    folder = (
        "INSERT INTO mail_folder (mailbox_id, source_id, in_tree, removed, tree_generation, generation) "
        "SELECT id, 'f1', TRUE, FALSE, 6, 0 FROM mailbox"
    )
    await house.store.database.write(lambda connection: connection.execute(text(folder)))
    await house.apply(wanted(), 3)
    await house.apply(wanted("ana"), 4)
    (row,) = await house.store.rows("SELECT folders_generation FROM mail_sync")
    assert row["folders_generation"] == 7


async def test_a_policy_that_left_the_file_is_switched_off_and_its_connections_go(house: House) -> None:
    gold = replace(wanted_policy("gold"), source="gold-m365")
    tenant = wanted("ana", policies=(wanted_policy(), gold))
    tenant = replace(tenant, connections={**tenant.connections, "gold-m365": replace(M365, name="gold-m365")})
    await house.apply(tenant)
    await house.apply(wanted("ana"), 1)
    (row,) = await house.store.rows("SELECT active FROM policy WHERE key = 'gold'")
    assert not row["active"]
    assert (await house.tenancy.held()).connections.keys() == {"m365", "google"}


async def test_another_interval_gives_mailboxes_new_times_of_their_own(house: House) -> None:
    await house.apply(wanted("ana", policies=(wanted_policy(hours=24 * 7),)))
    later = at(0) + timedelta(days=6)
    await house.set_due(later)
    await house.apply(wanted("ana", policies=(wanted_policy(hours=1),)), 1)
    (due_at,) = (await house.due()).values()
    half = timedelta(minutes=30)
    assert due_at == next_sync_at(at(1), 2 * half, "ana@old.example")


async def test_a_policy_that_is_switched_on_spreads_its_mailboxes(house: House) -> None:
    off, on = wanted_policy(hours=24, active=False), wanted_policy(hours=24)
    names = [f"u{n}" for n in range(20)]
    await house.apply(wanted(*names, policies=(off,)))
    ran = text("UPDATE mailbox SET latest_sync_at = next_sync_at")
    await house.store.database.write(lambda connection: connection.execute(ran))
    await house.apply(wanted(*names, "late", policies=(on,)), 1)
    due = await house.due()
    assert due.pop("late") == at(1)
    times = sorted(time for time in due.values() if time)
    assert len(set(times)) == len(names)
    assert at(1) <= times[0]
    assert times[-1] - times[0] > timedelta(hours=12)


async def test_a_policy_that_is_switched_off_leaves_times_and_runs_alone(house: House) -> None:
    await house.apply(wanted("ana"))
    await house.store.record(*of_ana(started(1, "r1")))
    await house.apply(wanted("ana", policies=(wanted_policy(active=False),)), 2)
    assert await house.due() == {"ana": at(0)}
    card = await house.store.card(key="ana")
    assert (card.status, card.next_sync_at) == (MailboxStatus.IN_PROGRESS, None)
    assert await house.audit("policy disabled") == [(ME, "Standard")]


async def test_a_mailbox_can_change_its_policy_and_destination(house: House) -> None:
    policies = (wanted_policy(hours=24), wanted_policy("gold", hours=24))
    await house.apply(wanted("ana", policies=policies))
    tenant = wanted("ana", under="gold", policies=policies)
    ana = WantedMailbox("ana@old.example", "anna@new.example", "gold")
    await house.apply(replace(tenant, mailboxes={ana.source: ana}), 1)
    card = await house.store.card(key="ana")
    assert card.policy.name == "Gold"
    assert (await house.tenancy.held()).mailboxes == {ana.source: ana}
    assert await house.due() == {"ana": at(0)}


async def test_a_plan_that_is_out_of_date_changes_nothing(house: House) -> None:
    tenant = wanted("ana")
    plan = planned(await house.tenancy.held(), tenant)
    await house.apply(wanted("bo"))
    with pytest.raises(ChangedMeanwhile):
        await house.tenancy.carry_out(tenant, plan, now=at(1), actor=ME)
    assert (await house.tenancy.held()).mailboxes.keys() == {"bo@old.example"}


async def test_of_two_who_apply_the_same_plan_at_once_one_does(house: House) -> None:
    plan = planned(Tenant(), wanted("ana"))
    both = (house.tenancy.carry_out(wanted("ana"), plan, now=at(0), actor=who) for who in ("a", "b"))
    ended = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ended) == ["ChangedMeanwhile", "NoneType"]


async def test_what_another_engine_has_reported_is_none_of_the_file_s_business(house: House) -> None:
    await house.store.record(policy(), mailbox())
    assert await house.tenancy.held() == Tenant()
    await house.apply(wanted("ana"))
    await house.apply(Tenant(), 1)
    (row,) = await house.store.rows("SELECT active FROM policy WHERE key = 'gold'")
    assert row["active"]


async def test_a_mailbox_that_another_engine_reported_is_taken_over(house: House) -> None:
    source = "ana@old.example"
    await house.store.record(policy(), mailbox(key=source, source=source))
    await house.apply(wanted("ana"), 1)
    assert (await house.store.card(key="ana")).policy.name == "Standard"
    assert await house.due() == {"ana": at(1)}


async def test_what_was_reported_of_a_mailbox_before_it_was_known_is_applied_then(house: House) -> None:
    await house.store.record(*of_ana(item_failed(1)))
    await house.apply(wanted("ana"), 2)
    rows = await house.store.rows("SELECT code FROM failure")
    assert [row["code"] for row in rows] == ["dest_too_large"]
    assert await house.store.rows("SELECT number FROM event_parked") == []


async def test_many_mailboxes_are_applied_in_few_statements(house: House) -> None:
    names = [f"u{n}" for n in range(1_201)]
    await house.apply(wanted(*names))
    assert len((await house.tenancy.held()).mailboxes) == len(names)
    await house.apply(wanted(*names[:10]), 1)
    assert len((await house.tenancy.held()).mailboxes) == 10
    await house.apply(wanted(*names), 2)
    assert len((await house.tenancy.held()).mailboxes) == len(names)


@pytest.mark.slow
async def test_after_many_mailboxes_were_added_postgresql_knows_how_many_there_are(postgres_url: str) -> None:
    """Else look-ups take long until it finds out by itself."""
    database = Database(postgres_url)
    house = House(Store(database), SqlTenancy(database))
    tables = "('mailbox', 'mailbox_term')"
    known = f"SELECT relname, CAST(reltuples AS INTEGER) AS n FROM pg_class WHERE relname IN {tables}"
    await house.apply(wanted(*(f"a{n}" for n in range(MANY))))
    rows = await house.store.rows(known)
    await database.close()
    assert {row["relname"]: row["n"] >= MANY for row in rows} == {"mailbox": True, "mailbox_term": True}
