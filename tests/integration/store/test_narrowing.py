"""A list of errors is narrowed by cause and folder, and sorted; what a choice says is what it shows."""

import pytest

from bot.domain.values import FailureId, FailureState
from bot.ports import RetryTarget
from bot.views import ErrorList, ErrorOrder, Narrowing
from tests.integration.store.words import Store, at, item_failed, item_synced, sync_failed


@pytest.fixture
async def troubled(store: Store) -> Store:
    """Five items in two folders and one in none, of two causes; and a run that failed as a whole."""
    await store.record(
        item_failed(1, "a", folder="Inbox", size=10, attempts=1),
        item_failed(2, "b", folder="Inbox", size=30, attempts=5, code="dest_rejected"),
        item_failed(3, "c", folder="Sent", size=20, attempts=2),
        item_failed(4, "d", folder="Sent", size=None, attempts=5),
        item_failed(5, "e", folder=None, size=5, attempts=1, code="dest_rejected"),
        sync_failed(6, "r1"),
    )
    return store


async def listed(store: Store, narrowing: Narrowing, *, page: int = 1, size: int = 100) -> ErrorList:
    found = await store.details.errors(await store.mailbox_id(), page=page, size=size, narrowing=narrowing)
    assert found is not None
    return found


def items(found: ErrorList) -> str:
    return "".join(line.item or "*" for line in found.lines)


async def sample(store: Store, folder: str) -> Narrowing:
    """Chooses the folder as its select does."""
    choices = (await store.errors()).choices
    assert choices is not None
    return Narrowing(folder=next(each.sample for each in choices.folders if each.folder == folder))


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (ErrorOrder.OLDEST, "abcde*"),
        (ErrorOrder.NEWEST, "*edcba"),
        (ErrorOrder.LARGEST, "bcaed*"),
        (ErrorOrder.ATTEMPTS, "bdcae*"),
    ],
)
async def test_it_is_sorted_as_was_chosen(troubled: Store, order: ErrorOrder, said: str) -> None:
    whole = await listed(troubled, Narrowing(order=order))
    pages = [await listed(troubled, Narrowing(order=order), page=n, size=4) for n in (1, 2)]
    assert items(whole) == "".join(map(items, pages)) == said


async def test_a_cause_and_a_folder_narrow_it_alone_and_together(troubled: Store) -> None:
    inbox = await sample(troubled, "Inbox")
    assert items(await listed(troubled, Narrowing(code="dest_rejected"))) == "be"
    assert items(await listed(troubled, inbox)) == "ab"
    both = await listed(troubled, Narrowing("dest_rejected", inbox.folder))
    assert (items(both), both.page.total, both.unresolved) == ("b", 1, 6)


async def test_items_without_a_folder_and_the_whole_sync_are_places_of_their_own(troubled: Store) -> None:
    choices = (await troubled.errors()).choices
    assert choices is not None
    places = {(each.folder, each.service): each for each in choices.folders}
    nowhere, whole = places[None, "email"], places[None, None]
    assert items(await listed(troubled, Narrowing(folder=nowhere.sample))) == "e"
    assert items(await listed(troubled, Narrowing(folder=whole.sample))) == "*"


async def test_each_choice_says_how_many_it_would_show(troubled: Store) -> None:
    """With what else is chosen: the causes are those in the folder, the folders those of the cause."""
    inbox = await sample(troubled, "Inbox")
    found = (await listed(troubled, Narrowing("dest_rejected", inbox.folder))).choices
    assert found is not None
    assert [(each.code, each.failures) for each in found.causes] == [
        ("dest_rejected", 1),
        ("dest_too_large", 1),
    ]
    assert [(each.folder, each.failures) for each in found.folders] == [(None, 1), ("Inbox", 1)]
    for cause in found.causes:
        shown = await listed(troubled, Narrowing(cause.code, inbox.folder))
        assert shown.page.total == cause.failures


async def test_a_folder_stays_chosen_when_what_stands_for_it_heals(troubled: Store) -> None:
    inbox = await sample(troubled, "Inbox")
    await troubled.record(item_synced(7, "a"))
    assert items(await listed(troubled, inbox)) == "b"
    await troubled.record(item_synced(8, "b"))
    emptied = await listed(troubled, inbox)
    assert (items(emptied), emptied.unresolved) == ("", 4)
    assert emptied.choices
    assert emptied.choices.folder
    assert (emptied.choices.folder.folder, emptied.choices.folder.failures) == ("Inbox", 0)


async def test_the_next_sync_is_told_only_where_one_is_scheduled(troubled: Store) -> None:
    assert (await troubled.errors()).next_sync_at is None


@pytest.mark.parametrize("cause", [True, False])
async def test_a_retry_of_what_is_chosen_takes_that_alone(troubled: Store, *, cause: bool) -> None:
    wanted = Narrowing(code="dest_rejected") if cause else await sample(troubled, "Inbox")
    target = RetryTarget(await troubled.mailbox_id(), narrowing=wanted)
    begun = await troubled.retries.claim(target, actor="U1", now=at(7), deadline=at(17))
    assert begun
    assert begun.claimed == 2
    retrying = [line.item for line in (await troubled.errors()).lines if line.state is FailureState.RETRYING]
    assert retrying == (["b", "e"] if cause else ["a", "b"])
    (noted,) = await troubled.rows("SELECT message, actor FROM audit WHERE event = 'retry requested'")
    assert noted["message"].endswith("retry of 2 items")
    again = await troubled.retries.claim(target, actor="U2", now=at(8), deadline=at(18))
    assert again
    assert (again.claimed, again.already_retrying) == (0, 2)


async def test_a_folder_that_nobody_knows_any_more_lists_all_but_retries_nothing(troubled: Store) -> None:
    unknown = Narrowing(folder=FailureId(10**6))
    assert items(await listed(troubled, unknown)) == "abcde*"
    target = RetryTarget(await troubled.mailbox_id(), narrowing=unknown)
    begun = await troubled.retries.claim(target, actor="U1", now=at(7), deadline=at(17))
    assert begun
    assert begun.claimed == 0
