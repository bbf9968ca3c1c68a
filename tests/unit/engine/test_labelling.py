"""Every folder gets its label, whatever is in the way, and one folder's trouble is its own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.events import ItemFailed, ItemSynced
from bot.domain.mail import (
    DeletedItems,
    KnownFolder,
    Labelled,
    LabelRemoved,
    MailRules,
    Unlabelled,
    WellKnown,
)
from bot.engine.fault import Fault
from bot.engine.labelling import Labelling
from bot.engine.ledger import Ledger
from bot.engine.mapping import plan
from bot.engine.places import Plan
from bot.engine.sides import Label, Mime
from tests.unit.engine.in_memory import WORK, Noon, Written

INBOX = Label("INBOX", "INBOX", is_system=True)


@dataclass
class Labels:
    """The labels of a mailbox at the destination. `refused`: what goes wrong at a name, in turn."""

    there: dict[str, Label] = field(default_factory=lambda: {INBOX.id: INBOX})
    refused: dict[str, list[str]] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)

    def having(self, **names: str) -> "Labels":
        self.there |= {id_: Label(id_, name, is_system=False) for id_, name in names.items()}
        return self

    @property
    def names(self) -> dict[str, str]:
        return {label.id: label.name for label in self.there.values() if not label.is_system}

    async def labels(self) -> tuple[Label, ...]:
        self._called("list", "")
        return tuple(self.there.values())

    async def create_label(self, name: str) -> Label:
        self._called("create", name)
        return self._put(f"new{len(self.there)}", name)

    async def rename_label(self, label: str, name: str) -> Label:
        self._called("rename", name)
        if label not in self.there:
            raise Fault("dest_label_gone", "gone")
        return self._put(label, name)

    async def delete_label(self, label: str) -> None:
        self._called("delete", label)
        self.there.pop(label, None)

    def _called(self, verb: str, name: str) -> None:
        self.calls.append((verb, name))
        if self.refused.get(name):
            raise Fault(self.refused[name].pop(0), "refused")

    def _put(self, id_: str, name: str) -> Label:
        if any(each.name.casefold() == name.casefold() and each.id != id_ for each in self.there.values()):
            raise Fault("dest_label_conflict", "Label name exists or conflicts")
        self.there[id_] = Label(id_, name, is_system=False)
        return self.there[id_]

    async def put(self, mime: Mime, labels: Collection[str], *, is_sent: bool) -> tuple[str, int]:
        raise NotImplementedError

    async def labels_of(self, message: str) -> frozenset[str]:
        raise NotImplementedError

    async def find(self, message_id: str) -> tuple[str, ...]:
        raise NotImplementedError

    async def modify(self, message: str, *, add: Collection[str], remove: Collection[str]) -> None:
        raise NotImplementedError

    async def trash(self, message: str) -> None:
        raise NotImplementedError


def folder(id_: str, name: str, parent: str | None = None, label: str | None = None) -> KnownFolder:
    return KnownFolder(id_, parent, name, None, label, name if label else None, None, False, None, None)  # noqa: FBT003


@dataclass
class Step:
    """Bringing labels in step once, as a run does."""

    labels: Labels
    journal: Written = field(default_factory=Written)
    blames: bool = True

    async def taken(self, folders: Sequence[KnownFolder]) -> Plan:
        places = plan(folders, MailRules())
        await self.labelling.bring_in_step(folders, places)
        return places

    @property
    def labelling(self) -> Labelling:
        return Labelling(WORK, self.labels, Ledger(self.journal, Noon()), Noon(), self.blames)

    @property
    def labelled(self) -> dict[str, str]:
        return {step.folder: step.label for step in self.journal.steps if isinstance(step, Labelled)}

    @property
    def failed(self) -> dict[str, str]:
        return {step.folder: step.code for step in self.journal.steps if isinstance(step, Unlabelled)}


async def test_parents_come_first() -> None:
    step = Step(Labels())
    places = await step.taken((folder("c", "C", "b"), folder("b", "B", "a"), folder("a", "A")))
    assert [name for verb, name in step.labels.calls if verb == "create"] == ["A", "A/B", "A/B/C"]
    assert places.labels == step.labelled
    assert places.unlabelled == frozenset()


async def test_where_nothing_is_behind_nobody_is_asked() -> None:
    step = Step(Labels().having(L="A"))
    await step.taken((folder("a", "A", label="L"),))
    assert step.labels.calls == []


async def test_a_renamed_folder_renames_its_label_and_those_of_all_below_it() -> None:
    step = Step(Labels().having(L="Old", M="Old/Plans"))
    above = replace(folder("a", "Old", label="L"), name="New")
    below = replace(folder("b", "Plans", "a", label="M"), label_name="Old/Plans")
    await step.taken((above, below))
    assert step.labels.names == {"L": "New", "M": "New/Plans"}


async def test_two_folders_may_take_each_others_names() -> None:
    step = Step(Labels().having(L="A", M="B"))
    await step.taken(
        (replace(folder("a", "A", label="L"), name="B"), replace(folder("b", "B", label="M"), name="A"))
    )
    assert step.labels.names == {"L": "B", "M": "A"}
    assert step.failed == {}


async def test_a_new_folder_gets_the_name_that_another_one_gives_up() -> None:
    step = Step(Labels().having(L="A"))
    await step.taken((folder("a", "A"), replace(folder("b", "A", label="L"), name="B")))
    assert sorted(step.labels.names.values()) == ["A", "B"]
    assert step.labels.names["L"] == "B"


async def test_a_label_that_exists_in_another_spelling_is_used() -> None:
    step = Step(Labels().having(L="projects"))
    places = await step.taken((folder("a", "Projects"),))
    assert places.labels == {"a": "L"}
    assert [verb for verb, _ in step.labels.calls] == ["list"]


async def test_a_label_that_appears_in_the_meantime_is_looked_up_and_used() -> None:
    labels = Labels()

    async def listed() -> tuple[Label, ...]:
        found = tuple(labels.there.values())
        labels.having(L="Projects")
        return found

    labels.labels = listed  # type: ignore[method-assign]
    step = Step(labels)
    await step.taken((folder("a", "Projects"),))
    assert step.labelled == {"a": "L"}


async def test_a_conflict_that_no_look_up_explains_ends_in_a_safe_name() -> None:
    step = Step(Labels(refused={"A-B": ["dest_label_conflict"]}))
    await step.taken((folder("a", "A-B"),))
    assert [*step.labels.names.values()] == ["Outlook A-B"]
    assert step.failed == {}


async def test_a_folder_with_a_label_keeps_it_where_the_name_is_another_labels() -> None:
    step = Step(Labels().having(L="Old", other="New"))
    places = await step.taken((replace(folder("a", "Old", label="L"), name="New"),))
    assert step.labels.names == {"L": "Outlook New", "other": "New"}
    assert places.labels == {"a": "L"}


async def test_a_name_that_is_refused_is_made_safe_and_stays_so() -> None:
    step = Step(Labels(refused={"Gesendet": ["dest_label_invalid"]}))
    first = folder("a", "Gesendet")
    await step.taken((first,))
    assert [*step.labels.names.values()] == ["Outlook Gesendet"]
    [labelled] = step.journal.steps
    assert isinstance(labelled, Labelled)
    again = Step(step.labels)
    await again.taken((replace(first, label=labelled.label, label_name=labelled.name),))
    assert again.journal.steps == []


async def test_a_safe_name_is_no_other_folders() -> None:
    step = Step(Labels(refused={"Gesendet": ["dest_label_invalid"]}).having(L="Outlook Gesendet"))
    await step.taken((folder("a", "Gesendet"), folder("b", "Outlook Gesendet", label="L")))
    assert step.labels.names["L"] == "Outlook Gesendet"
    assert step.labels.names[step.labelled["a"]] == "Outlook Gesendet (2)"


@pytest.mark.parametrize("code", ["dest_label_invalid", "dest_label_conflict", "unknown"])
async def test_what_is_refused_again_fails_alone_and_the_others_go_on(code: str) -> None:
    step = Step(Labels(refused={"Bad": [code], "Outlook Bad": [code]}))
    places = await step.taken((folder("a", "Bad"), folder("b", "Good")))
    assert step.failed == {"a": code}
    assert [*step.labelled] == ["b"]
    assert places.unlabelled == {"a"}
    [failed] = step.journal.events
    assert isinstance(failed, ItemFailed)
    assert (failed.item, failed.code, failed.folder, failed.run) == ("folder:a", code, "Bad", WORK.run)


@pytest.mark.parametrize("code", ["dest_auth", "dest_throttled", "network", "dest_unavailable"])
async def test_what_is_not_the_folders_own_fault_is_raised(code: str) -> None:
    step = Step(Labels(refused={"A": [code]}))
    with pytest.raises(Fault) as raised:
        await step.taken((folder("a", "A"),))
    assert raised.value.cause.code == code
    assert step.journal.entries == []


async def test_a_fault_of_the_look_up_is_raised() -> None:
    with pytest.raises(Fault):
        await Step(Labels(refused={"": ["network"]})).taken((folder("a", "A"),))


@pytest.mark.parametrize("name", ["", "A"])
async def test_where_each_folder_answers_for_itself_nothing_is_raised(name: str) -> None:
    step = Step(Labels(refused={name: ["dest_auth"]}), blames=False)
    await step.taken((replace(folder("a", "A"), failed="unknown", retry_key="retry-1"),))
    [failed] = step.journal.events
    assert isinstance(failed, ItemFailed)
    assert (failed.code, failed.retry_id) == ("dest_auth", "retry-1")


async def test_a_folder_that_failed_waits_until_somebody_asks() -> None:
    failed = replace(folder("a", "A"), failed="unknown")
    step = Step(Labels())
    await step.taken((failed,))
    assert step.labels.calls == []
    await step.taken((replace(failed, retry_key="retry-1"),))
    [synced] = step.journal.events
    assert isinstance(synced, ItemSynced)
    assert (synced.item, synced.retry_id) == ("folder:a", "retry-1")


async def test_a_folder_whose_label_is_fine_answers_all_the_same() -> None:
    """Its listing had failed: without an answer somebody would be asked for it for ever."""
    asked = replace(folder("a", "A", label="L"), failed="unknown", retry_key="retry-1")
    step = Step(Labels().having(L="A"))
    await step.taken((asked,))
    assert step.labelled == {"a": "L"}
    assert isinstance(step.journal.events[0], ItemSynced)


@pytest.mark.parametrize(
    "known",
    [
        replace(folder("a", "Inbox"), well_known=WellKnown.INBOX),
        replace(folder("a", "Drafts"), well_known=WellKnown.DRAFTS),
        replace(folder("a", "Gone"), is_removed=True),
    ],
    ids=["inbox", "drafts", "removed"],
)
async def test_a_folder_that_needs_no_label_answers_too(known: KnownFolder) -> None:
    step = Step(Labels())
    await step.taken((replace(known, failed="unknown", retry_key="retry-1"), folder("b", "B", label=None)))
    [synced] = step.journal.events
    assert isinstance(synced, ItemSynced)
    assert (synced.item, synced.retry_id) == ("folder:a", "retry-1")
    assert step.labelled["a"] == ""


# ---- labels that somebody removed


async def test_a_folder_behind_whose_label_is_gone_gets_a_new_one() -> None:
    step = Step(Labels())
    places = await step.taken((replace(folder("a", "Old", label="gone"), name="New"),))
    assert [call for call in step.labels.calls if call[0] != "list"] == [("create", "New")]
    assert places.labels["a"] in step.labels.names


async def test_a_label_that_goes_while_it_is_renamed_is_created() -> None:
    step = Step(Labels(refused={"New": ["dest_label_gone"]}).having(L="Old"))
    await step.taken((replace(folder("a", "Old", label="L"), name="New"),))
    assert ("create", "New") in step.labels.calls


async def test_a_removed_label_is_recreated_once() -> None:
    step = Step(Labels())
    known = folder("a", "A", label="gone")
    places = plan((known,), MailRules())
    await step.labelling.recreate(known, places)
    again = replace(known, label=places.labels["a"])
    await step.labelling.recreate(again, places)
    assert [*step.labels.names.values()] == ["A"]
    assert places.labels == step.labelled


async def test_labels_of_removed_folders_are_deleted_but_for_those_that_another_folder_has() -> None:
    gone = replace(folder("a", "A", label="L"), is_removed=True)
    taken_over = replace(folder("b", "B", label="M"), is_removed=True)
    folders = (gone, taken_over, folder("c", "C", label="N"), folder("d", "B"))
    step = Step(Labels().having(L="A", M="B", N="C"))
    labelling, places = step.labelling, plan(folders, MailRules())
    await labelling.bring_in_step(folders, places)
    await labelling.remove_leftovers(folders, places)
    assert step.labels.names == {"M": "B", "N": "C"}
    assert [each for each in step.journal.steps if isinstance(each, LabelRemoved)] == [
        LabelRemoved("a"),
        LabelRemoved("b"),
    ]


async def test_the_label_of_a_folder_that_was_thrown_away_is_a_leftover() -> None:
    rules = MailRules(deleted_items=DeletedItems.TRASH)
    trash = replace(folder("bin", "Deleted"), well_known=WellKnown.DELETED)
    thrown = folder("a", "A", "bin", label="L")
    for chosen in (rules, MailRules()):
        step = Step(Labels().having(L="A"))
        await step.labelling.remove_leftovers((trash, thrown), plan((trash, thrown), chosen))
        assert step.labels.names == {}
        assert step.journal.steps == [LabelRemoved("a")]


# ---- inside a label that got another name


async def test_what_is_inside_a_folder_whose_name_was_refused_is_inside_its_label() -> None:
    folders = (folder("a", "Verboten"), folder("b", "Plans", "a"), folder("c", "May", "b"))
    step = Step(Labels(refused={"Verboten": ["dest_label_invalid"]}))
    await step.taken(folders)
    names = {step.labels.names[label] for label in step.labelled.values()}
    assert names == {"Outlook Verboten", "Outlook Verboten/Plans", "Outlook Verboten/Plans/May"}


async def test_it_stays_so() -> None:
    folders = (folder("a", "Verboten"), folder("b", "Plans", "a"))
    step = Step(Labels(refused={"Verboten": ["dest_label_invalid"]}))
    await step.taken(folders)
    steps = {each.folder: each for each in step.journal.steps if isinstance(each, Labelled)}
    kept = tuple(
        replace(each, label=made.label, label_name=made.name, label_called=made.called)
        for each, made in zip(folders, map(steps.__getitem__, ("a", "b")), strict=True)
    )
    step.labels.calls.clear()
    await step.taken(kept)
    assert step.labels.calls == []


async def test_a_folder_that_is_renamed_to_an_allowed_name_takes_its_inside_along() -> None:
    above = folder("a", "Verboten", label="L")
    above = replace(above, name="Erlaubt", label_called="Outlook Verboten")
    below = replace(folder("b", "Plans", "a", label="M"), label_name="Outlook Verboten/Plans")
    step = Step(Labels().having(L="Outlook Verboten", M="Outlook Verboten/Plans"))
    await step.taken((above, below))
    assert step.labels.names == {"L": "Erlaubt", "M": "Erlaubt/Plans"}
