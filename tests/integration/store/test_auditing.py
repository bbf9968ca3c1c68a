"""The audit log is read page by page from indexes alone, and each line says where it was asked for."""

from collections.abc import Sequence

from sqlalchemy import delete, insert

from bot.domain.values import MailboxId, Severity
from bot.occasion import Occasion, during
from bot.store import Database, SqlAudit, SqlDetails
from bot.store.tables import audit, mailbox
from bot.views.audit import AuditLine, AuditPage
from tests.integration.store.words import Store, at, item_failed
from tests.integration.store.words import mailbox as upserted

SIZE = 10


async def write(database: Database, count: int, *, of: MailboxId | None = None, begin: int = 0) -> None:
    """Two lines a minute, so that times alone do not order them."""
    rows = [
        {
            "at": at(number // 2),
            "actor": "System",
            "severity": Severity.INFORMATION,
            "event": "sync completed",
            "message": f"line {number}",
            "mailbox_id": of,
        }
        for number in range(begin, begin + count)
    ]
    await database.write(lambda connection: connection.execute(insert(audit), rows))


async def page(
    database: Database,
    mailbox: MailboxId | None = None,
    *,
    before: int | None = None,
    after: int | None = None,
) -> AuditPage:
    found = await SqlDetails(database).audit(mailbox, before=before, after=after, size=SIZE)
    assert found
    return found


def numbers(lines: Sequence[AuditLine]) -> list[int]:
    return [int(line.message.removeprefix("line ")) for line in lines]


async def test_pages_follow_one_another_without_a_gap_or_a_repetition(database: Database) -> None:
    await write(database, 35)
    shown, before = [], None
    while True:
        turned = await page(database, before=before)
        shown += numbers(turned.lines)
        if turned.older is None:
            break
        before = turned.older
    assert shown == list(range(34, -1, -1))
    assert turned.newer is not None


async def test_the_way_back_ends_at_the_newest_as_a_whole_page(database: Database) -> None:
    await write(database, 35)
    second = await page(database, before=(await page(database)).older)
    third = await page(database, before=second.older)
    assert numbers((await page(database, after=third.newer)).lines) == numbers(second.lines)
    newest = await page(database, after=second.newer)
    assert (numbers(newest.lines), newest.newer) == (list(range(34, 24, -1)), None)
    await write(database, 3, begin=35)
    assert (await page(database, after=newest.lines[0].id)).newer is None
    assert numbers((await page(database, after=newest.lines[0].id)).lines)[0] == 37


async def test_a_page_of_one_mailbox_has_its_lines_alone(store: Store, database: Database) -> None:
    await store.record(upserted(key="m2"))
    first, second = await store.mailbox_id("m1"), await store.mailbox_id("m2")
    await write(database, 12, of=first)
    await write(database, 1, of=second, begin=50)
    turned = await page(database, second)
    assert (numbers(turned.lines), turned.source, turned.older) == ([50], "m2@old.example", None)
    assert (await page(database, first)).older is not None
    assert await SqlDetails(database).audit(MailboxId(999), before=None, after=None, size=SIZE) is None


async def test_an_empty_log_and_a_line_that_is_not_there_give_the_newest_page(database: Database) -> None:
    assert await page(database) == AuditPage((), None, None, None)
    await write(database, 3)
    assert numbers((await page(database, before=10_000)).lines) == [2, 1, 0]


async def test_lines_since_a_time_are_read_chunk_by_chunk(database: Database) -> None:
    await write(database, 35)
    trail = SqlAudit(database)
    first = await trail.lines(None, since=at(10), before=None, limit=SIZE)
    second = await trail.lines(None, since=at(10), before=first[-1].id, limit=SIZE)
    assert numbers((*first, *second)) == list(range(34, 19, -1))


async def test_each_line_says_by_what_and_where_it_was_asked_for(store: Store, database: Database) -> None:
    await store.record(item_failed(1))
    with during(Occasion("failure.retry", "C0ALERTS", "17.5")):
        await store.retry(1)
    [asked, *others] = (await page(database)).lines
    assert (asked.event, asked.via, asked.channel, asked.message_ts) == (
        "retry requested",
        "failure.retry",
        "C0ALERTS",
        "17.5",
    )
    assert {(line.via, line.channel, line.message_ts) for line in others} == {(None, None, None)}


async def test_a_line_outlives_its_mailbox(store: Store, database: Database) -> None:
    first = await store.mailbox_id("m1")
    await write(database, 1, of=first)
    await database.write(lambda connection: connection.execute(delete(mailbox).where(mailbox.c.id == first)))
    assert [line.message for line in (await page(database)).lines].count("line 0") == 1
