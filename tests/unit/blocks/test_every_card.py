"""Whatever is in a model, its card is one that Slack takes, and foreign text stays text."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocks import access, dismissing, handling, limits, lookup, notice, plain, policies, retrying, told
from blocks import help as manual
from blocks.cards import message_of, modal_of
from blocks.kit import Block
from blocks.look import Result
from blocks.surface import Message, Modal
from blocks.text import units
from bot.sandbox.slack.validate import check_blocks, check_view
from bot.views import (
    CardModel,
    CardRef,
    ChannelCard,
    Decided,
    Deeded,
    DigestCard,
    Dismissable,
    MailboxRef,
    RetryStarted,
)
from tests.unit.blocks import channel_strategies as more
from tests.unit.blocks import governing
from tests.unit.blocks import handling_strategies as told_of
from tests.unit.blocks import strategies as some
from tests.unit.blocks.worst import text as any_text

pytestmark = pytest.mark.slow

SAFE = {"header", "section", "context", "actions", "divider", "rich_text", "input"}
OURS = re.compile(
    r"<!date\^-?\d+\^\{date_short_pretty\} \{time\}\|\d{4}-\d\d-\d\d \d\d:\d\d UTC>|<@[UW][A-Z0-9]{2,20}>"
    r"|<!subteam\^S[A-Z0-9]{2,20}>|<#[CGD][A-Z0-9]{1,20}>"
)
ENTITY = re.compile(r"&(amp|lt|gt);")
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

often = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)

MODELS: dict[str, st.SearchStrategy[CardModel]] = {
    "status": some.status_cards(),
    "overview": some.overviews(),
    "list": some.mailbox_lists(),
    "history": some.histories(),
    "last good": some.last_goods(),
    "errors": some.error_lists(),
    "failures": some.failure_groups(),
    "search": some.searches(),
    "suggestions": some.suggestions(),
    "choice": some.choices(),
    "audit": governing.audit_pages(),
    "policies": governing.policy_lists(),
}
each_model = pytest.mark.parametrize("models", MODELS.values(), ids=MODELS)


@each_model
@often
@given(data=st.data(), ref=some.refs(), safe=st.booleans())
def test_every_card_is_a_message_that_slack_takes(
    models: st.SearchStrategy[CardModel], data: st.DataObject, ref: CardRef, *, safe: bool
) -> None:
    message = message_of(data.draw(models), ref, safe=safe, shared=data.draw(st.booleans()))
    assert_sendable(message)
    if safe:
        assert {block["type"] for block in message.blocks} <= SAFE


@each_model
@often
@given(data=st.data(), ref=some.refs(), safe=st.booleans())
def test_every_card_is_a_modal_that_slack_takes(
    models: st.SearchStrategy[CardModel], data: st.DataObject, ref: CardRef, *, safe: bool
) -> None:
    result = data.draw(st.none() | st.just(Result("Done.", "success")))
    modal = modal_of(data.draw(models), ref, safe=safe, result=result)
    assert_openable(modal)
    allowed = SAFE if safe else SAFE | {"alert"}
    assert {block["type"] for block in modal.blocks} <= allowed


@often
@given(told_of.alerts() | told_of.incidents() | more.expired_incidents() | more.credentials())
def test_every_alert_is_a_message_that_slack_takes(card: ChannelCard) -> None:
    message, safe = told.message(card), told.message(card, safe=True)
    assert_sendable(message)
    assert_sendable(safe)
    assert {block["type"] for block in message.blocks} <= SAFE | {"plan"}
    assert {block["type"] for block in safe.blocks} <= SAFE


@often
@given(more.digests(), st.booleans())
def test_every_digest_is_a_message_that_slack_takes(card: DigestCard, safe: bool) -> None:  # noqa: FBT001
    message = told.message(card, safe=safe)
    assert_sendable(message)
    assert {block["type"] for block in message.blocks} <= (SAFE if safe else SAFE | {"data_visualization"})


@often
@given(some.retries_started())
def test_every_answer_to_a_retry_is_a_message_that_slack_takes(started: RetryStarted) -> None:
    assert_sendable(retrying.message(started))


@often
@given(st.data())
def test_every_answer_about_roles_is_a_message_that_slack_takes(data: st.DataObject) -> None:
    assert_sendable(access.listed(data.draw(governing.access_lists())))
    assert_sendable(access.whoami(data.draw(governing.whoamis())))
    assert_sendable(access.changed(data.draw(governing.access_changes())))
    assert_sendable(policies.switched(data.draw(governing.policies_switched())))


@often
@given(told_of.deeded())
def test_every_answer_to_who_is_late_is_a_message_that_slack_takes(outcome: Deeded) -> None:
    assert_sendable(handling.too_late(outcome))


@often
@given(told_of.dismissable(), told_of.decided())
def test_every_form_to_dismiss_and_its_result_are_modals_that_slack_takes(
    found: Dismissable, decided: Decided
) -> None:
    chosen = found.lines[0].id if found.lines else None
    assert_openable(dismissing.form(found, chosen))
    assert_openable(dismissing.done(decided))


@often
@given(some.help_rows())
def test_every_help_is_a_message_that_slack_takes(rows: tuple[manual.Row, ...]) -> None:
    assert_sendable(manual.message(rows))


@pytest.mark.parametrize("make", [notice.sentence, notice.refusal, notice.unexpected])
@often
@given(any_text())
def test_every_notice_is_a_message_that_slack_takes(make: Callable[[str], Message], text: str) -> None:
    assert_sendable(make(text))


@pytest.mark.parametrize(
    "make",
    [
        notice.sentence_modal,
        notice.refusal_modal,
        notice.unexpected_modal,
        notice.lookup_form,
        notice.loading,
    ],
)
@often
@given(any_text())
def test_every_notice_is_a_modal_that_slack_takes(make: Callable[[str], Modal], text: str) -> None:
    assert_openable(make(text))


@often
@given(some.mailboxes())
def test_every_mailbox_can_be_offered_where_it_is_looked_up(mailbox: MailboxRef) -> None:
    assert_openable(lookup.modal())
    (option,) = lookup.options([mailbox])
    assert 1 <= units(option["text"]["text"]) <= limits.OPTION
    assert len(option["value"]) <= 150


@often
@given(some.cards(), some.refs())
def test_the_plain_form_of_a_message_holds_its_summary(model: CardModel, ref: CardRef) -> None:
    message = message_of(model, ref)
    assert plain.message(message) == Message(message.text, [])


def assert_sendable(message: Message) -> None:
    assert check_blocks(message.blocks, "message") == []
    assert len(message.blocks) <= limits.MESSAGE_BLOCKS
    assert 0 < units(message.text) <= limits.MESSAGE_TEXT
    assert sum(map(units, shown(message.blocks))) <= 13_000
    assert_inert(message.text)
    assert_clean(message.blocks)


def assert_openable(modal: Modal) -> None:
    assert check_view(modal.view) == []
    assert len(json.dumps(modal.view)) <= 250_000
    assert_clean(modal.blocks)


def assert_clean(blocks: list[Block]) -> None:
    for text in shown(blocks):
        assert text.strip()
        assert not INVISIBLE.search(text)
    for markup in (node["text"] for node in objects(blocks) if node.get("type") == "mrkdwn"):
        assert_inert(markup)


def assert_inert(markup: str) -> None:
    """No markup but ours: times, people, user groups, channels."""
    rest = OURS.sub("", markup)
    assert not re.search(r"[<>]", rest), rest
    assert "&" not in ENTITY.sub("", rest), rest


def shown(node: object) -> Iterator[str]:
    for found in objects(node):
        if isinstance(found.get("text"), str):
            yield found["text"]


def objects(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from objects(child)
