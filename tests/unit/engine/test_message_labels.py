"""Which labels a message has, gets and loses."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.mail import ELSEWHERE, Shown, WellKnown
from bot.engine.mapping import plan
from bot.engine.places import INBOX, SENT, SPAM, STARRED, TRASH, UNREAD, Place, Plan
from tests.unit.engine.trees import EVERYTHING, ROOT, RULES, folder

PLAN = plan(
    (
        ROOT,
        folder("in", "Inbox", well_known=WellKnown.INBOX),
        folder("sent", "Sent", well_known=WellKnown.SENT),
        folder("arch", "Archive", well_known=WellKnown.ARCHIVE),
        folder("bin", "Deleted", well_known=WellKnown.DELETED),
        folder("junk", "Junk", well_known=WellKnown.JUNK),
        folder("a", "A", label="Label_a"),
        folder("new", "New"),
        folder("old", "Old", label="Label_old", is_removed=True),
    ),
    EVERYTHING,
)
shown = st.builds(
    Shown,
    st.sampled_from(["in", "sent", "arch", "bin", "junk", "a", "new", "old", "?"]),
    st.booleans(),
    st.booleans(),
)


@pytest.mark.parametrize(
    ("folder_id", "is_read", "is_flagged", "labels"),
    [
        ("in", False, False, {INBOX, UNREAD}),
        ("in", True, True, {INBOX, STARRED}),
        ("sent", True, False, {SENT}),
        ("arch", True, False, set()),
        ("a", False, True, {"Label_a", UNREAD, STARRED}),
        ("new", True, False, set()),
    ],
)
def test_a_message_has_the_labels_of_its_folder_and_flags(
    *, folder_id: str, is_read: bool, is_flagged: bool, labels: set[str]
) -> None:
    assert PLAN.of(Shown(folder_id, is_read, is_flagged)) == labels


def test_folders_whose_label_does_not_exist_yet_are_told() -> None:
    assert PLAN.unlabelled == {"new"}


at_the_destination = st.frozensets(
    st.sampled_from([INBOX, TRASH, SPAM, UNREAD, STARRED, "Label_a", "Label_old", "Label_theirs"])
)


@given(shown, shown, at_the_destination)
def test_only_what_changed_at_the_source_changes_at_the_destination(
    before: Shown, after: Shown, there: frozenset[str]
) -> None:
    add, remove = PLAN.difference(before, after)
    was, wanted = PLAN.of(before) | ({"Label_old"} if before.folder == "old" else set()), PLAN.of(after)
    now = (there - remove) | add
    assert {label for label in now ^ there if label not in was ^ wanted} == set()
    assert wanted - was - {SENT} <= now
    assert not now & (was - wanted)
    assert not {SENT} & (add | remove)


@given(shown, at_the_destination)
def test_where_nobody_knows_how_a_message_is_shown_all_is_set(after: Shown, there: frozenset[str]) -> None:
    add, remove = PLAN.correction(there, after)
    assert (there - remove) | add == there & {"Label_theirs"} | PLAN.of(after) - {SENT}
    assert not add & remove
    assert SENT not in remove


@given(shown)
def test_nothing_is_touched_where_nothing_changed(same: Shown) -> None:
    add, remove = PLAN.difference(same, same)
    assert not add
    assert remove <= {"Label_old"}


@given(shown, shown, at_the_destination)
def test_a_message_whose_folder_was_elsewhere_keeps_what_was_done_to_its_flags(
    before: Shown, after: Shown, there: frozenset[str]
) -> None:
    before = replace(before, folder=ELSEWHERE)
    add, remove = PLAN.correction(there, after, before)
    now, flags = (there - remove) | add, {UNREAD, STARRED}
    assert now - flags == there & {"Label_theirs"} | PLAN.of(after) - flags - {SENT}
    assert (UNREAD in now) == (UNREAD in there if before.is_read == after.is_read else not after.is_read)
    assert (STARRED in now) == (
        STARRED in there if before.is_flagged == after.is_flagged else after.is_flagged
    )


@given(shown, shown)
def test_a_message_is_never_put_into_two_places_at_once(before: Shown, after: Shown) -> None:
    add, _ = PLAN.difference(before, after)
    assert len(add & {INBOX, SPAM, TRASH}) <= 1


@given(shown, shown)
def test_the_difference_makes_the_labels_before_those_after(before: Shown, after: Shown) -> None:
    add, remove = PLAN.difference(before, after)
    assert ((PLAN.of(before) - remove) | add) - {SENT} == PLAN.of(after) - {SENT}


def test_mail_that_leaves_a_removed_folder_loses_its_label() -> None:
    _, remove = PLAN.difference(Shown("old", is_read=True, is_flagged=False), Shown("a", True, False))  # noqa: FBT003
    assert "Label_old" in remove


def test_mail_of_a_folder_that_has_its_former_label_again_keeps_it() -> None:
    again = Plan({"a": Place(name="A")}, {"a": "Label_a"}, {"a": "Label_a", "old": "Label_a"})
    unchanged = again.difference(Shown("old", is_read=True, is_flagged=False), Shown("a", True, False))  # noqa: FBT003
    assert unchanged == (frozenset(), frozenset())


def test_sent_mail_gets_a_label_where_gmail_cannot_know_that_the_user_sent_it() -> None:
    folders = (ROOT, folder("sent", "Gesendete Elemente", well_known=WellKnown.SENT))
    same = plan(folders, RULES).places["sent"]
    other = plan(folders, RULES, keeps_address=False).places["sent"]
    assert same == Place(frozenset({SENT}), is_sent=True)
    assert other == Place(frozenset({SENT}), name="Gesendete Elemente", is_sent=True)
