"""The message shortcut *Check sync status*, and the form that asks for an address when none was found."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from slack_bolt.async_app import AsyncApp

from blocks import lookup, notice
from blocks.actions import Action, Callback
from blocks.kit import Element
from blocks.surface import Modal
from blocks.values import alert_of, mailbox_of
from bot.domain.addresses import find_addresses, parse_address
from bot.domain.values import AlertId, MailboxId, Role
from bot.errors import StaleButton
from bot.services.cards import Loaded
from bot.views import CardKind, CardRef
from handlers.answers import Answers, whatever_shown
from handlers.boundary import Boundary, Offer, Route
from handlers.forms import Errors, Form
from handlers.gesture import Gesture
from handlers.payloads import SlackMessage

_ANY = re.compile(r".*", re.DOTALL)
_OLD = "This shortcut is from an older version. Use `/sync status` instead."
LONGEST_QUERY = 254
OFFERED = 20
"""Mailboxes offered while somebody types: what is further down is found by another letter."""


def register(app: AsyncApp, boundary: Boundary) -> None:
    app.shortcut(_ANY)(boundary.listener(Gesture.of_interaction, shortcut_route))
    app.view_closed(_ANY)(boundary.listener(Gesture.of_interaction, lambda _gesture: CLOSED))


def shortcut_route(gesture: Gesture) -> Route:
    try:
        return SHORTCUTS[Callback(gesture.callback_id)]
    except (ValueError, KeyError):
        raise StaleButton(_OLD) from None


async def check_status(answers: Answers) -> None:
    """Show the status of who the message is about: an address in it, else its author.

    A message of our own names in its controls what it is about, which no second address can make unclear.
    """
    message = answers.gesture.message

    async def load() -> Loaded | Modal:
        if message and (named := named_by(message)):
            return await answers.open(named)
        addresses = addresses_in(message) if message else ()
        addresses = addresses or await _authors_address(answers, message)
        if not addresses:
            return notice.lookup_form()
        return await answers.services.cards.for_addresses(addresses, answers.gesture.asker)

    await answers.modal(load)


async def look_up(answers: Answers) -> None:
    view, text = answers.gesture.view, typed_address(answers.gesture)

    async def load() -> Loaded:
        if parse_address(text):
            return await answers.services.cards.for_address(text, CardKind.STATUS, answers.gesture.asker)
        return await answers.open(CardRef(CardKind.SEARCH, query=text))

    if view:
        await answers.fill(whatever_shown(view), load)


async def forget(answers: Answers) -> None:
    """A closed modal is followed no longer."""
    if answers.gesture.view:
        await answers.services.following.forget(answers.gesture.view.id)


async def find(answers: Answers) -> None:
    """Let the asker choose a mailbox while typing."""

    async def load() -> Modal:
        return lookup.modal()

    await answers.modal(load)


async def mailboxes_like(answers: Answers, typed: str) -> list[Element]:
    return lookup.options(await answers.services.cards.mailboxes.closest(typed[:LONGEST_QUERY], OFFERED))


SHORTCUTS = {
    Callback.SYNC_CHECK_STATUS: Route(check_status, Role.VIEWER, "check sync status", opens=True),
    Callback.MAILBOX_LOOK_UP: Route(find, Role.VIEWER, "find a mailbox", opens=True),
}
OFFERS = {Action.LOOKUP_MAILBOX: Offer(mailboxes_like, Role.VIEWER)}
CLOSED = Route(forget, None, "close a modal")
"""Whoever lost the role meanwhile closes it, too, and is told nothing."""


def addresses_in(message: SlackMessage) -> tuple[str, ...]:
    """Every address in the text, the blocks and the attachments, each once."""
    return find_addresses(" ".join(map(unescape, _texts(_parts(message)))))


def named_by(message: SlackMessage) -> CardRef | None:
    """The one mailbox, or else the one incident, that the controls of an app's message are about."""
    values = list(_texts(_parts(message))) if message.bot_id else []
    mailboxes = {found for value in values if (found := mailbox_of(value)) is not None}
    incidents = {found for value in values if (found := alert_of(value)) is not None}
    if len(mailboxes) == 1:
        return CardRef(CardKind.STATUS, mailbox=MailboxId(mailboxes.pop()))
    if len(incidents) == 1 and not mailboxes:
        return CardRef(CardKind.LIST, incident=AlertId(incidents.pop()))
    return None


def typed_address(gesture: Gesture) -> str:
    typed = gesture.view.state.entered(Action.LOOKUP_ADDRESS).value if gesture.view else None
    return (typed or "").strip()[:LONGEST_QUERY]


def _missing(gesture: Gesture) -> Errors:
    return {} if typed_address(gesture) else {notice.LOOKUP_BLOCK: "Type an address, or a part of one."}


async def _authors_address(answers: Answers, message: SlackMessage | None) -> tuple[str, ...]:
    if message is None or message.user is None or message.bot_id:
        return ()
    email = await answers.services.directory.email_of(message.user)
    return (email,) if email else ()


def _parts(message: SlackMessage) -> list[Any]:
    return [message.text, message.blocks, message.attachments]


def _texts(node: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for child in node.values():
            yield from _texts(child)
    elif isinstance(node, list):
        for child in node:
            yield from _texts(child)


FORMS = {Callback.LOOKUP_SUBMIT: Form(Route(look_up, Role.VIEWER, "look up a mailbox"), _missing)}
