"""The samples show every card, in every state, on both kinds of blocks; Slack would take each."""

import pytest

from blocks.cards import _CARDS
from blocks.surface import Modal
from bot.doctor.sampled import Usual
from bot.doctor.samples import models, samples
from bot.domain.values import MailboxStatus, Stage
from bot.sandbox.slack.validate import check_blocks, check_view
from bot.views import StatusCard
from tests.unit.doctor.test_clocks import NOON


def test_every_card_is_among_them() -> None:
    assert {type(model) for _, model, _ in models(Usual(NOON))} == set(_CARDS)


def test_every_status_is_among_them() -> None:
    shown = [model for _, model, _ in models(Usual(NOON)) if isinstance(model, StatusCard)]
    assert {card.status for card in shown} == set(MailboxStatus)
    assert {card.stage for card in shown} == set(Stage)


@pytest.mark.parametrize("safe", [True, False])
def test_each_is_one_that_slack_takes(*, safe: bool) -> None:
    for name, card in samples(NOON, safe=safe):
        faults = check_view(card.view) if isinstance(card, Modal) else check_blocks(card.blocks, "message")
        assert faults == [], name


def test_each_has_a_name_of_its_own() -> None:
    names = [name for name, _ in samples(NOON, safe=False)]
    assert len(names) == len(set(names))
