"""What a click draws where: a copy for the channel, and safe blocks alone where the setting says so."""

import pytest

from blocks.actions import Action
from blocks.values import CardValue
from bot.views import CardKind, CardRef
from tests.unit.blocks.examples import ALICE
from tests.unit.handlers.fakes import Bot, click, view_click
from tests.unit.handlers.test_actions import GOOD, pressed
from tests.unit.services.fakes import OPERATOR

FOR_NO_CHANNEL = {CardKind.AUDIT, CardKind.LAST_GOOD}
SAFE = {"header", "section", "context", "actions", "divider", "rich_text", "input"}


@pytest.mark.parametrize("action", GOOD)
async def test_with_safe_blocks_a_click_draws_no_others(action: Action) -> None:
    bot = Bot(safe_blocks=True)
    await pressed(bot, click(action, GOOD[action], OPERATOR))
    await pressed(bot, view_click(action, GOOD[action], OPERATOR))
    assert {block["type"] for said in bot.desk.said for block in said.shown.blocks} <= SAFE


@pytest.mark.parametrize("kind", sorted({*CardKind} - FOR_NO_CHANNEL))
async def test_sharing_posts_to_the_channel_and_the_card_stays(kind: CardKind) -> None:
    """By the response URL of the card, which takes no bot in the channel; without what is private."""
    bot = Bot()
    ref = CardRef(kind, mailbox=ALICE.id, query="alice")
    await pressed(bot, click(Action.CARD_SHARE, CardValue(ref=ref).encode(), OPERATOR))
    assert bot.desk.how == ["share"]
    assert "Q3" not in bot.desk.text
    assert "Bob" not in bot.desk.text


@pytest.mark.parametrize("kind", sorted(FOR_NO_CHANNEL))
async def test_what_is_for_no_channel_is_not_shared(kind: CardKind) -> None:
    bot = Bot()
    value = CardValue(ref=CardRef(kind, mailbox=ALICE.id)).encode()
    assert "which is not shared" in await pressed(bot, click(Action.CARD_SHARE, value, OPERATOR))
    assert bot.desk.how == ["respond"]
