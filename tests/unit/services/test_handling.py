"""What people do about alerts and failures: once, by who may, and the second one hears of the first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.config import SubjectsFor
from bot.domain.access import Asker
from bot.domain.handling import Deed
from bot.domain.standing import Membership, Person
from bot.domain.values import AlertId, FailureId, MailboxId
from bot.errors import NotAllowed, NothingToDismiss, StaleButton
from bot.services.handling import Chosen, HandlingDesk
from bot.views import AlertState, Dismissable, Handled
from tests.unit.blocks.examples import ALICE, line
from tests.unit.services.fakes import (
    NOON,
    OPERATOR,
    VIEWER,
    FakeBell,
    FakeClock,
    FakeDirectory,
    access,
)
from tests.unit.services.handling_fakes import FakeHandling

ALERT = AlertId(9)
OMAR, VERA = Asker(OPERATOR), Asker(VIEWER)
THREE = Dismissable(ALICE, (line(1), line(2), line(3)), 3, FailureId(3))
STATE = AlertState(ALERT, ALICE.source, is_cleared=False, handled=Handled("U0ADA", NOON))


def desk(
    fake: FakeHandling,
    bell: FakeBell | None = None,
    directory: FakeDirectory | None = None,
    subjects_for: SubjectsFor = SubjectsFor.OPERATORS,
) -> HandlingDesk:
    people = directory or FakeDirectory()
    return HandlingDesk(fake, fake, access(subjects_for), people, bell or FakeBell(), FakeClock())


@pytest.mark.parametrize(
    ("deed", "done"),
    [
        (Deed.ACKNOWLEDGE, ("acknowledge", ALERT, 4, OPERATOR)),
        (Deed.TAKE_BACK, ("unacknowledge", ALERT, OPERATOR)),
        (Deed.SNOOZE_HOUR, ("snooze", ALERT, NOON + timedelta(hours=1), OPERATOR)),
        (Deed.SNOOZE_HOURS, ("snooze", ALERT, NOON + timedelta(hours=4), OPERATOR)),
        (Deed.SNOOZE_TOMORROW, ("snooze", ALERT, NOON + timedelta(hours=19), OPERATOR)),
        (Deed.WAKE, ("wake", ALERT, None, OPERATOR)),
    ],
)
async def test_each_entry_of_the_menu_does_what_it_says_and_has_the_message_redrawn(
    deed: Deed, done: tuple[object, ...]
) -> None:
    fake, bell = FakeHandling(told=STATE), FakeBell()
    zurich = FakeDirectory({OPERATOR: Person(Membership.MEMBER, "Europe/Zurich")})
    outcome = await desk(fake, bell, zurich).deal(ALERT, deed, OMAR, seen=4)
    assert fake.done == [done]
    assert (outcome.is_done, bell.rings) == (True, 1)


async def test_tomorrow_is_by_utc_where_slack_does_not_say() -> None:
    fake = FakeHandling(told=STATE)
    await desk(fake, directory=FakeDirectory(answers=False)).deal(ALERT, Deed.SNOOZE_TOMORROW, OMAR)
    assert fake.done == [("snooze", ALERT, NOON + timedelta(hours=20), OPERATOR)]


async def test_who_comes_second_hears_how_it_stands() -> None:
    fake = FakeHandling(told=STATE, loses={"acknowledge"})
    outcome = await desk(fake).deal(ALERT, Deed.ACKNOWLEDGE, OMAR)
    assert not outcome.is_done
    assert outcome.state.handled.acknowledged_by == "U0ADA"


@pytest.mark.parametrize("deed", [Deed.DISMISS, Deed.VIEW_STATUS])
async def test_what_is_no_deed_of_this_kind_does_nothing(deed: Deed) -> None:
    fake = FakeHandling(told=STATE)
    with pytest.raises(StaleButton):
        await desk(fake).deal(ALERT, deed, OMAR)
    assert fake.done == []


async def test_an_alert_that_was_pruned_says_so() -> None:
    with pytest.raises(StaleButton, match="no longer kept"):
        await desk(FakeHandling()).deal(ALERT, Deed.WAKE, OMAR)


async def test_a_viewer_does_nothing_of_all_this() -> None:
    fake = FakeHandling(THREE, STATE)
    refused = desk(fake)
    for attempt in (
        refused.deal(ALERT, Deed.ACKNOWLEDGE, VERA),
        refused.dismissable(ALICE.id, VERA),
        refused.dismiss(Chosen(ALICE.id, (FailureId(1),)), "Because", VERA),
        refused.restore(ALICE.id, FailureId(1), VERA),
    ):
        with pytest.raises(NotAllowed):
            await attempt
    assert fake.done == []


async def test_single_items_are_dismissed_as_they_were_chosen() -> None:
    fake = FakeHandling(THREE)
    decided = await desk(fake).dismiss(Chosen(ALICE.id, (FailureId(1), FailureId(3))), "By hand", OMAR)
    assert fake.done == [("dismiss", (1, 3), "By hand", OPERATOR)]
    assert (decided.asked, decided.done, decided.reason) == (2, 2, "By hand")


async def test_all_are_those_that_the_asker_saw() -> None:
    """What failed after the form was opened, nobody has accepted."""
    fake = FakeHandling(THREE)
    await desk(fake).dismiss(Chosen(ALICE.id, upto=FailureId(2)), "By hand", OMAR)
    assert fake.done == [("dismiss", (1, 2), "By hand", OPERATOR)]


async def test_what_somebody_else_dismissed_first_is_not_counted() -> None:
    decided = await desk(FakeHandling(THREE, loses={"dismiss"})).dismiss(
        Chosen(ALICE.id, (FailureId(1),)), "By hand", OMAR
    )
    assert (decided.asked, decided.done) == (1, 0)


async def test_a_dismissal_is_taken_back() -> None:
    fake, bell = FakeHandling(THREE), FakeBell()
    decided = await desk(fake, bell).restore(ALICE.id, FailureId(2), OMAR)
    assert fake.done == [("restore", (2,), OPERATOR)]
    assert (decided.done, bell.rings) == (1, 1)


async def test_only_who_may_see_subjects_chooses_by_them() -> None:
    shown = await desk(FakeHandling(THREE)).dismissable(ALICE.id, OMAR)
    assert shown.lines[0].subject
    hidden = await desk(FakeHandling(THREE), subjects_for=SubjectsFor.NEVER).dismissable(ALICE.id, OMAR)
    assert [(each.subject, each.sender, each.message) for each in hidden.lines] == [(None, None, "")] * 3


async def test_where_no_item_fails_there_is_nothing_to_dismiss() -> None:
    with pytest.raises(NothingToDismiss, match="No item of alice"):
        await desk(FakeHandling(replace(THREE, lines=(), total=0))).dismissable(ALICE.id, OMAR)


async def test_a_mailbox_that_is_gone_says_so() -> None:
    with pytest.raises(StaleButton, match="no longer synced"):
        await desk(FakeHandling()).dismiss(Chosen(MailboxId(99), (FailureId(1),)), "By hand", OMAR)


@pytest.mark.parametrize("sleeps", [True, False])
async def test_the_sweep_has_messages_redrawn_when_something_woke(*, sleeps: bool) -> None:
    bell = FakeBell()
    await desk(FakeHandling(sleeps=sleeps), bell).sweep()
    assert bell.rings == int(sleeps)
