"""What becomes of mail whose folder is thrown away, taken back, or refused by Gmail, and of old mail."""

from datetime import timedelta

import pytest

from bot.domain.mail import DeletedItems, Junk, MailRules, Removals
from bot.sandbox.graph import Folder
from tests.acceptance.failures.world import ANN, Letter, World, policy

FOLLOWING = MailRules(30, Removals.TRASH, DeletedItems.TRASH, Junk.SPAM)
SKIPPING = MailRules(30, Removals.TRASH)


async def _synced(world: World, rules: MailRules) -> tuple[Folder, list[Letter]]:
    """A folder with an unread letter and one that is read, by their label."""
    await world.apply({"staff": policy("staff", rules=rules)}, {ANN: "staff"})
    projects = world.graph.world.add_folder("Projects", user=ANN)
    letters = [world.write(folder=projects) for _ in range(2)]
    world.graph.world.set_read(letters[1].message)
    await world.work()
    assert [world.labels(each) for each in letters] == [{"Projects", "UNREAD"}, {"Projects"}]
    return projects, letters


def _move(world: World, folder: Folder, name: str) -> None:
    world.graph.world.move_folder(folder, world.graph.world.mailboxes[ANN].folder(name))


@pytest.mark.parametrize(("name", "label"), [("deleteditems", "TRASH"), ("junkemail", "SPAM")])
async def test_mail_goes_into_the_trash_and_to_spam_with_its_folder_and_comes_back_with_it(
    world: World, name: str, label: str
) -> None:
    projects, letters = await _synced(world, FOLLOWING)

    _move(world, projects, name)
    await world.next_run()
    assert [world.labels(each) for each in letters] == [{label, "UNREAD"}, {label}]
    assert "Projects" not in {each.name for each in world.gmail.world.labels(ANN)}

    _move(world, projects, "msgfolderroot")
    await world.next_run()
    assert [world.labels(each) for each in letters] == [{"Projects", "UNREAD"}, {"Projects"}]


async def test_mail_goes_from_spam_into_the_trash_with_its_folder(world: World) -> None:
    projects, letters = await _synced(world, FOLLOWING)
    for name in ("junkemail", "deleteditems"):
        _move(world, projects, name)
        await world.next_run()
    assert [world.labels(each) for each in letters] == [{"TRASH", "UNREAD"}, {"TRASH"}]


async def test_a_star_that_was_given_at_gmail_goes_along(world: World) -> None:
    projects, [letter, _] = await _synced(world, FOLLOWING)
    [there] = [each for each in world.gmail.world.messages(ANN) if each.message_id == letter.message_id]
    there.label_ids[:] = [*there.label_ids, "STARRED"]
    there.label_ids.remove("UNREAD")
    for name in ("deleteditems", "msgfolderroot"):
        _move(world, projects, name)
        await world.next_run()
    assert world.labels(letter) == {"Projects", "STARRED"}


async def test_mail_that_came_back_out_of_a_trash_that_is_not_synced_has_no_label_of_before(
    world: World,
) -> None:
    projects, [letter, other] = await _synced(world, SKIPPING)
    world.graph.world.delete(letter.message)
    await world.next_run()
    assert world.labels(letter) == {"Projects", "TRASH", "UNREAD"}

    world.graph.world.move(letter.message, world.graph.world.mailboxes[ANN].folder("inbox"))
    await world.next_run()
    assert world.labels(letter) == {"INBOX", "UNREAD"}
    assert world.labels(other) == {"Projects"}
    assert projects.name == "Projects"


async def test_a_folder_inside_one_whose_name_gmail_refuses_stays_inside(world: World) -> None:
    above = world.graph.world.add_folder("Verboten", user=ANN)
    inside = world.graph.world.add_folder("Plans", above)
    letter = world.write(folder=inside)
    world.gmail.faults.fail("invalidLabelName", user=ANN, name="labels.create", times=1)

    await world.work()
    assert world.labels(letter) == {"Outlook Verboten/Plans", "UNREAD"}
    before = {each.id: each.name for each in world.gmail.world.labels(ANN)}

    world.graph.world.rename_folder(inside, "Pläne")
    await world.next_run()
    after = {each.id: each.name for each in world.gmail.world.labels(ANN)}
    assert {name for id_, name in after.items() if before[id_] != name} == {"Outlook Verboten/Pläne"}


async def test_mail_from_before_the_window_stays_out_though_it_is_moved_and_read(world: World) -> None:
    graph, days = world.graph.world, timedelta(days=1)
    old = world.write(received_at=world.clock.now() - 31 * days)
    young = world.write(received_at=world.clock.now() - 29 * days)
    await world.work()
    assert world.arrived() == [1, 2, 3, 4, young.number]

    graph.move(old.message, graph.add_folder("Projects", user=ANN))
    graph.set_read(old.message)
    await world.next_run()
    assert world.arrived() == [1, 2, 3, 4, young.number]
