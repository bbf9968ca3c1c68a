"""Labels of a mailbox: read, made, renamed and removed."""

import pytest

from bot.engine.fault import Fault
from bot.engine.sides import Destination, Label
from bot.sandbox.gmail import GmailStandIn
from tests.unit.engine.gmail.mails import ANN


async def test_system_labels_and_those_of_the_user_are_told_apart(
    ann: Destination, standin: GmailStandIn
) -> None:
    made = standin.world.add_label(ANN, "Projects/Zürich")
    labels = await ann.labels()
    assert Label("INBOX", "INBOX", is_system=True) in labels
    assert Label(made.id, "Projects/Zürich", is_system=False) in labels


async def test_a_label_is_made(ann: Destination, standin: GmailStandIn) -> None:
    label = await ann.create_label("Projekte/Straße")
    known = standin.world.label_named(ANN, "Projekte/Straße")
    assert known is not None
    assert label == Label(known.id, "Projekte/Straße", is_system=False)
    assert (known.label_list_visibility, known.message_list_visibility) == ("labelShow", "show")


async def test_a_label_that_exists_in_another_spelling_is_taken(
    ann: Destination, standin: GmailStandIn
) -> None:
    made = standin.world.add_label(ANN, "Projects/Alpha")
    assert await ann.create_label("projects/ALPHA") == Label(made.id, "Projects/Alpha", is_system=False)


async def test_a_conflict_with_a_label_that_is_not_listed_is_told(
    ann: Destination, standin: GmailStandIn
) -> None:
    standin.faults.fail("aborted", name="labels.create")
    with pytest.raises(Fault) as caught:
        await ann.create_label("Projects")
    assert caught.value.cause.code == "dest_label_conflict"


@pytest.mark.parametrize("name", ["Inbox", "", "a//b", "x" * 226])
async def test_a_name_that_gmail_does_not_take_is_told(ann: Destination, name: str) -> None:
    with pytest.raises(Fault) as caught:
        await ann.create_label(name)
    assert (caught.value.cause.code, caught.value.is_certain) == ("dest_label_invalid", True)


async def test_a_label_is_renamed(ann: Destination, standin: GmailStandIn) -> None:
    made = standin.world.add_label(ANN, "Alpha")
    assert await ann.rename_label(made.id, "Beta") == Label(made.id, "Beta", is_system=False)
    assert made.name == "Beta"


@pytest.mark.parametrize(
    ("label", "name", "code"),
    [
        ("Label_99", "Beta", "dest_label_gone"),
        ("Label_1", "beta", "dest_label_conflict"),
        ("Label_1", "Sent", "dest_label_invalid"),
    ],
)
async def test_a_rename_that_fails_says_why(
    ann: Destination, standin: GmailStandIn, label: str, name: str, code: str
) -> None:
    standin.world.add_label(ANN, "Alpha")
    standin.world.add_label(ANN, "Beta")
    with pytest.raises(Fault) as caught:
        await ann.rename_label(label, name)
    assert caught.value.cause.code == code


async def test_a_label_is_removed_and_may_be_gone_already(ann: Destination, standin: GmailStandIn) -> None:
    made = standin.world.add_label(ANN, "Alpha")
    await ann.delete_label(made.id)
    await ann.delete_label(made.id)
    assert standin.world.label_named(ANN, "Alpha") is None


async def test_a_label_of_the_system_is_not_removed(ann: Destination) -> None:
    with pytest.raises(Fault) as caught:
        await ann.delete_label("INBOX")
    assert caught.value.cause.code == "unknown"


async def test_no_answer_to_a_removal_is_told(ann: Destination, standin: GmailStandIn) -> None:
    standin.faults.fail("backendError", name="labels.delete")
    with pytest.raises(Fault) as caught:
        await ann.delete_label("Label_1")
    assert caught.value.cause.code == "dest_unavailable"
