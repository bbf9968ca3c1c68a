"""What filters and mutes may name is read from the rows."""

from bot.store import SqlVocabulary
from tests.integration.store.words import Store, mailbox, policy


async def test_policies_are_listed_by_name(store: Store) -> None:
    await store.record(policy(key="p2", name="Silver"), policy(key="p1", name="Bronze"))
    found = await SqlVocabulary(store.database).policies()
    assert [(each.key, each.name) for each in found] == [("p1", "Bronze"), ("gold", "Gold"), ("p2", "Silver")]


async def test_domains_are_those_of_source_addresses_each_once(store: Store) -> None:
    await store.record(
        mailbox(key="m2", source="ada@shop.example"), mailbox(key="m3", source="eve@shop.example")
    )
    assert await SqlVocabulary(store.database).domains() == ("old.example", "shop.example")


async def test_mailboxes_are_found_by_key_and_by_id_and_nothing_else(store: Store) -> None:
    vocabulary = SqlVocabulary(store.database)
    (found,) = await vocabulary.mailboxes(["m1", "gone"])
    assert (found.key, found.name) == ("m1", "m1@old.example")
    assert await vocabulary.mailboxes_of([found.id]) == (found,)
    assert await vocabulary.mailboxes_of(["x", "", "9" * 40, "-1", "\N{SUPERSCRIPT TWO}"]) == ()
