"""Every folder of any tree gets a label's name that Gmail takes, and keeps it."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.mail import DeletedItems, Junk, KnownFolder, MailRules, WellKnown
from bot.engine.mapping import PREFIX, numbered, plan, safe_name
from bot.engine.places import INBOX, LONGEST_LABEL, SENT, SPAM, TRASH, Place
from bot.sandbox.gmail.labels import checked_name
from bot.sandbox.gmail.rules import Rules
from tests.unit.engine.trees import EVERYTHING, ROOT, RULES, folder


def names(*folders: KnownFolder) -> dict[str, str | None]:
    return {id_: place.name for id_, place in plan((ROOT, *folders), RULES).places.items()}


def labelled(folders: Sequence[KnownFolder]) -> tuple[KnownFolder, ...]:
    """The same folders after their labels were made."""
    places = plan(folders, RULES).places
    return tuple(
        replace(each, label=f"Label_{each.id}", label_name=places[each.id].name)
        if each.id in places and places[each.id].name
        else each
        for each in folders
    )


# ---- well-known folders


@pytest.mark.parametrize("name", ["Inbox", "Posteingang", "受信トレイ", ""])
@pytest.mark.parametrize(
    ("well_known", "place"),
    [
        (WellKnown.INBOX, Place(frozenset({INBOX}))),
        (WellKnown.SENT, Place(frozenset({SENT}), is_sent=True)),
        (WellKnown.ARCHIVE, Place()),
    ],
)
def test_a_well_known_folder_has_its_place_in_every_language(
    name: str, well_known: WellKnown, place: Place
) -> None:
    assert plan((ROOT, folder("f", name, well_known=well_known)), RULES).places == {"f": place}


@pytest.mark.parametrize("well_known", [WellKnown.DRAFTS, WellKnown.OUTBOX, WellKnown.SYNC_ISSUES])
def test_drafts_the_outbox_and_sync_issues_are_skipped_with_all_that_is_in_them(
    well_known: WellKnown,
) -> None:
    found = plan((ROOT, folder("f", "Konflikte", well_known=well_known), folder("g", "X", "f")), EVERYTHING)
    assert found.skips("f")
    assert found.skips("g")


@pytest.mark.parametrize(
    ("well_known", "rules", "place"),
    [
        (WellKnown.DELETED, RULES, None),
        (WellKnown.DELETED, EVERYTHING, Place(frozenset({TRASH}))),
        (WellKnown.JUNK, RULES, None),
        (WellKnown.JUNK, EVERYTHING, Place(frozenset({SPAM}))),
    ],
)
def test_the_policy_says_what_becomes_of_deleted_and_junk_mail_and_of_folders_in_there(
    well_known: WellKnown, rules: MailRules, place: Place | None
) -> None:
    folders = (ROOT, folder("f", "Papierkorb", well_known=well_known), folder("g", "Alt", "f"))
    assert plan(folders, rules).places == ({"f": place, "g": place} if place else {})


def test_a_removed_folder_is_skipped() -> None:
    assert names(folder("f", "Old", is_removed=True)) == {}


# ---- paths


def test_a_path_names_the_folders_above_but_neither_the_root_nor_the_inbox() -> None:
    assert names(
        folder("in", "Posteingang", well_known=WellKnown.INBOX),
        folder("a", "Clients", "in"),
        folder("b", "Acme", "a"),
        folder("c", "2026", "b"),
    ) == {"in": None, "a": "Clients", "b": "Clients/Acme", "c": "Clients/Acme/2026"}


def test_a_path_names_the_archive_and_sent_items_by_what_people_call_them() -> None:
    found = names(
        folder("a", "Archief", well_known=WellKnown.ARCHIVE),
        folder("b", "2019", "a"),
        folder("s", "Verzonden items", well_known=WellKnown.SENT),
        folder("t", "Projecten", "s"),
    )
    assert (found["b"], found["t"]) == ("Archief/2019", "Verzonden items/Projecten")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("A/B", "A-B"),
        ("  two   words ", "two words"),
        ("tab\tnew\r\nline\x00nul\x7f", "tab new line nul"),
        ("no\u00a0break", "no break"),
        ("", "Unnamed"),
        (" \t ", "Unnamed"),
        ("\u200b\ufeff", "Unnamed"),
        ("\u200d", "Unnamed"),
        ("\ud800", "Unnamed"),
        ("left\u202eright", "leftright"),
        ("cafe\u0301", "caf\u00e9"),
        ("Rechnungen 🧾", "Rechnungen 🧾"),
        ("👩‍👧", "👩‍👧"),
        (".", "."),
        ("[Gmail]", "[Gmail]"),
    ],
)
def test_a_name_is_kept_but_for_what_a_label_cannot_hold(name: str, label: str) -> None:
    assert names(folder("f", name)) == {"f": label}


@pytest.mark.parametrize(
    "name",
    ["Inbox", "SENT", "Drafts", "Bin", "Archive", "Migrated", "todo", "Voicemail", "CATEGORY_WORK", "Muted"],
)
def test_a_reserved_name_gets_a_prefix_and_so_do_the_folders_in_it(name: str) -> None:
    found = names(folder("f", name), folder("g", "Old", "f"))
    assert found == {"f": f"{PREFIX}{name}", "g": f"{PREFIX}{name}/Old"}


def test_a_reserved_name_further_down_is_no_trouble() -> None:
    assert names(folder("f", "Acme"), folder("g", "Inbox", "f"))["g"] == "Acme/Inbox"


def test_the_stand_ins_reserved_names_are_all_known() -> None:
    for name in Rules().reserved_names:
        assert names(folder("f", name)) == {"f": PREFIX + name}


def test_a_path_that_is_too_long_is_cut_and_stays_different_from_others() -> None:
    found = names(folder("a", "x" * 300), folder("b", "x" * 301), folder("c", "y" * LONGEST_LABEL))
    assert [len(name or "") for name in found.values()] == [LONGEST_LABEL] * 3
    assert len({*found.values()}) == 3
    assert found["c"] == "y" * LONGEST_LABEL


def test_emoji_count_as_the_two_units_that_gmails_pages_see() -> None:
    found = names(folder("a", "📁" * 120))["a"] or ""
    assert len(found.encode("utf-16-le")) <= 2 * LONGEST_LABEL
    assert "\ufffd" not in found


def test_a_folder_whose_parent_is_unknown_or_removed_stands_at_the_top() -> None:
    gone = folder("gone", "Gone", is_removed=True)
    assert names(gone, folder("a", "A", "gone"), folder("b", "B", "never seen"), folder("c", "C", None)) == {
        "a": "A",
        "b": "B",
        "c": "C",
    }


def test_a_loop_in_the_tree_ends() -> None:
    found = names(folder("a", "A", "b"), folder("b", "B", "a"), folder("c", "C", "c"))
    assert found == {"a": "B/A", "b": "A/B", "c": "C"}


def test_a_loop_of_hundreds_of_folders_ends() -> None:
    assert len(names(*(folder(f"{n}", "x", f"{(n + 1) % 300}") for n in range(300)))) == 300


# ---- unique and stable


def test_siblings_that_differ_in_case_alone_get_labels_of_their_own_and_keep_what_is_in_them_apart() -> None:
    found = names(
        folder("a", "Work"), folder("b", "work"), folder("c", "Plans", "a"), folder("d", "Plans", "b")
    )
    assert found == {"a": "Work", "b": "work (2)", "c": "Work/Plans", "d": "work (2)/Plans"}


def test_a_slash_in_a_name_does_not_take_another_folders_place() -> None:
    assert names(folder("a", "A-B"), folder("b", "A/B")) == {"a": "A-B", "b": "A-B (2)"}


def test_a_folder_that_has_its_label_keeps_its_name_when_a_twin_comes_before_it() -> None:
    [there] = labelled((folder("m", "Work"),))
    assert names(folder("a", "WORK"), there) == {"m": "Work", "a": "WORK (2)"}


def test_a_numbered_folder_keeps_its_number_while_it_has_a_twin() -> None:
    first, _, third = labelled((folder("a", "Work"), folder("b", "work"), folder("c", "WORK")))
    assert names(first, third) == {"a": "Work", "c": "WORK (3)"}


def test_a_folder_of_the_inbox_and_one_beside_it_are_twins_as_siblings_are() -> None:
    inbox = folder("in", "Posteingang", well_known=WellKnown.INBOX)
    [_, within] = labelled((inbox, folder("m", "Work", "in")))
    assert names(inbox, folder("a", "work"), within) == {"in": None, "m": "Work", "a": "work (2)"}
    twins = labelled((inbox, folder("a", "Work"), folder("m", "work", "in")))
    assert names(*twins, folder("b", "WORK")) == {"in": None, "a": "Work", "m": "work (2)", "b": "WORK (3)"}


def test_a_number_stays_while_another_folder_has_the_name_for_its_own_number() -> None:
    there = labelled((folder("a", "Work"), folder("b", "work"), folder("c", "Work (2)")))
    assert names(*there, folder("0", "Work (2) (2)")) == {
        "a": "Work",
        "b": "work (2)",
        "c": "Work (2) (2)",
        "0": "Work (2) (2) (2)",
    }


def test_a_folder_that_drops_a_number_of_its_own_is_renamed() -> None:
    [there] = labelled((folder("a", "Work (2)"),))
    assert names(replace(there, name="Work")) == {"a": "Work"}


def test_a_renamed_folder_renames_all_below_it() -> None:
    above, below = labelled((folder("a", "Old"), folder("b", "Plans", "a")))
    assert names(replace(above, name="New"), below) == {"a": "New", "b": "New/Plans"}


texts = st.text(max_size=12) | st.sampled_from(
    ["Inbox", "inbox", "Outlook Inbox", "", "A", "a", "A (2)", "A (2) (2)", "A/B", "x" * 230, "\ud800"]
)
ids = st.sampled_from([f"f{number}" for number in range(8)])
folders = st.builds(
    folder,
    ids,
    texts,
    ids | st.none() | st.just("root"),
    st.none() | st.none() | st.sampled_from(WellKnown),
    st.none() | st.sampled_from(["Label_1", "Label_2", ""]),
    st.none() | texts,
    is_removed=st.booleans(),
)
trees = st.lists(folders, max_size=6, unique_by=lambda each: each.id)
rules = st.builds(MailRules, deleted_items=st.sampled_from(DeletedItems), junk=st.sampled_from(Junk))


@given(trees, rules)
def test_any_tree_whatever_gets_valid_names_that_differ_in_more_than_case(
    tree: list[KnownFolder], rules: MailRules
) -> None:
    found = [place.name for place in plan(tree, rules).places.values() if place.name is not None]
    assert len({name.casefold() for name in found}) == len(found)
    for name in found:
        assert len(name.encode("utf-16-le")) <= 2 * LONGEST_LABEL
        assert all(level and level == level.strip() for level in name.split("/"))
        checked_name(safe_name(name), Rules())


@given(trees, st.randoms(use_true_random=False))
def test_the_order_of_the_folders_does_not_matter(tree: list[KnownFolder], random: Random) -> None:
    shuffled = [*tree]
    random.shuffle(shuffled)
    assert plan(shuffled, RULES).places == plan(tree, RULES).places


@given(trees)
def test_names_stay_once_the_labels_are_there(tree: list[KnownFolder]) -> None:
    there = labelled(tree)
    assert plan(there, RULES).places == plan(tree, RULES).places


@given(trees, texts)
def test_names_stay_when_a_folder_that_nothing_depends_on_comes_or_goes(
    tree: list[KnownFolder], name: str
) -> None:
    there = labelled(tree)
    before = plan(there, RULES).places
    after = plan((*there, folder("00", name, None)), RULES).places
    assert {id_: place for id_, place in after.items() if id_ != "00"} == before


@pytest.mark.parametrize("name", ["Work", "x" * LONGEST_LABEL, "Acme/" + "📁" * 110])
def test_a_numbered_name_ends_in_its_number_and_fits(name: str) -> None:
    assert numbered(name, 1) == name
    assert numbered(name, 12).endswith(" (12)")
    assert len(numbered(name, 12).encode("utf-16-le")) <= 2 * LONGEST_LABEL


def test_a_safe_name_holds_nothing_that_is_not_shown() -> None:
    assert safe_name("👩‍👧/\u200cA") == "Outlook 👩👧/A"
