"""Things happen by themselves, and leave alone what somebody may be looking at."""

from collections import Counter

from bot.sandbox.office import Office


def counted(office: Office) -> Counter[str]:
    messages = (each for box in office.graph.world.users() for each in box.messages.values())
    return Counter(f"{each.folder.well_known}/{each.is_read}/{each.is_flagged}" for each in messages)


def test_mail_comes_is_read_flagged_filed_and_thrown_away(still: Office) -> None:
    spared = [each.message for each in still.troubles.values() if each.message]
    before, versions = counted(still), [message.version for message in spared]
    for _ in range(300):
        still.life.happen()
    after = counted(still)
    assert after.total() > before.total() + 100
    assert all(
        after[f"{place}/True/False"] > before[f"{place}/True/False"] for place in ("archive", "sentitems")
    )
    assert after["deleteditems/True/False"] > before["deleteditems/True/False"]
    assert sum(after[each] for each in after if each.endswith("/True")) > sum(
        before[each] for each in before if each.endswith("/True")
    )
    assert [message.version for message in spared] == versions
    assert {message.folder.well_known for message in spared} == {"inbox"}


def test_mail_between_colleagues_is_the_same_message_on_both_sides(still: Office) -> None:
    for _ in range(100):
        still.life.happen()
    places: dict[str | None, set[str | None]] = {}
    for mailbox in still.graph.world.users():
        for message in mailbox.messages.values():
            places.setdefault(message.envelope.message_id, set()).add(message.folder.well_known)
    assert any(found >= {"inbox", "sentitems"} for found in places.values())
