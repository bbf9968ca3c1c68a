"""Every page is kept with its cursor; what goes wrong with one folder stops no other."""
# ruff: noqa: ARG002 - the signatures are the ports'

import asyncio
from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.events import ItemFailed, ItemSynced
from bot.domain.mail import (
    DeletedItems,
    Description,
    FolderPage,
    KnownFolder,
    Labelled,
    MailRules,
    MessagePage,
    SourceFolder,
    SourceMessage,
    Unlabelled,
    WellKnown,
    Work,
)
from bot.domain.values import MailboxId
from bot.engine.fault import CursorLost, Fault
from bot.engine.ledger import Ledger
from bot.engine.listing import FOLDERS_AT_ONCE, Listing
from bot.engine.mapping import plan
from bot.engine.places import Place
from bot.engine.sides import Mime
from tests.unit.engine.in_memory import NOON, WORK, Noon, Written

Answer = MessagePage | Exception


def message(id_: str) -> SourceMessage:
    return SourceMessage(id_, "1", f"<{id_}@b.example>", True, False, False, NOON)  # noqa: FBT003


def page(cursor: str, *ids: str, more: bool = False) -> MessagePage:
    return MessagePage(tuple(map(message, ids)), (), cursor, is_last=not more)


def tree_page(cursor: str, *names: str, more: bool = False) -> FolderPage:
    return FolderPage(tuple(SourceFolder(name, None, name) for name in names), (), cursor, is_last=not more)


def folder(name: str, cursor: str | None = None) -> KnownFolder:
    return KnownFolder(name, None, name, None, None, None, cursor, False, None, None)  # noqa: FBT003


@dataclass
class Mailbox:
    """Answers by folder and cursor, in turn where there are several; `folders` by cursor alone."""

    folders: dict[str | None, list[FolderPage | Exception]] = field(default_factory=dict)
    messages: dict[tuple[str, str | None], list[Answer]] = field(default_factory=dict)
    names: dict[str, WellKnown] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    async def well_known(self) -> Mapping[str, WellKnown]:
        return self.names

    async def folder_page(self, cursor: str | None) -> FolderPage:
        found = self.folders[cursor].pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    async def message_page(self, folder: str, cursor: str | None) -> MessagePage:
        self.asked.append((folder, cursor))
        found = self.messages[folder, cursor].pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    def open(self, message: str) -> AbstractAsyncContextManager[Mime]:
        raise NotImplementedError

    async def describe(self, message: str) -> Description:
        raise NotImplementedError

    async def folder_of(self, message: str) -> str | None:
        raise NotImplementedError


@dataclass
class Kept:
    """What was written down of the tree, call by call."""

    known: dict[str, KnownFolder] = field(default_factory=dict)
    cursor: str | None = None
    pages: list[tuple[str, MessagePage]] = field(default_factory=list)
    forgotten: list[str | None] = field(default_factory=list)
    vacated: list[list[str]] = field(default_factory=list)
    settled: list[dict[str, str]] = field(default_factory=list)
    is_listed: bool = False

    async def folders(self, mailbox: MailboxId) -> tuple[KnownFolder, ...]:
        return tuple(self.known.values())

    async def save_folders(self, work: Work, page: FolderPage) -> None:
        self.known |= {each.id: folder(each.name) for each in page.folders}
        self.cursor = page.cursor

    async def name_well_known(self, work: Work, names: dict[str, WellKnown]) -> None:
        self.known |= {id_: replace(self.known[id_], well_known=name) for id_, name in names.items()}

    async def save_messages(self, work: Work, folder: str, page: MessagePage) -> int:
        self.pages.append((folder, page))
        return len(page.messages)

    async def forget_cursor(self, work: Work, folder: str | None) -> None:
        self.forgotten.append(folder)

    async def vacate(self, work: Work, folders: Collection[str]) -> None:
        self.vacated.append([*folders])

    async def settle(self, work: Work, places: Mapping[str, str]) -> None:
        self.settled.append({**places})

    async def listed(self, work: Work) -> None:
        self.is_listed = True


@dataclass
class Run:
    source: Mailbox
    tree: Kept = field(default_factory=Kept)
    journal: Written = field(default_factory=Written)

    def listing(self, cursor: str | None = None) -> Listing:
        work = replace(WORK, folders_cursor=cursor)
        return Listing(work, self.source, self.tree, Ledger(self.journal, Noon()), Noon())

    async def messages(self, *folders: KnownFolder) -> None:
        await self.listing().list_messages(folders, plan(folders, WORK.rules))


# ---- the tree


async def test_the_tree_is_read_page_by_page_and_its_folders_get_their_places() -> None:
    source = Mailbox(
        {"at": [tree_page("next", "a", more=True)], "next": [tree_page("end", "in")]},
        names={"in": WellKnown.INBOX},
    )
    run = Run(source)
    folders, found = await run.listing("at").list_tree()
    assert [each.id for each in folders] == ["a", "in"]
    assert found.places == {"a": Place(name="a"), "in": Place(frozenset({"INBOX"}))}
    assert run.tree.cursor == "end"


