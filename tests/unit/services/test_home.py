"""A Home is drawn when it is opened, and again when something changed, for who may see it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.domain.access import Asker
from bot.domain.values import Role, WatchId
from bot.errors import DeliveryFailed, NotAllowed, ViewMoved
from bot.ports import Watch, WatchKind
from bot.services.cards import Cards
from bot.services.following import SETTLED, Following
from bot.services.home import EVERY, LIFE, Homes
from bot.views import CardKind, CardRef, RetryStarted
from bot.views.home import SetUp
from tests.unit.blocks.examples import ALICE
from tests.unit.blocks.homes import OVERVIEW
from tests.unit.services.alert_fakes import FakeMessenger
from tests.unit.services.fakes import (
    ADMIN,
    NOBODY,
    NOON,
    OPERATOR,
    VIEWER,
    FakeAudit,
    FakeClock,
    FakeDetails,
    FakeMailboxes,
    FakeWatches,
    access,
)
from tests.unit.services.home_fakes import FakeHomeRecords, FakeScopes, FakeScreens, homes


@dataclass
class House:
    watches: FakeWatches = field(default_factory=FakeWatches)
    screens: FakeScreens = field(default_factory=FakeScreens)
    records: FakeHomeRecords = field(default_factory=FakeHomeRecords)
    scopes: FakeScopes = field(default_factory=FakeScopes)
    clock: FakeClock = field(default_factory=FakeClock)
    audit: FakeAudit = field(default_factory=FakeAudit)
    details: FakeDetails = field(
        default_factory=lambda: FakeDetails(overview_card=replace(OVERVIEW, as_of=NOON))
    )

    def __post_init__(self) -> None:
        asking = access(audit=self.audit)
        self.homes: Homes = homes(
            asking, self.details, self.screens, self.watches, self.clock, self.records, self.scopes
        )
        cards = Cards(FakeMailboxes(), self.details, asking, self.clock, None)
        self.following = Following(self.watches, FakeMessenger(), cards, self.homes, self.clock)

    async def redrawn(self, *users: str, digest: str | None = None) -> None:
        self.watches.due = tuple(
            Watch(
                WatchId(n),
                WatchKind.HOME,
                f"home:{user}",
                "old",
                user,
                CardRef(CardKind.OVERVIEW),
                9,
                0,
                digest,
            )
            for n, user in enumerate(users)
        )
        await self.following.sweep()


@pytest.mark.parametrize(
    ("user", "role"), [(VIEWER, Role.VIEWER), (OPERATOR, Role.OPERATOR), (ADMIN, Role.ADMIN)]
)
async def test_each_sees_the_home_of_the_own_role(user: str, role: Role) -> None:
    house = House()
    await house.homes.open(Asker(user))
    [(shown_to, card, over)] = house.screens.published
    assert (shown_to, card.role, over) == (user, role, None)


async def test_an_opened_home_is_followed_for_an_hour() -> None:
    house = House()
    await house.homes.open(Asker(VIEWER))
    [(watch, mailbox, expires_at)] = house.watches.followed
    assert (watch.kind, watch.target, watch.hash) == (WatchKind.HOME, f"home:{VIEWER}", "hash-1")
    assert (mailbox, expires_at) == (None, NOON + LIFE)
    assert house.watches.not_before == {watch.target: NOON + EVERY}


async def test_who_has_no_role_gets_none() -> None:
    house = House()
    with pytest.raises(NotAllowed):
        await house.homes.open(Asker(NOBODY))
    assert house.screens.published == []
    assert house.watches.followed == []


async def test_a_refusal_names_the_admins_but_not_to_outsiders() -> None:
    house = House()
    await house.homes.close(Asker(NOBODY), "No.")
    await house.homes.close(Asker("U9", is_outsider=True), "No.")
    assert house.screens.closed == [(NOBODY, "No.", frozenset({ADMIN})), ("U9", "No.", frozenset())]


async def test_a_home_is_published_again_only_where_it_changed() -> None:
    house = House()
    await house.redrawn(VIEWER, digest="1/5/None")
    assert house.screens.published == []
    assert house.watches.not_before == {f"home:{VIEWER}": NOON + EVERY}
    await house.redrawn(VIEWER, digest="1/4/None")
    [(_, _, over)] = house.screens.published
    assert over == "old"
    assert house.watches.digests == {0: "1/5/None"}


async def test_what_all_see_is_read_once_for_all_of_them() -> None:
    house = House()
    await house.redrawn(VIEWER, OPERATOR, ADMIN)
    assert len(house.screens.published) == 3
    assert len(house.records.reads) == 1
    house.clock.at = NOON + EVERY + timedelta(seconds=1)
    await house.redrawn(VIEWER)
    assert len(house.records.reads) == 2


async def test_after_a_retry_all_is_read_anew() -> None:
    house = House()
    await house.homes.open(Asker(OPERATOR))
    await house.homes.open(Asker(OPERATOR), RetryStarted(ALICE, "b1", claimed=1, already_retrying=0))
    assert len(house.records.reads) == 2


async def test_who_lost_the_role_is_told_once_and_sees_no_more() -> None:
    house = House()
    await house.redrawn(NOBODY)
    [(user, why, _)] = house.screens.closed
    assert user == NOBODY
    assert NOBODY in why
    assert house.watches.dropped == [f"home:{NOBODY}"]


async def test_when_slack_asks_to_wait_an_opened_home_is_drawn_later() -> None:
    house = House()
    house.screens.trouble = DeliveryFailed("ratelimited", retry_after=40)
    await house.homes.open(Asker(VIEWER))
    [(watch, _, _)] = house.watches.followed
    assert (watch.hash, watch.digest) == (None, None)
    assert house.watches.not_before == {watch.target: NOON + timedelta(seconds=40)}


async def test_when_slack_asks_to_wait_all_homes_wait() -> None:
    house = House()
    house.screens.trouble = DeliveryFailed("ratelimited", retry_after=40)
    await house.redrawn(VIEWER, OPERATOR)
    later = NOON + timedelta(seconds=40)
    assert house.watches.postponed == {0: (later, "old"), 1: (later, "old")}


async def test_a_home_that_was_opened_meanwhile_is_left_alone() -> None:
    house = House()
    house.screens.trouble = ViewMoved()
    await house.redrawn(VIEWER)
    assert house.watches.postponed == {0: (NOON + SETTLED, None)}


async def test_the_checklist_follows_from_rows() -> None:
    house = House(scopes=FakeScopes(("chat:write",)))
    house.details.overview_card = replace(OVERVIEW, mailboxes=0, newest_success_at=None)
    await house.homes.open(Asker(ADMIN))
    [(_, card, _)] = house.screens.published
    steps = {step.what: (step.is_done, step.lacking) for step in card.facts.steps}
    assert steps == {
        SetUp.SCOPES: (False, ("chat:write",)),
        SetUp.MAILBOXES: (False, ()),
        SetUp.FIRST_SYNC: (False, ()),
        SetUp.CHANNEL: (False, ()),
        SetUp.ROLES: (True, ()),
    }
    assert not card.is_set_up


async def test_where_slack_does_not_tell_scopes_the_checklist_is_silent_on_them() -> None:
    house = House(scopes=FakeScopes(None))
    await house.homes.open(Asker(ADMIN))
    [(_, card, _)] = house.screens.published
    assert SetUp.SCOPES not in {step.what for step in card.facts.steps}
