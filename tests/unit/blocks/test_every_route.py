"""Whatever is subscribed or muted, Slack takes its card and its form, and foreign text stays text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import mutes, subscription_form, subscriptions
from bot.sandbox.slack.state import initial
from bot.views.routing import MuteView, Routes, SubscriptionForm, SubscriptionView, Unsubscribed
from handlers.gesture import Gesture
from handlers.subscription_state import chosen, complaints
from tests.unit.blocks import routes as some
from tests.unit.blocks.test_every_card import assert_openable, assert_sendable, often
from tests.unit.handlers.payloads import submitted

pytestmark = pytest.mark.slow


@often
@given(some.all_routes())
def test_every_list_of_subscriptions_is_a_message_that_slack_takes(card: Routes) -> None:
    assert_sendable(subscriptions.message(card))


@often
@given(some.subscriptions())
def test_every_word_about_one_subscription_is_one_that_slack_takes(wanted: SubscriptionView) -> None:
    for message in (
        subscriptions.subscribed(wanted),
        subscriptions.already(wanted),
        subscriptions.announcement(wanted),
    ):
        assert_sendable(message)
    assert_openable(subscriptions.saved(wanted))


@often
@given(some.rooms(), st.booleans(), st.booleans())
def test_every_farewell_is_one_that_slack_takes(room: str, was: bool, remains: bool) -> None:  # noqa: FBT001 - drawn
    ended = Unsubscribed(room, was, remains)
    assert_sendable(subscriptions.unsubscribed(ended))
    assert_openable(subscriptions.unsubscribed_modal(ended))


@often
@given(st.lists(some.mutes(), max_size=20))
def test_every_list_of_mutes_is_a_message_that_slack_takes(muted: list[MuteView]) -> None:
    assert_sendable(mutes.message(muted, may_end=True))
    assert_sendable(mutes.unmuted([each.name for each in muted[:5]], "<!channel>"))


@often
@given(some.forms())
def test_every_form_is_a_modal_that_slack_takes_and_that_may_be_submitted_as_it_is(
    form: SubscriptionForm,
) -> None:
    modal = subscription_form.modal(form)
    assert_openable(modal)
    gesture = Gesture.of_submission(submitted(modal.view | {"state": {"values": initial(modal.blocks)}}))
    if form.now.quiet is None or form.now.quiet.start != form.now.quiet.end:
        assert set(complaints(gesture)) <= {"subscription.digest"}
    same = chosen(gesture)
    assert (same.mode, same.least, same.mention) == (form.now.mode, form.now.least, form.now.mention)
    assert same.causes == {each.id for each in form.now.causes}
