"""A card is found by what was typed, and shows each reader no more than that reader may see."""

from dataclasses import replace

import pytest

from bot.config import SubjectsFor
from bot.domain.access import Asker
from bot.domain.values import MailboxId, MailboxStatus, Outcome
from bot.errors import BadAddress, StaleButton, UnknownMailbox
from bot.services.cards import ADDRESSES_TRIED, Cards
from bot.views import (
    CardKind,
    CardRef,
    Choice,
    ErrorList,
    HistoryList,
    MailboxList,
    MailboxRef,
    MailboxRow,
    Page,
    SearchResult,
    StatusCard,
    Suggestions,
)
from tests.unit.blocks.examples import ALICE, errors, line, retry, run, status
from tests.unit.services.fakes import (
    ADMIN,
    NOBODY,
    NOON,
    OPERATOR,
    VIEWER,
    FakeClock,
    FakeDetails,
    FakeMailboxes,
    access,
)

SECRET = "Salary of Bob"
SECRETIVE = line(subject=SECRET, sender=SECRET, message=SECRET, last_retry_detail=SECRET)
ENTRIES = (
    replace(retry(requested=1, failed=1), details=(SECRET,)),
    run(code="source_auth", message=SECRET),
)
MAILBOX = CardRef(CardKind.STATUS, mailbox=ALICE.id)


def row(number: int, source: str, destination: str | None = None) -> MailboxRow:
    ref = MailboxRef(MailboxId(number), source, destination or f"new-{source}")
    return MailboxRow(ref, MailboxStatus.SYNCED, "Gold", None, 0)


def cards(
    *rows: MailboxRow,
    near: tuple[MailboxRef, ...] = (),
    there: bool = True,
    subjects_for: SubjectsFor = SubjectsFor.OPERATORS,
) -> Cards:
    details = FakeDetails(
        status(run_failure=SECRETIVE, history=ENTRIES),
        errors(SECRETIVE),
        HistoryList(ALICE, ENTRIES, Page(1, 10, 2)),
    )
    found = FakeMailboxes(rows, near)
    return Cards(
        found, details if there else FakeDetails(), access(subjects_for), FakeClock(), "help@partner.example"
    )


async def test_an_address_opens_the_card_of_its_mailbox_from_just_before_it_was_read() -> None:
    loaded = await cards(row(7, "ada@org.com")).for_address(
        "<mailto:ADA@org.com>", CardKind.STATUS, Asker(VIEWER)
    )
    assert isinstance(loaded.model, StatusCard)
    assert (loaded.ref, loaded.version) == (CardRef(CardKind.STATUS, mailbox=MailboxId(7)), 47)


async def test_a_destination_address_will_do() -> None:
    loaded = await cards(row(7, "ada@org.com", "ada@new.com")).for_address(
        "ada@new.com", CardKind.ERRORS, Asker(VIEWER)
    )
    assert isinstance(loaded.model, ErrorList)


async def test_an_address_of_two_mailboxes_is_a_choice_that_remembers_what_it_is_for() -> None:
    two = cards(row(1, "ada@org.com"), row(2, "bob@org.com", "ada@org.com"))
    loaded = await two.for_address("ada@org.com", CardKind.HISTORY, Asker(VIEWER))
    assert isinstance(loaded.model, Choice)
    assert loaded.model.purpose == "history"
    assert len(loaded.model.matches) == 2


async def test_an_unknown_address_gets_the_three_closest() -> None:
    near = tuple(row(n, f"ad{n}@org.com").mailbox for n in range(5))
    loaded = await cards(near=near).for_address("ado@org.com", CardKind.ERRORS, Asker(VIEWER))
    assert loaded.model == Suggestions("ado@org.com", near[:3], purpose="errors")


async def test_an_unknown_address_where_nothing_is_synced_says_how_to_begin() -> None:
    with pytest.raises(UnknownMailbox, match="connect-an-engine"):
        await cards().for_address("ado@org.com", CardKind.STATUS, Asker(VIEWER))


@pytest.mark.parametrize("word", ["ada", "", "ada@", "<!channel>", "x" * 5_000])
async def test_what_is_no_address_is_refused_in_a_short_sentence(word: str) -> None:
    with pytest.raises(BadAddress) as refused:
        await cards().for_address(word, CardKind.STATUS, Asker(VIEWER))
    assert "/sync search" in refused.value.sentence
    assert len(refused.value.sentence) < 250


async def test_a_part_of_one_address_opens_its_card() -> None:
    loaded = await cards(row(7, "ada@org.com")).for_address("ada", CardKind.HISTORY, Asker(VIEWER))
    assert loaded.ref == CardRef(CardKind.HISTORY, mailbox=MailboxId(7))


async def test_a_part_of_an_address_keeps_what_a_history_is_narrowed_to() -> None:
    one = cards(row(7, "ada@org.com"))
    for word in ("ada", "ada@org.com"):
        loaded = await one.for_address(word, CardKind.HISTORY, Asker(VIEWER), outcome=Outcome.FAILED)
        assert loaded.ref == CardRef(CardKind.HISTORY, mailbox=MailboxId(7), outcome=Outcome.FAILED)


