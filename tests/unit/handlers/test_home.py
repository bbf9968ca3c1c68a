"""Opening the Home tab, and clicking on it."""

import pytest

from blocks.actions import Action
from blocks.values import CardValue, CauseValue, MailboxValue
from bot.views import CardKind, CardRef
from handlers import actions
from handlers.gesture import Gesture
from handlers.home import OPENED
from tests.unit.blocks.examples import ALICE
from tests.unit.handlers.fakes import Bot, Json, home_click, home_opened
from tests.unit.services.fakes import ADMIN, NOBODY, OPERATOR, VIEWER

MAILBOX = MailboxValue(mailbox=ALICE.id).encode()


async def opened(bot: Bot, body: Json) -> None:
    await bot.boundary.listener(Gesture.of_home_opened, lambda _: OPENED)(bot.ack(), body)


async def clicked(bot: Bot, body: Json) -> None:
    await bot.boundary.listener(Gesture.of_interaction, actions.route)(bot.ack(), body)


@pytest.mark.parametrize("user", [VIEWER, OPERATOR, ADMIN])
async def test_opening_the_tab_draws_it(user: str) -> None:
    bot = Bot()
    await opened(bot, home_opened(user))
    assert [shown_to for shown_to, _, _ in bot.screens.published] == [user]
    assert bot.desk.log == ["ack"]


async def test_an_event_that_is_sent_again_draws_the_same_once_more() -> None:
    bot = Bot()
    await opened(bot, home_opened())
    await opened(bot, home_opened())
    first, again = (card.facts.overview for _, card, _ in bot.screens.published)
    assert first == again


async def test_opening_another_tab_draws_nothing() -> None:
    bot = Bot()
    await opened(bot, home_opened(tab="messages"))
    assert bot.screens.published == []
    assert bot.desk.log == ["ack"]


async def test_who_has_no_role_reads_whom_to_ask_and_the_own_id() -> None:
    bot = Bot()
    await opened(bot, home_opened(NOBODY))
    [(user, why, admins)] = bot.screens.closed
    assert user == NOBODY
    assert NOBODY in why
    assert admins == {ADMIN}
    assert bot.screens.published == []
    assert bot.audit.lines[0][2:] == ("access refused", "open Home: needs viewer")


async def test_what_nobody_thought_of_is_told_with_a_reference() -> None:
    bot = Bot()
    bot.details.overview_card = None
    await opened(bot, home_opened())
    [(_, why, _)] = bot.screens.closed
    assert "reference" in why


async def test_retry_on_home_is_answered_there() -> None:
    bot = Bot()
    await clicked(bot, home_click(Action.MAILBOX_RETRY_ALL, MAILBOX, OPERATOR))
    [(user, card, _)] = bot.screens.published
    assert user == OPERATOR
    assert card.started
    assert card.started.claimed == 1
    assert bot.desk.said == []


async def test_retry_of_a_cause_is_answered_on_home_and_for_operators_alone() -> None:
    bot, value = Bot(), CauseValue(code="source_auth").encode()
    await clicked(bot, home_click(Action.CAUSE_RETRY, value, OPERATOR))
    [(user, card, _)] = bot.screens.published
    assert (user, card.started) == (OPERATOR, bot.incidents.claimed)
    refused = Bot()
    await clicked(refused, home_click(Action.CAUSE_RETRY, value, VIEWER))
    assert refused.incidents.causes == []
    assert "operator" in refused.desk.text


async def test_a_viewer_who_retries_is_refused_in_a_modal() -> None:
    bot = Bot()
    await clicked(bot, home_click(Action.MAILBOX_RETRY_ALL, MAILBOX, VIEWER))
    assert bot.retries.targets == []
    assert bot.desk.how == ["open"]
    assert "operator" in bot.desk.text


@pytest.mark.parametrize("action", [Action.ERRORS_VIEW, Action.STATUS_VIEW])
async def test_what_is_looked_at_from_home_opens_in_a_modal(action: Action) -> None:
    bot = Bot()
    await clicked(bot, home_click(action, MAILBOX))
    assert bot.desk.how == ["open", "update"]


async def test_a_list_opens_in_a_modal() -> None:
    bot = Bot()
    value = CardValue(ref=CardRef(CardKind.FAILURES)).encode()
    await clicked(bot, home_click(Action.CARD_OPEN, value))
    assert bot.desk.how == ["open", "update"]
    assert "No unresolved failures" in bot.desk.text


async def test_refresh_draws_it_anew() -> None:
    bot = Bot()
    await clicked(bot, home_click(Action.HOME_REFRESH, CardValue(ref=CardRef(CardKind.OVERVIEW)).encode()))
    assert len(bot.screens.published) == 1
