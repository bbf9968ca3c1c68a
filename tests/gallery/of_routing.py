"""Subscriptions and mutes: lists, what was just done, and the form."""

from collections.abc import Iterator
from dataclasses import replace

from blocks import mutes, subscription_form, subscriptions
from blocks.surface import Message, Modal
from bot.domain.wishes import MuteKind, Urgency
from bot.services.naming import CAUSES
from bot.views.routing import Routes, SubscriptionForm, Unsubscribed
from tests.gallery.shots import Shot, drawn
from tests.unit.blocks.examples import NOON
from tests.unit.blocks.routes import BERLIN, MOVING, NARROW, SETTING

CRITICAL = replace(NARROW, channel="C0ALERTS", policies=(), least=Urgency.CRITICAL, replaces_setting=True)
MUTES = (
    MOVING,
    replace(MOVING, kind=MuteKind.MAILBOX, name="ada@org.example", until=None, reason=""),
    replace(MOVING, kind=MuteKind.CAUSE, name="Larger than Gmail takes", at=NOON),
    replace(MOVING, kind=MuteKind.CHANNEL, name="C0ITOPS"),
)
ENDED = Unsubscribed("C0ITOPS", was_subscribed=True, setting_remains=False)
ALL = Routes((SETTING, NARROW), MUTES, may_subscribe=True, may_mute=True)


def shots() -> Iterator[Shot]:
    yield from drawn("subscriptions", _lists())
    yield from drawn("subscription", _single())
    yield from drawn("subscription form", _forms())
    yield from drawn("mutes", _mutes())


def _lists() -> dict[str, Message]:
    many = tuple(replace(NARROW, channel=f"C0{n:04}") for n in range(30))
    states = {
        "none": Routes((), (), may_subscribe=True, may_mute=True),
        "two": ALL,
        "for a viewer": replace(ALL, may_subscribe=False, may_mute=False),
        "many": replace(
            ALL, subscriptions=many, mutes=tuple(replace(MOVING, name=f"Policy {n}") for n in range(30))
        ),
    }
    return {state: subscriptions.message(card) for state, card in states.items()}


def _single() -> dict[str, Message | Modal]:
    return {
        "made": subscriptions.subscribed(NARROW),
        "there already": subscriptions.already(SETTING),
        "saved": subscriptions.saved(CRITICAL),
        "announced": subscriptions.announcement(NARROW),
        "withdrawn": subscriptions.withdrawal("U0ADA"),
        "ended": subscriptions.unsubscribed(
            Unsubscribed("C0ITOPS", was_subscribed=True, setting_remains=False)
        ),
        "of the setting": subscriptions.unsubscribed_modal(
            Unsubscribed("C0ALERTS", was_subscribed=True, setting_remains=True)
        ),
    }


def _forms() -> dict[str, Modal]:
    return {
        "narrow": subscription_form.modal(SubscriptionForm(NARROW, CAUSES, BERLIN)),
        "new": subscription_form.modal(SubscriptionForm(SETTING, CAUSES, "UTC")),
    }


def _mutes() -> dict[str, Message]:
    return {
        "none": mutes.message((), may_end=True),
        "some": mutes.message(MUTES, may_end=True),
        "made": mutes.muted(MUTES[:1]),
        "ended": mutes.unmuted(["Gold"], "Gold"),
        "not muted": mutes.unmuted([], "Gold"),
    }