async def test_a_tree_whose_cursor_is_lost_is_listed_anew_once() -> None:
    run = Run(Mailbox({"old": [CursorLost("410")], None: [tree_page("end", "a")]}))
    folders, _ = await run.listing("old").list_tree()
    assert run.tree.forgotten == [None]
    assert [each.id for each in folders] == ["a"]


async def test_a_tree_whose_cursor_is_lost_again_is_a_fault_that_passes() -> None:
    source = Mailbox({"old": [CursorLost("410")], None: [CursorLost("410"), tree_page("end")]})
    with pytest.raises(Fault) as raised:
        await Run(source).listing("old").list_tree()
    assert raised.value.cause.heals_by_itself


async def test_a_tree_that_goes_round_in_circles_is_left() -> None:
    source = Mailbox({None: [tree_page("x", more=True)], "x": [tree_page("x", more=True)] * 9})
    with pytest.raises(Fault):
        await Run(source).listing().list_tree()
    assert len(source.folders["x"]) == 8


async def test_a_folder_that_is_no_longer_synced_is_vacated_if_it_was_ever_listed() -> None:
    known = {
        "bin": replace(folder("bin", "end"), well_known=WellKnown.DELETED),
        "moved": replace(folder("moved", "end"), parent="bin"),
        "never listed": replace(folder("never listed"), parent="bin"),
        "removed": replace(folder("removed", "end"), parent="bin", is_removed=True),
        "a": folder("a", "end"),
    }
    run = Run(Mailbox({None: [tree_page("end")]}), Kept(known))
    await run.listing().list_tree()
    assert run.tree.vacated == [["bin", "moved"]]


async def test_where_every_folder_is_synced_none_is_vacated() -> None:
    run = Run(Mailbox({None: [tree_page("end")]}), Kept({"a": folder("a", "end")}))
    await run.listing().list_tree()
    assert run.tree.vacated == []


async def test_where_mail_goes_is_told_of_folders_that_had_another_place_or_none() -> None:
    following = replace(WORK, rules=MailRules(deleted_items=DeletedItems.TRASH))
    known = {
        "bin": replace(folder("bin"), well_known=WellKnown.DELETED),
        "thrown away": replace(folder("thrown away", "end"), parent="bin", place=""),
        "in": replace(folder("in"), well_known=WellKnown.INBOX, place="INBOX"),
        "a": replace(folder("a", "end"), place=""),
        "drafts": replace(folder("drafts"), well_known=WellKnown.DRAFTS),
    }
    run = Run(Mailbox({None: [tree_page("end")]}), Kept(known))
    await replace(run.listing(), work=following).list_tree()
    assert run.tree.settled == [{"bin": "TRASH", "thrown away": "TRASH"}]


async def test_a_page_of_the_tree_is_progress() -> None:
    run = Run(Mailbox({None: [tree_page("next", more=True)], "next": [Fault("network", "reset")]}))
    listing = run.listing()
    with pytest.raises(Fault):
        await listing.list_tree()
    assert (listing.streak.has_listed, listing.streak.has_moved) == (True, False)


# ---- messages


async def test_every_folder_is_listed_from_its_cursor_to_its_end() -> None:
    source = Mailbox(
        messages={
            ("a", None): [page("a1", "m1", more=True)],
            ("a", "a1"): [page("a2", more=True)],
            ("a", "a2"): [page("a3", "m2")],
            ("b", "there"): [page("b1", "m3")],
        }
    )
    run = Run(source)
    await run.messages(folder("a"), folder("b", "there"))
    kept = {each.cursor: [one.id for one in each.messages] for _, each in run.tree.pages}
    assert kept == {"a1": ["m1"], "a2": [], "a3": ["m2"], "b1": ["m3"]}
    assert run.tree.is_listed


@pytest.mark.parametrize(
    ("answer", "has_listed"), [(page("end"), True), (Fault("source_content_corrupt", "500"), False)]
)
async def test_a_page_of_messages_is_progress_and_a_refusal_is_none(
    answer: Answer, *, has_listed: bool
) -> None:
    run = Run(Mailbox(messages={("a", None): [answer]}))
    listing = run.listing()
    await listing.list_messages((folder("a"),), plan((folder("a"),), WORK.rules))
    assert listing.streak.has_listed == has_listed


async def test_a_page_that_repeats_what_came_before_is_kept_again() -> None:
    source = Mailbox(
        messages={("a", None): [page("a1", "m1", more=True)], ("a", "a1"): [page("a2", "m1", "m2")]}
    )
    run = Run(source)
    await run.messages(folder("a"))
    assert [[one.id for one in each.messages] for _, each in run.tree.pages] == [["m1"], ["m1", "m2"]]


async def test_a_skipped_folder_is_not_listed() -> None:
    run = Run(Mailbox())
    await run.messages(replace(folder("d"), well_known=WellKnown.DRAFTS))
    assert run.source.asked == []
    assert run.tree.is_listed


