"""What stands above a list of errors: choices that stay, retries of what is chosen, a file, a report."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from blocks.actions import Action
from blocks.values import CardValue, NarrowValue, RetryValue
from bot.domain.values import FailureId
from bot.errors import DeliveryFailed
from bot.ports import RetryTarget
from bot.views import CardKind, CardRef, ErrorOrder, Narrowing
from tests.unit.blocks.examples import ALICE
from tests.unit.handlers.fakes import Bot, click, view_choice, view_click, with_lines
from tests.unit.handlers.test_actions import pressed
from tests.unit.services.fakes import OPERATOR, VIEWER

NARROWED = CardRef(CardKind.ERRORS, mailbox=ALICE.id, page=4, code="dest_rejected", order=ErrorOrder.NEWEST)


@pytest.mark.parametrize(
    ("action", "value", "ref"),
    [
        (
            Action.ERRORS_CAUSE,
            NarrowValue(code="dest_too_large"),
            replace(NARROWED, page=1, code="dest_too_large"),
        ),
        (Action.ERRORS_CAUSE, NarrowValue(), replace(NARROWED, page=1, code=None)),
        (Action.ERRORS_FOLDER, NarrowValue(folder=7), replace(NARROWED, page=1, folder=FailureId(7))),
        (
            Action.ERRORS_ORDER,
            NarrowValue(order=ErrorOrder.LARGEST),
            replace(NARROWED, page=1, order=ErrorOrder.LARGEST),
        ),
    ],
)
async def test_a_choice_above_the_errors_keeps_the_others_and_begins_anew(
    action: Action, value: NarrowValue, ref: CardRef
) -> None:
    bot = Bot()
    await pressed(bot, view_choice(action, value.encode(), VIEWER, NARROWED))
    assert bot.details.narrowings == [ref.narrowing]
    assert CardValue(ref=ref).encode() in str(bot.desk.said[-1].shown)
    assert [watch.ref for watch, _, _ in bot.watches.followed] == [ref]


@pytest.mark.parametrize(
    ("value", "target"),
    [
        (RetryValue(mailbox=3, failures=(7, 9)), RetryTarget(ALICE.id, (FailureId(7), FailureId(9)))),
        (
            RetryValue(mailbox=3, code="dest_rejected", folder=7),
            RetryTarget(ALICE.id, narrowing=Narrowing("dest_rejected", FailureId(7))),
        ),
    ],
)
async def test_what_is_shown_or_chosen_is_retried_and_stays_chosen(
    value: RetryValue, target: RetryTarget
) -> None:
    bot = Bot()
    await pressed(bot, view_click(Action.ERRORS_RETRY, value.encode(), OPERATOR, NARROWED))
    assert bot.retries.targets == [target]
    assert [watch.ref for watch, _, _ in bot.watches.followed] == [NARROWED]


async def test_what_is_chosen_is_sent_to_whoever_asks_and_stays_chosen() -> None:
    bot = Bot()
    value = CardValue(ref=NARROWED).encode()
    await pressed(bot, view_click(Action.ERRORS_EXPORT, value, VIEWER, NARROWED))
    [(user, sheet)] = bot.files.sent
    assert (user, sheet.with_subjects) == (VIEWER, False)
    assert bot.details.narrowings == [NARROWED.narrowing] * 2
    assert "1 failure sent to you as CSV, by direct message." in bot.desk.text
    assert [line[2] for line in bot.audit.lines] == ["errors exported"]


async def test_a_report_for_support_stands_upon_the_list_and_names_no_subjects() -> None:
    bot = with_lines(Bot(), 7)
    value = CardValue(ref=replace(NARROWED, page=1)).encode()
    answer = await pressed(bot, view_click(Action.ERRORS_REPORT, value, OPERATOR, NARROWED))
    assert bot.desk.how == ["push", "update"]
    assert "Sync failure report" in answer
    assert "The first 5 of this page." in answer
    assert "Q3" not in answer


async def test_a_file_that_slack_refuses_is_told_with_the_way_around() -> None:
    bot = Bot()
    bot.files.trouble = DeliveryFailed("missing_scope", retry_after=None)
    value = CardValue(ref=NARROWED).encode()
    with capture_logs():
        answer = await pressed(bot, view_click(Action.ERRORS_EXPORT, value, VIEWER, NARROWED))
    assert "files:write" in answer
    assert "syncbot errors alice@contoso.com --csv" in answer
    assert bot.audit.lines == []


async def test_a_retry_of_what_a_message_shows_stays_on_its_page() -> None:
    bot = with_lines(Bot(), 30)
    value = RetryValue(mailbox=3, failures=(9, 10), page=2).encode()
    await pressed(bot, click(Action.ERRORS_RETRY, value, OPERATOR))
    assert [watch.ref for watch, _, _ in bot.watches.followed] == [
        CardRef(CardKind.ERRORS, mailbox=ALICE.id, page=2)
    ]


async def test_a_viewer_retries_nothing_that_is_chosen() -> None:
    bot = Bot()
    value = RetryValue(mailbox=3, code="dest_rejected").encode()
    await pressed(bot, view_click(Action.ERRORS_RETRY, value, VIEWER, NARROWED))
    assert bot.retries.targets == []
