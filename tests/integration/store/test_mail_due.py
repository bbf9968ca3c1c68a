"""Which items are due, and the intent to import some of them."""

from dataclasses import replace

from bot.domain.mail import (
    Gone,
    ItemState,
    Later,
    Progress,
)
from bot.ports.journal import Entry
from tests.integration.store.journal_words import (
    ARCHIVE,
    INBOX,
    Office,
    imported,
    intents,
    message,
)
from tests.integration.store.words import at, mailbox

NEW, SENDING, DONE, CHANGED = ItemState.NEW, ItemState.SENDING, ItemState.DONE, ItemState.CHANGED
REMOVED, FAILED, GONE = ItemState.REMOVED, ItemState.FAILED, ItemState.GONE


# ---- what is due -------------------------------------------------------------------------------------------


async def test_items_are_due_by_id_page_by_page(office: Office) -> None:
    work = await office.run()
    await office.list(work, *(message(name) for name in "abcde"))
    pages, after = [], 0
    while found := await office.journal.due(work.mailbox, at(0), after=after, limit=2, blocked=()):
        pages.append("".join(item.source_id for item in found))
        after = found[-1].id
    assert pages == ["ab", "cd", "e"]


async def test_only_what_needs_work_is_due(office: Office) -> None:
    work = await office.run()
    names = ("new", "sending", "done", "changed", "removed", "failed", "gone")
    await office.list(work, *map(message, names))
    for name in ("done", "changed", "removed"):
        await office.synced(work, name)
    await office.sending(work, "sending")
    await office.failed(work, "failed")
    await office.write(work, Gone((await office.item(work, "gone")).id))
    await office.list(work, message("changed", version="2", read=True))
    await office.remove(work, "removed")
    assert set(await office.due(work)) == {"new", "sending", "changed", "removed"}
    assert await office.journal.progress(work.mailbox) == Progress(3, 300, 4)


async def test_nothing_is_due_before_its_time(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"), message("b"))
    for name, minute in (("a", 5), ("b", 9)):
        item = await office.sending(work, name)
        await office.write(work, Later(item.id, at(minute), "dest_unavailable", "503"))
    assert (set(await office.due(work, 4)), set(await office.due(work, 5))) == (set(), {"a"})
    assert await office.journal.next_due_at(work.mailbox, blocked=()) == at(5)


async def test_where_nothing_waits_for_its_time_nothing_is_waited_for(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    assert await office.journal.next_due_at(work.mailbox, blocked=()) is None


async def test_nothing_in_a_blocked_folder_is_due_or_waited_for(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    await office.list(work, message("b"), of=ARCHIVE)
    assert set(await office.due(work, blocked=[ARCHIVE])) == {"a"}
    item = await office.sending(work, "b")
    await office.write(work, Later(item.id, at(5), "dest_unavailable", "503"))
    waits = [await office.journal.next_due_at(work.mailbox, blocked=b) for b in ([ARCHIVE], [INBOX])]
    assert waits == [None, at(5)]


async def test_another_mailbox_s_items_are_not_due(office: Office) -> None:
    await office.store.record(mailbox(key="m2"))
    await office.employ()
    first, second = await office.claim()
    await office.list(first, message("a"))
    await office.list(second, message("a"), message("b"))
    assert (set(await office.due(first)), set(await office.due(second))) == ({"a"}, {"a", "b"})


# ---- intents -----------------------------------------------------------------------------------------------


async def test_an_intent_says_what_will_be_sent_and_when(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"), message("b"))
    found = await office.due(work)
    given = [replace(found["a"], message_id="<made-up@syncbot>"), found["b"]]
    assert await office.intend(given, 3) == {item.id for item in given}
    item = await office.item(work, "a", 3)
    assert (item.state, item.intent_at, item.attempts) == (SENDING, at(3), 1)
    assert (item.message_id, (await office.item(work, "b", 3)).message_id) == (
        "<made-up@syncbot>",
        "<b@old.example>",
    )


async def test_of_two_intents_one_wins(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"), message("b"))
    items = list((await office.due(work)).values())
    assert await office.intend(items[:1]) == {items[0].id}
    assert await office.intend(items) == {items[1].id}
    assert await office.intend(items) == set()


async def test_steps_count_once_though_an_intent_among_them_is_lost(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"), message("b"), message("c"))
    found = await office.due(work)
    await office.intend([found["a"], found["c"]])
    entries = [Entry(work, (imported(found["a"]),))]
    won = await office.journal.write(entries, intents([found["b"], found["c"]]))
    assert won == {found["b"].id}
    assert await office.journal.progress(work.mailbox) == Progress(1, 100, 2)


async def test_an_item_may_be_sent_again_after_a_probe(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    await office.sending(work, "a")
    item = await office.sending(work, "a", 6)
    assert (item.attempts, (await office.item(work, "a", 6)).attempts) == (1, 2)


async def test_no_items_are_intended_by_an_empty_call(office: Office) -> None:
    assert await office.intend([]) == frozenset()