async def test_no_more_folders_than_the_source_takes_are_listed_at_once() -> None:
    under_way: set[str] = set()
    most: list[int] = []
    full = asyncio.Event()

    class Slow(Mailbox):
        async def message_page(self, folder: str, cursor: str | None) -> MessagePage:
            under_way.add(folder)
            most.append(len(under_way))
            if len(under_way) == FOLDERS_AT_ONCE:
                full.set()
            await full.wait()
            under_way.discard(folder)
            return page("end")

    await Run(Slow()).messages(*(folder(f"f{number}") for number in range(10)))
    assert max(most) == FOLDERS_AT_ONCE == 3


async def test_a_folder_whose_cursor_is_lost_is_listed_anew_once() -> None:
    source = Mailbox(messages={("a", "old"): [CursorLost("410")], ("a", None): [page("new", "m1")]})
    run = Run(source)
    await run.messages(folder("a", "old"))
    assert run.tree.forgotten == ["a"]
    assert source.asked == [("a", "old"), ("a", None)]
    assert run.journal.entries == []


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({("a", None): [Fault("unknown", "400")]}, "unknown"),
        ({("a", None): [Fault("source_content_corrupt", "500")]}, "source_content_corrupt"),
        ({("a", None): [CursorLost("410"), CursorLost("410"), page("end")]}, "unknown"),
        ({("a", None): [page("x", more=True)], ("a", "x"): [page("x", more=True)] * 9}, "unknown"),
    ],
    ids=["unknown", "damaged", "cursor lost twice", "in circles"],
)
async def test_a_folder_with_trouble_of_its_own_fails_alone(
    answers: dict[tuple[str, str | None], list[Answer]], code: str
) -> None:
    run = Run(Mailbox(messages=answers | {("b", None): [page("end", "m1")]}))
    await run.messages(folder("a"), folder("b"))
    assert run.journal.steps == [Unlabelled("a", code)]
    [failed] = run.journal.events
    assert isinstance(failed, ItemFailed)
    assert (failed.item, failed.code, failed.folder, failed.run) == ("folder:a", code, "a", WORK.run)
    assert "b" in {name for name, _ in run.tree.pages}
    assert run.tree.is_listed


async def test_who_waits_for_a_folder_hears_that_it_could_not_be_listed() -> None:
    run = Run(Mailbox(messages={("a", None): [Fault("source_content_corrupt", "500")]}))
    await run.messages(replace(folder("a"), retry_key="retry-1"))
    [failed] = run.journal.events
    assert isinstance(failed, ItemFailed)
    assert (failed.item, failed.retry_id) == ("folder:a", "retry-1")


async def test_a_folder_that_is_gone_by_now_is_no_failure() -> None:
    run = Run(Mailbox(messages={("a", None): [Fault("source_item_gone", "404")]}))
    await run.messages(folder("a"))
    assert run.journal.entries == []
    assert run.tree.is_listed


@pytest.mark.parametrize("code", ["source_auth", "source_throttled", "network", "source_mailbox_unavailable"])
async def test_a_fault_of_the_mailbox_or_one_that_passes_is_raised(code: str) -> None:
    run = Run(Mailbox(messages={("a", None): [Fault(code, "text")], ("b", None): [page("end")]}))
    with pytest.raises(ExceptionGroup) as raised:
        await run.messages(folder("a"), folder("b"))
    [fault] = raised.value.exceptions
    assert isinstance(fault, Fault)
    assert fault.cause.code == code
    assert run.journal.entries == []
    assert not run.tree.is_listed


async def test_what_was_kept_before_a_fault_stays_with_its_cursor() -> None:
    source = Mailbox(
        messages={("a", None): [page("a1", "m1", more=True)], ("a", "a1"): [Fault("network", "reset")]}
    )
    run = Run(source)
    with pytest.raises(ExceptionGroup):
        await run.messages(folder("a"))
    assert [each.cursor for _, each in run.tree.pages] == ["a1"]


@pytest.mark.parametrize(
    ("known", "label"),
    [
        (replace(folder("a"), well_known=WellKnown.INBOX), ""),
        (replace(folder("a"), label="Label_1", label_name="a"), "Label_1"),
    ],
    ids=["inbox", "labelled"],
)
async def test_a_folder_that_can_be_listed_again_has_recovered(known: KnownFolder, label: str) -> None:
    run = Run(Mailbox(messages={("a", None): [page("end")]}))
    await run.messages(replace(known, failed="unknown", retry_key="retry-1"))
    assert run.journal.steps == [Labelled("a", label, known.label_name or "")]
    [synced] = run.journal.events
    assert isinstance(synced, ItemSynced)
    assert (synced.item, synced.retry_id) == ("folder:a", "retry-1")


@pytest.mark.parametrize(
    "known", [folder("a"), replace(folder("a"), label="Label_1", label_name="old")], ids=["none", "renamed"]
)
async def test_a_folder_that_failed_for_its_label_has_not(known: KnownFolder) -> None:
    run = Run(Mailbox(messages={("a", None): [page("end")]}))
    await run.messages(replace(known, failed="dest_label_invalid"))
    assert run.journal.entries == []
