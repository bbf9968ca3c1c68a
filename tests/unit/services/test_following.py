"""An open card is redrawn when its mailbox changes, for as long as its reader may see it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.domain.access import Asker
from bot.domain.values import MailboxId, WatchId
from bot.errors import DeliveryFailed, MessageGone, ViewMoved
from bot.ports import SLOWEST_CALL, Watch, WatchKind
from bot.services.cards import Cards, Loaded
from bot.services.following import (
    RESPONSE_EVERY,
    RESPONSE_LIFE,
    RESPONSE_USES,
    SETTLED,
    VIEW_EVERY,
    Following,
)
from bot.services.home import Homes
from bot.services.pacing import VIEWS_A_MINUTE
from bot.views import CardKind, CardModel, CardRef, StatusCard
from tests.unit.blocks.examples import status
from tests.unit.blocks.homes import OVERVIEW
from tests.unit.services.alert_fakes import FakeMessenger
from tests.unit.services.fakes import (
    NOBODY,
    NOON,
    OPERATOR,
    VIEWER,
    FakeClock,
    FakeDetails,
    FakeMailboxes,
    FakeWatches,
    access,
)
from tests.unit.services.home_fakes import FakeScreens, homes

REF = CardRef(CardKind.STATUS, mailbox=MailboxId(3))
SHOWN = Loaded(status(), REF, version=43)
URL = "https://slack.invalid/response/1"


def watch(number: int, target: str, user: str = VIEWER, kind: WatchKind = WatchKind.VIEW) -> Watch:
    view_hash = "old-hash" if kind is WatchKind.VIEW else None
    return Watch(WatchId(number), kind, target, view_hash, user, REF, 3, 43)


@dataclass
class SlowMessenger(FakeMessenger):
    """Slack takes as long for a call as it may."""

    clock: FakeClock = field(default_factory=FakeClock)

    async def replace_card(self, watch: Watch, card: CardModel) -> str | None:
        self.clock.at += SLOWEST_CALL
        return await super().replace_card(watch, card)


def cards_of(clock: FakeClock, *, there: bool = True) -> Cards:
    return Cards(FakeMailboxes(), FakeDetails(status() if there else None), access(), clock, None)


def following(
    watches: FakeWatches, messenger: FakeMessenger | None = None, *, there: bool = True
) -> Following:
    clock = FakeClock()
    return Following(
        watches, messenger or FakeMessenger(), cards_of(clock, there=there), homes_of(watches, clock), clock
    )


def homes_of(watches: FakeWatches, clock: FakeClock, screens: FakeScreens | None = None) -> Homes:
    return homes(access(), FakeDetails(overview_card=OVERVIEW), screens or FakeScreens(), watches, clock)


async def test_a_message_is_followed_while_its_response_url_lives_and_for_three_uses() -> None:
    watches = FakeWatches()
    await following(watches).follow_response(URL, SHOWN, Asker(OPERATOR))
    [(followed, mailbox, expires_at)] = watches.followed
    assert (followed.target, followed.uses_left, followed.version) == (URL, RESPONSE_USES, 43)
    assert (mailbox, expires_at) == (3, NOON + RESPONSE_LIFE)
    assert timedelta(minutes=30) > RESPONSE_LIFE


async def test_a_modal_is_followed_from_the_hash_that_it_was_drawn_under() -> None:
    watches = FakeWatches()
    await following(watches).follow_view("V1", "hash", SHOWN, Asker(OPERATOR))
    [(followed, _, _)] = watches.followed
    assert (followed.kind, followed.hash, followed.user) == (WatchKind.VIEW, "hash", OPERATOR)


async def test_a_card_of_no_one_mailbox_ends_the_following() -> None:
    watches = FakeWatches()
    await following(watches).follow_view(
        "V1", "hash", Loaded(status(), CardRef(CardKind.LIST)), Asker(VIEWER)
    )
    await following(watches).forget("V2")
    assert watches.dropped == ["V1", "V2"]
    assert watches.followed == []


async def test_due_cards_are_redrawn_and_their_new_hash_kept() -> None:
    watches = FakeWatches((watch(1, "V1"), watch(2, URL, kind=WatchKind.RESPONSE)))
    messenger = FakeMessenger()
    await following(watches, messenger).sweep()
    assert [target for target, _ in messenger.redrawn] == ["V1", URL]
    assert watches.hashes == {1: "new-hash", 2: None}


async def test_a_card_is_redrawn_as_its_own_reader_may_see_it() -> None:
    messenger = FakeMessenger()
    due = (watch(1, "V1", VIEWER), watch(2, "V2", OPERATOR))
    await following(FakeWatches(due), messenger).sweep()
    drawn = [card.may_act for _, card in messenger.redrawn if isinstance(card, StatusCard)]
    assert drawn == [False, True]


async def test_a_view_that_somebody_changed_meanwhile_is_left_to_whoever_did() -> None:
    """If nobody follows it anew, an answer of Slack was lost: whatever it shows is drawn over."""
    watches = FakeWatches((watch(1, "V1"), watch(2, "V2")))
    await following(watches, FakeMessenger({"V1": ViewMoved()})).sweep()
    assert watches.dropped == []
    assert watches.hashes == {2: "new-hash"}
    assert watches.postponed == {1: (NOON + SETTLED, None)}


async def test_a_card_that_is_gone_is_followed_no_longer() -> None:
    watches = FakeWatches((watch(1, URL, kind=WatchKind.RESPONSE),))
    await following(watches, FakeMessenger({URL: MessageGone("expired_url")})).sweep()
    assert watches.dropped == [URL]


async def test_when_slack_asks_to_wait_all_cards_wait_that_long() -> None:
    watches = FakeWatches((watch(1, "V1"), watch(2, "V2"), watch(3, "V3")))
    messenger = FakeMessenger({"V2": DeliveryFailed("ratelimited", retry_after=50)})
    with capture_logs() as logs:
        await following(watches, messenger).sweep()
    assert messenger.asked == ["V1", "V2"]
    assert watches.dropped == []
    later = NOON + timedelta(seconds=50)
    assert watches.postponed == {2: (later, "old-hash"), 3: (later, "old-hash")}
    assert logs[0]["reason"] == "ratelimited"


async def test_a_card_that_slack_will_never_take_is_followed_no_longer() -> None:
    watches = FakeWatches((watch(1, "V1"), watch(2, "V2")))
    with capture_logs():
        refused = DeliveryFailed("invalid_arguments", retry_after=None)
        await following(watches, FakeMessenger({"V1": refused})).sweep()
    assert watches.dropped == ["V1"]
    assert watches.hashes == {2: "new-hash"}


async def test_cards_that_cannot_be_drawn_before_the_lease_ends_are_left_to_the_next_sweep() -> None:
    clock, watches = FakeClock(), FakeWatches((watch(1, "V1"), watch(2, "V2"), watch(3, "V3")))
    messenger = SlowMessenger(clock=clock)
    await Following(watches, messenger, cards_of(clock), homes_of(watches, clock), clock).sweep()
    assert messenger.asked == ["V1", "V2"]
    assert watches.hashes == {1: "new-hash", 2: "new-hash"}


async def test_a_reader_who_lost_the_role_sees_no_more_changes() -> None:
    watches, messenger = FakeWatches((watch(1, "V1", NOBODY),)), FakeMessenger()
    await following(watches, messenger).sweep()
    assert messenger.redrawn == []
    assert watches.dropped == ["V1"]


async def test_a_mailbox_that_is_gone_ends_the_following() -> None:
    watches = FakeWatches((watch(1, "V1"),))
    await following(watches, there=False).sweep()
    assert watches.dropped == ["V1"]


@pytest.mark.parametrize("trouble", [LookupError("nobody thought of it"), RecursionError()])
async def test_a_card_that_cannot_be_drawn_is_dropped_and_holds_up_no_other(trouble: Exception) -> None:
    watches = FakeWatches((watch(1, "V1"), watch(2, "V2")))
    with capture_logs() as logs:
        await following(watches, FakeMessenger({"V1": trouble})).sweep()
    assert watches.dropped == ["V1"]
    assert watches.hashes == {2: "new-hash"}
    assert logs[0]["log_level"] == "error"


async def test_an_open_modal_is_redrawn_every_two_seconds_at_most_and_an_answer_every_five() -> None:
    watches = FakeWatches((watch(1, "V1"), watch(2, URL, kind=WatchKind.RESPONSE)))
    await following(watches).sweep()
    assert watches.not_before == {"V1": NOON + VIEW_EVERY, URL: NOON + RESPONSE_EVERY}


async def test_more_modals_than_slack_takes_wait_their_turn_and_hold_up_no_answer() -> None:
    watches = FakeWatches((watch(1, "V1"), watch(2, "V2"), watch(3, URL, kind=WatchKind.RESPONSE)))
    messenger, desk = FakeMessenger(), following(watches)
    for _ in range(VIEWS_A_MINUTE - 1):
        desk.pace.may_redraw(NOON)
    await replace(desk, messenger=messenger).sweep()
    assert messenger.asked == ["V1", URL]
    assert watches.postponed == {2: (NOON + VIEW_EVERY, "old-hash")}
