"""Mailboxes are found by a beginning, a part or a typo of the addresses that they have now."""

import pytest
from sqlalchemy import Connection, select

from bot.domain.finding import terms
from bot.store import Database
from bot.store.postgres import MANY, mailboxes_added
from bot.store.tables import mailbox as mailboxes
from bot.store.tables import mailbox_term
from bot.views import SearchResult
from tests.integration.alerts import crowd
from tests.integration.store.test_plans import statements
from tests.integration.store.words import Store, mailbox, policy

PEOPLE = ("ada.lovelace", "adam.smith", "john.smith", "jo", "smithers", "zoë.o'hara")


@pytest.fixture
async def people(store: Store) -> Store:
    await store.record(*(mailbox(key=name, source=f"{name}@old.example") for name in PEOPLE))
    await store.record(mailbox(key="far", source="info@contoso-old.example"))
    return store


async def closest(store: Store, typed: str, limit: int = 20) -> list[str]:
    return [ref.source.partition("@")[0] for ref in await store.mailboxes.closest(typed, limit)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ada", ["ada.lovelace", "adam.smith"]),
        ("ADAM", ["adam.smith"]),
        ("smith", ["smithers", "adam.smith", "john.smith"]),
        ("mi", ["adam.smith", "john.smith", "smithers"]),
        ("smith@new", ["adam.smith", "john.smith"]),
        ("o'h", ["zoë.o'hara"]),
        ("zoë", ["zoë.o'hara"]),
        ("contoso", ["info"]),
        ("@contoso", ["info"]),
        ("jhon", ["john.smith"]),
        ("lovlace", ["ada.lovelace"]),
        ("ada lovelace", ["ada.lovelace"]),
        ("john.smiht@old.example", ["john.smith"]),
        ("jp@old.example", ["jo"]),
        ("qqqqqq", []),
    ],
)
async def test_a_text_finds_whom_it_means_the_best_first(people: Store, typed: str, found: list[str]) -> None:
    seen = await closest(people, typed)
    assert seen[: len(found)] == found
    assert found or not seen


async def test_no_more_are_offered_than_asked_for(people: Store) -> None:
    assert await closest(people, "a", 2) == ["ada.lovelace", "adam.smith"]


@pytest.mark.parametrize(
    "typed", ["", "  ", "@", "%", "_", "\\", "<", "a%h", "<script>", "a" * 300, "\U0001f916"]
)
async def test_whatever_is_typed_is_taken_literally(people: Store, typed: str) -> None:
    assert len(await closest(people, typed)) <= 20


async def test_a_mailbox_is_found_by_its_new_address_alone(people: Store) -> None:
    await people.record(mailbox(1, key="john.smith", source="jane.miller@old.example"))
    assert await closest(people, "iller") == ["jane.miller"]
    assert "john.smith" not in await closest(people, "smith")


async def test_what_it_is_found_by_is_exactly_what_its_addresses_give(people: Store) -> None:
    for minute, source in enumerate(("a@b.example", "ada.king@old.example", "ada.king@old.example"), 1):
        await people.record(mailbox(minute, key="ada.lovelace", source=source))
    kept = await people.rows(select(mailbox_term))
    addresses = await people.rows(select(mailboxes.c.id, mailboxes.c.source, mailboxes.c.destination))
    expected = {(term, row["id"]) for row in addresses for term in terms(row["source"], row["destination"])}
    assert {(row["term"], row["mailbox_id"]) for row in kept} == expected


async def test_an_older_description_changes_nothing_that_it_is_found_by(people: Store) -> None:
    await people.record(mailbox(-5, key="john.smith", source="old.name@old.example"))
    assert await closest(people, "john") == ["john.smith", *(await closest(people, "john"))[1:]]
    assert "old.name" not in await closest(people, "old.name")


async def searched(store: Store, text: str, page: int = 1, size: int = 2) -> SearchResult:
    return await store.mailboxes.search(text, page=page, size=size)


async def test_a_search_has_pages_that_begin_with_what_begins_with_the_text(people: Store) -> None:
    first, second = await searched(people, "smith"), await searched(people, "smith", page=2)
    assert [row.mailbox.source for row in (*first.rows, *second.rows)] == [
        f"{name}@old.example" for name in ("smithers", "adam.smith", "john.smith")
    ]
    assert (first.page.total, first.page.count, first.more, first.is_close) == (3, 2, False, False)


async def test_a_search_that_nothing_contains_offers_what_is_close_and_says_so(people: Store) -> None:
    found = await searched(people, "jhon.smith")
    assert found.is_close
    assert found.rows[0].mailbox.source == "john.smith@old.example"


async def test_a_search_that_finds_too_many_says_that_there_are_more(store: Store) -> None:
    await store.record(policy(), *(mailbox(key=f"u{n}", source=f"user{n}@old.example") for n in range(301)))
    for text in ("user", "ser", "old.exam"):
        found = await searched(store, text)
        assert (found.page.total, found.more) == (300, True)


async def test_addresses_are_sorted_by_their_characters_in_both_databases(store: Store) -> None:
    names = ("b.a", "ba", "b-c", "b_d")
    await store.record(*(mailbox(key=name, source=f"{name}@old.example") for name in names))
    assert await closest(store, "b") == ["b-c", "b.a", "b_d", "ba"]


async def test_two_letters_of_a_domain_bring_nobody_and_more_come_after_the_names(people: Store) -> None:
    await people.record(mailbox(key="old", source="theold@far.example"))
    assert "info" not in await closest(people, "xa")
    assert (await closest(people, "old"))[0] == "theold"


@pytest.mark.slow
async def test_postgresql_looks_at_the_mailboxes_that_share_a_piece_alone(postgres_url: str) -> None:
    """However many it expects to share one: to compare all addresses takes ten times as long."""
    database = Database(postgres_url)
    store, many = Store(database), range(5_000)
    await store.record(policy())
    await crowd.employ(database, many)
    await database.write(_share_a_piece)
    with statements(database) as seen:
        await store.mailboxes.closest("n0012", 20)
    with database.writing() as connection:
        plans = [connection.exec_driver_sql(f"EXPLAIN {sql}", values).all() for sql, values in seen]
    await database.close()
    steps = [row[0] for rows in plans for row in rows]
    assert any("Index" in step for step in steps)
    assert not any("Seq Scan on mailbox " in step for step in steps), steps


def _share_a_piece(connection: Connection) -> None:
    for piece in ("n00", "001", "012"):
        statement = (
            f"INSERT INTO mailbox_term (term, mailbox_id) SELECT '{piece}', id FROM mailbox WHERE id < 700"
        )
        connection.exec_driver_sql(statement)
    mailboxes_added(connection, MANY)
