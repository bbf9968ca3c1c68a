"""The listeners of the subscription form, on fakes: options, who gets them, and what a form may say."""

import pytest

from blocks.values import ChannelValue, MuteValue
from bot.domain.routing import Mute, Subscription
from bot.domain.wishes import MuteKind
from handlers import suggestions
from handlers.gesture import Gesture
from tests.unit.handlers.fakes import Bot, click, command, done, suggestion, view_click
from tests.unit.services.fakes import ADMIN, NOON, OPERATOR, VIEWER

HERE = ChannelValue(channel="C0HERE").encode()


async def offered(bot: Bot, action: str, typed: str, user: str = ADMIN, team: str = "T1") -> list[str]:
    listen = bot.boundary.suggestions(Gesture.of_suggestion, suggestions.offer)
    ack = bot.ack()
    await listen(ack=ack, body=suggestion(action, typed, user, team))
    (answer,) = ack.answers
    return [option["text"]["text"] for option in answer["options"]]


@pytest.mark.parametrize(
    ("action", "typed", "found"),
    [
        ("subscription.policies", "", ["Gold", "Silver plus"]),
        ("subscription.policies", "SIL", ["Silver plus"]),
        ("subscription.domains", "org", ["org.example"]),
        ("subscription.zone", "kolk", ["Asia/Kolkata"]),
        ("subscription.zone", "new york", ["America/New_York"]),
        ("subscription.group", "call", ["@it-oncall"]),
        ("subscription.group", "@here", ["@here: everybody active in the channel"]),
        ("something else", "x", []),
    ],
)
async def test_a_select_offers_what_is_typed(action: str, typed: str, found: list[str]) -> None:
    bot = Bot()
    bot.directory.named["it-oncall"] = "S0ONCALL"
    assert await offered(bot, action, typed) == found


@pytest.mark.parametrize(("user", "team"), [(OPERATOR, "T1"), (ADMIN, "T2")])
async def test_who_may_not_subscribe_is_offered_nothing(user: str, team: str) -> None:
    assert await offered(Bot(), "subscription.policies", "", user, team) == []


async def test_what_goes_wrong_while_somebody_types_is_an_empty_list() -> None:
    bot = Bot()
    bot.vocabulary.known = None  # type: ignore[assignment] # what a fault would be like
    assert await offered(bot, "subscription.policies", "") == []


async def test_a_direct_message_is_no_channel() -> None:
    body = command("subscribe", ADMIN) | {"channel_id": "D0ADA"}
    assert "Alerts go to channels" in await done(Bot(), body)


async def test_removing_redraws_the_list_and_in_a_form_it_says_so() -> None:
    bot = Bot()
    bot.subscriptions.kept["C0HERE"] = Subscription("C0HERE", by=ADMIN)
    assert "C0HERE" not in await done(bot, click("subscription.remove", HERE, ADMIN))
    assert bot.desk.how[-1] == "replace"
    bot.subscriptions.kept["C0HERE"] = Subscription("C0HERE", by=ADMIN)
    assert "gets no new alerts any more" in await done(bot, view_click("subscription.remove", HERE, ADMIN))
    assert bot.desk.how[-1] == "push"


@pytest.mark.parametrize("user", [VIEWER, OPERATOR])
@pytest.mark.parametrize("action", ["subscription.edit", "subscription.remove"])
async def test_only_admins_change_subscriptions(action: str, user: str) -> None:
    bot = Bot()
    bot.subscriptions.kept["C0HERE"] = Subscription("C0HERE", by=ADMIN)
    assert "this needs an admin" in await done(bot, click(action, HERE, user))
    assert "C0HERE" in bot.subscriptions.kept


async def test_a_button_that_ends_a_mute_redraws_the_list() -> None:
    bot = Bot()
    bot.mutes.kept[MuteKind.POLICY, "gold"] = Mute(MuteKind.POLICY, "gold", None, OPERATOR, NOON)
    value = MuteValue(kind="policy", key="gold").encode()
    assert "Unmute" not in await done(bot, click("mute.end", value, OPERATOR))
    assert bot.mutes.kept == {}


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("subscription.edit", '{"v":1,"channel":"D0ADA"}'),
        ("subscription.remove", '{"v":1,"channel":"<!channel>"}'),
        ("mute.end", '{"v":1,"kind":"everything","key":"x"}'),
    ],
)
async def test_a_value_that_is_none_of_ours_is_refused(action: str, value: str) -> None:
    assert "older version" in await done(Bot(), click(action, value, ADMIN))
