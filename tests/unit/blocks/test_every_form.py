"""Whatever a form shows, submitting it as it is changes nothing."""

import pytest
from hypothesis import given

from blocks import subscription_form
from bot.sandbox.slack.state import initial
from bot.views.routing import SubscriptionForm
from handlers.gesture import Gesture
from handlers.subscription_state import chosen, complaints
from tests.unit.blocks import whatever
from tests.unit.blocks.test_every_builder import often
from tests.unit.handlers.payloads import submitted

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default:Generating overly large repr")]


@often
@given(whatever.of(SubscriptionForm))
def test_a_subscription_may_be_saved_as_it_is(form: SubscriptionForm) -> None:
    modal = subscription_form.modal(form)
    gesture = Gesture.of_submission(submitted(modal.view | {"state": {"values": initial(modal.blocks)}}))
    if form.now.quiet is None or form.now.quiet.start != form.now.quiet.end:
        assert set(complaints(gesture)) <= {"subscription.digest"}
    same = chosen(gesture)
    assert (same.mode, same.least, same.mention) == (form.now.mode, form.now.least, form.now.mention)
    assert same.causes == {each.id for each in form.now.causes}
