"""Which channel gets what: the list of all, one that was just made or ended, and what a channel is told."""

from dataclasses import replace

from blocks import mutes, wishes
from blocks.actions import Action
from blocks.kit import Block, Element, actions, button, confirmation, context, header, more, section, stack
from blocks.surface import Message, Modal
from blocks.text import person, place
from blocks.values import ChannelValue
from bot.views.routing import Routes, SubscriptionView, Unsubscribed

_SHOWN = 10
_SETTING = "SYNCBOT_ALERT_CHANNEL"


def message(card: Routes) -> Message:
    shown = card.subscriptions[:_SHOWN]
    listed = [_listed(each, f"{n} of {len(shown)}", card) for n, each in enumerate(shown, 1)]
    return Message.of(
        summary(card),
        stack(
            header("Subscriptions"),
            *([] if shown else [section(summary(card))]),
            *(block for blocks in listed for block in blocks),
            more(len(card.subscriptions) - _SHOWN, "channel"),
            *mutes.listed(card.mutes, may_end=card.may_mute),
        ),
    )


def summary(card: Routes) -> str:
    if not card.subscriptions:
        return "No channel gets alerts yet. Type `/sync subscribe` in one."
    count = len(card.subscriptions)
    return f"{count:,} {'channel gets' if count == 1 else 'channels get'} alerts"


def subscribed(wanted: SubscriptionView) -> Message:
    """To whoever asked."""
    first = f"{place(wanted.channel)} is subscribed"
    return Message.of(first, _entry(wanted, f"*{first}* ✅"))


def already(wanted: SubscriptionView) -> Message:
    first = f"{place(wanted.channel)} is subscribed already"
    return Message.of(first, _entry(wanted, f"*{first}.* Nothing was changed."))


def saved(wanted: SubscriptionView) -> Modal:
    title = f"*Saved* ✅ {place(wanted.channel)} gets from now on:"
    return Modal.of("Subscription saved", _entry(wanted, title))


def unsubscribed(ended: Unsubscribed) -> Message:
    return _sentence(_ended(ended))


def unsubscribed_modal(ended: Unsubscribed) -> Modal:
    return Modal.of("Unsubscribed", [section(_ended(ended))])


def announcement(wanted: SubscriptionView) -> Message:
    """To everybody in the channel. Whom alerts will mention is not named, since that would notify them."""
    by = f", as {person(wanted.by)} asked" if wanted.by else ""
    first = f"Sync alerts are posted here from now on{by}."
    return Message.of(first, stack(section(first), context("\n".join(_told(replace(wanted, mention=None))))))


def withdrawal(by: str) -> Message:
    return _sentence(f"No new sync alerts are posted here any more, as {person(by)} asked.")


def _sentence(text: str) -> Message:
    return Message.of(text, [section(text)])


def _ended(ended: Unsubscribed) -> str:
    where = place(ended.channel)
    if ended.setting_remains:
        done = (
            f"{where} has no subscription of its own any more"
            if ended.was_subscribed
            else f"{where} has none"
        )
        return f"{done}, and gets what the setting `{_SETTING}` says. To end that, change the setting."
    if ended.was_subscribed:
        return f"{where} gets no new alerts any more. What stands there is still brought up to date."
    return f"{where} gets no alerts, so there was nothing to end."


def _listed(wanted: SubscriptionView, which: str, card: Routes) -> list[Block]:
    controls = _controls(wanted, f" {which}") if card.may_subscribe else None
    return _described(wanted, f"*{place(wanted.channel)}*", controls)


def _entry(wanted: SubscriptionView, title: str) -> list[Block]:
    return _described(wanted, title, _controls(wanted))


def _described(wanted: SubscriptionView, title: str, controls: Block | None) -> list[Block]:
    lines = "\n".join((title, *_told(wanted)))
    return stack(section(lines), context(_origin(wanted)), controls)


def _controls(wanted: SubscriptionView, which: str = "") -> Block | None:
    """`which` is for screen readers: of a channel no more than its id is known."""
    value = ChannelValue(channel=wanted.channel)
    edit = button("Edit", Action.SUBSCRIPTION_EDIT, value, describe=f"Edit subscription{which}")
    return actions(edit, _remove(wanted, which))


def _told(wanted: SubscriptionView) -> tuple[str, ...]:
    parts = (
        wishes.taken(wanted),
        wishes.manner(wanted),
        wishes.quiet(wanted.quiet) if wanted.quiet else None,
        wishes.digest(wanted.digest) if wanted.digest else None,
    )
    return tuple(part for part in parts if part)


def _origin(wanted: SubscriptionView) -> str:
    if wanted.by is None:
        return f"By the setting `{_SETTING}`"
    instead = f", instead of what the setting `{_SETTING}` says" if wanted.replaces_setting else ""
    return f"By {person(wanted.by)}{instead}"


def _remove(wanted: SubscriptionView, which: str) -> Element | None:
    """That of a setting cannot be removed from here."""
    if wanted.by is None:
        return None
    ask = confirmation(
        "Remove this subscription?",
        "The channel gets what the setting says again."
        if wanted.replaces_setting
        else "The channel gets no new alerts.",
        "Remove",
    )
    value = ChannelValue(channel=wanted.channel)
    described = f"Remove subscription{which}"
    return button(
        "Remove", Action.SUBSCRIPTION_REMOVE, value, style="danger", confirm=ask, describe=described
    )
