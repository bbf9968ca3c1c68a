"""`/sync policies`, `/sync policy`, and the button, on fakes."""

import pytest

from blocks.values import CardValue, PolicyValue
from bot.errors import BadCommand
from bot.views import CardKind, CardRef
from bot.views.routing import Named
from handlers.policies import parse_switch
from tests.unit.handlers.fakes import Bot, click, command, done, view_click
from tests.unit.services.fakes import ADMIN, OPERATOR, VIEWER

OFF = PolicyValue(policy=1, active=False).encode()


def policies_called(*names: str) -> Bot:
    bot = Bot()
    bot.vocabulary.known = tuple(Named("1", f"key-{n}", name) for n, name in enumerate(names))
    return bot


@pytest.mark.parametrize(
    ("typed", "name", "active"),
    [
        ("Gold enable", "Gold", True),
        ("Gold DISABLE", "Gold", False),
        ("Gold plus enable", "Gold plus", True),
        ('"Gold plus" disable', "Gold plus", False),
        ("“Gold plus” disable", "Gold plus", False),
        ("'Gold plus' disable", "Gold plus", False),
        ("the bosses' disable", "the bosses'", False),
        ("disable enable", "disable", True),
    ],
)
def test_a_name_may_have_blanks_and_quotes(typed: str, name: str, active: bool) -> None:  # noqa: FBT001
    assert parse_switch(typed) == (name, active)


def test_a_misspelt_order_gets_the_nearest_one() -> None:
    with pytest.raises(BadCommand, match="Did you mean `disable`"):
        parse_switch("Gold disabel")


async def test_a_viewer_sees_the_list_and_an_admin_its_buttons() -> None:
    assert "Disable" not in await done(Bot(), command("policies", VIEWER))
    assert "Disable" not in await done(Bot(), command("policies", OPERATOR))
    assert "Disable" in await done(Bot(), command("policies", ADMIN))


async def test_a_policy_is_switched_by_its_name() -> None:
    bot = policies_called("Gold")
    assert "inactive now" in await done(bot, command('policy "gold" disable', ADMIN))
    assert (bot.policies.active, bot.policies.by) == ({1: False}, [ADMIN])
    assert "was inactive already" in await done(bot, command("policy gold disable", ADMIN))


async def test_a_misspelt_name_gets_the_nearest_one() -> None:
    bot = policies_called("Gold", "Silver")
    assert "Did you mean “Silver”?" in await done(bot, command("policy silvr disable", ADMIN))
    assert bot.policies.active == {1: True}


async def test_of_several_with_one_name_the_key_tells_which() -> None:
    bot = policies_called("Gold", "gold")
    assert "`key-0`, `key-1`" in await done(bot, command("policy Gold disable", ADMIN))
    assert "inactive now" in await done(bot, command("policy key-1 disable", ADMIN))


@pytest.mark.parametrize("user", [VIEWER, OPERATOR])
async def test_only_admins_switch(user: str) -> None:
    bot = policies_called("Gold")
    assert "needs an admin" in await done(bot, command("policy gold disable", user))
    assert "needs an admin" in await done(bot, click("policy.switch", OFF, user))
    assert bot.policies.active == {1: True}


async def test_a_click_draws_the_list_anew_and_a_second_one_says_that_it_is_so() -> None:
    bot = Bot()
    assert "Policies" in await done(bot, click("policy.switch", OFF, ADMIN))
    assert bot.desk.how == ["replace"]
    assert "was inactive already" in await done(bot, click("policy.switch", OFF, ADMIN))
    assert bot.desk.how == ["replace", "replace", "respond"]


async def test_in_a_modal_the_result_stands_on_top() -> None:
    bot, body = Bot(), view_click("policy.switch", OFF, ADMIN)
    body["view"]["private_metadata"] = CardValue(ref=CardRef(CardKind.POLICIES)).encode()
    assert "inactive now" in await done(bot, body)


async def test_a_policy_that_is_gone_is_told() -> None:
    gone = PolicyValue(policy=7, active=True).encode()
    assert "no longer exists" in await done(Bot(), click("policy.switch", gone, ADMIN))