async def test_a_part_of_several_addresses_lists_them() -> None:
    two = cards(row(7, "ada@org.com"), row(8, "adam@org.com"))
    loaded = await two.for_address("ada", CardKind.STATUS, Asker(VIEWER))
    assert isinstance(loaded.model, SearchResult)
    assert loaded.ref == CardRef(CardKind.SEARCH, query="ada")


async def test_what_only_resembles_a_part_of_an_address_is_not_taken_for_it() -> None:
    found = FakeMailboxes((row(7, "ada@org.com"),), is_close=True)
    close = Cards(found, FakeDetails(), access(), FakeClock(), None)
    loaded = await close.for_address("adda", CardKind.STATUS, Asker(VIEWER))
    assert isinstance(loaded.model, SearchResult)


async def test_of_several_addresses_the_one_that_is_synced_is_shown() -> None:
    loaded = await cards(row(7, "ada@org.com")).for_addresses(("eve@org.com", "ada@org.com"), Asker(VIEWER))
    assert loaded.ref.mailbox == 7


async def test_two_addresses_of_one_mailbox_are_that_mailbox() -> None:
    one = cards(row(7, "ada@org.com", "ada@new.com"))
    assert (await one.for_addresses(("ada@org.com", "ada@new.com"), Asker(VIEWER))).ref.mailbox == 7


async def test_several_addresses_that_are_synced_are_a_choice() -> None:
    two = cards(row(7, "ada@org.com"), row(8, "bob@org.com"))
    loaded = await two.for_addresses(("ada@org.com", "bob@org.com"), Asker(VIEWER))
    assert isinstance(loaded.model, Choice)


async def test_several_addresses_none_of_which_is_synced_say_so() -> None:
    with pytest.raises(UnknownMailbox, match="None of the 2 addresses"):
        await cards().for_addresses(("ada@org.com", "bob@org.com"), Asker(VIEWER))


async def test_a_pasted_list_of_addresses_costs_a_bounded_number_of_queries() -> None:
    found = FakeMailboxes()
    many = Cards(found, FakeDetails(), access(), FakeClock(), None)
    with pytest.raises(UnknownMailbox):
        await many.for_addresses(tuple(f"u{n}@org.com" for n in range(5_000)), Asker(VIEWER))
    assert len(found.asked) == ADDRESSES_TRIED


@pytest.mark.parametrize("kind", [CardKind.STATUS, CardKind.ERRORS, CardKind.HISTORY])
@pytest.mark.parametrize(
    ("subjects_for", "user", "visible"),
    [
        (SubjectsFor.NEVER, ADMIN, False),
        (SubjectsFor.OPERATORS, ADMIN, True),
        (SubjectsFor.OPERATORS, OPERATOR, True),
        (SubjectsFor.OPERATORS, VIEWER, False),
        (SubjectsFor.VIEWERS, VIEWER, True),
        (SubjectsFor.VIEWERS, NOBODY, False),
    ],
)
async def test_what_users_wrote_is_seen_only_by_roles_that_may(
    *, kind: CardKind, subjects_for: SubjectsFor, user: str, visible: bool
) -> None:
    card = await cards(subjects_for=subjects_for).load(replace(MAILBOX, kind=kind), Asker(user))
    assert (SECRET in repr(card)) is visible


@pytest.mark.parametrize("subjects_for", SubjectsFor)
@pytest.mark.parametrize("kind", [CardKind.STATUS, CardKind.ERRORS, CardKind.HISTORY])
async def test_a_shared_card_never_holds_what_users_wrote_nor_offers_actions(
    subjects_for: SubjectsFor, kind: CardKind
) -> None:
    shared = await cards(subjects_for=subjects_for).shareable(replace(MAILBOX, kind=kind))
    assert SECRET not in repr(shared.model)
    assert "may_act=True" not in repr(shared.model)


@pytest.mark.parametrize(("user", "acts"), [(OPERATOR, True), (VIEWER, False)])
async def test_controls_are_offered_to_those_who_may_use_them(*, user: str, acts: bool) -> None:
    card = await cards().load(MAILBOX, Asker(user))
    assert isinstance(card, StatusCard)
    assert card.may_act is acts
    assert card.support_contact == "help@partner.example"


@pytest.mark.parametrize("kind", [CardKind.STATUS, CardKind.ERRORS, CardKind.HISTORY])
async def test_the_card_of_a_mailbox_that_is_gone_is_stale(kind: CardKind) -> None:
    with pytest.raises(StaleButton, match="no longer synced"):
        await cards(there=False).load(replace(MAILBOX, kind=kind), Asker(ADMIN))
    with pytest.raises(StaleButton, match="which mailbox"):
        await cards().load(CardRef(kind), Asker(ADMIN))


async def test_lists_and_searches_carry_their_filter_and_page() -> None:
    desk = cards(row(7, "ada@org.com"))
    listed = await desk.load(CardRef(CardKind.LIST, status=MailboxStatus.FAILED, page=3), Asker(VIEWER))
    assert isinstance(listed, MailboxList)
    assert (listed.status, listed.page.number, listed.as_of) == (MailboxStatus.FAILED, 3, NOON)
    found = await desk.load(CardRef(CardKind.SEARCH, query="ada"), Asker(VIEWER))
    assert isinstance(found, SearchResult)
    assert found.query == "ada"
