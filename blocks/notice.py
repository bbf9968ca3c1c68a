"""Short answers: one sentence, a refusal, an unexpected error, a loading modal, the lookup form."""

from dataclasses import replace
from typing import Final

from blocks.actions import Action, Callback
from blocks.kit import Block, section, text_input
from blocks.surface import Message, Modal
from blocks.text import foreign, ours

LOOKUP_BLOCK: Final = "lookup"
"""The block_id of the address field: where the submitted view holds its value."""

_LONGEST = 2_000


def sentence(text: str) -> Message:
    return _message(ours(text, _LONGEST))


def refusal(text: str) -> Message:
    return _message(_refused(text))


def unexpected(reference: str) -> Message:
    return _message(_unexpected(reference))


def sentence_modal(text: str, title: str = "Mailbox sync") -> Modal:
    return Modal.of(title, [section(ours(text, _LONGEST))])


def refusal_modal(text: str) -> Modal:
    return Modal.of("Not allowed", [section(_refused(text))])


def unexpected_modal(reference: str) -> Modal:
    return Modal.of("Something went wrong", [section(_unexpected(reference))])


def loading(title: str = "Mailbox sync") -> Modal:
    """Opened at once, since the right to open a modal lasts three seconds; then replaced."""
    return Modal.of(title, [section("Loading…")])


def lookup_form(initial: str = "") -> Modal:
    form = Modal.of("Look up a mailbox", [_address(initial)])
    return replace(form, callback_id=Callback.LOOKUP_SUBMIT, submit="Look up")


def _message(text: str) -> Message:
    return Message.of(text, [section(text)])


def _address(initial: str) -> Block:
    return text_input(
        "Email address",
        Action.LOOKUP_ADDRESS,
        block_id=LOOKUP_BLOCK,
        hint="The source or the destination address. A part of it will do.",
        placeholder="user@example.com",
        initial=initial,
    )


def _refused(text: str) -> str:
    return f"*Not done.* {ours(text, _LONGEST)}"


def _unexpected(reference: str) -> str:
    return (
        "*Something went wrong, and it is not your doing.* Try again in a minute. "
        f"If it happens again, give your admin this reference: `{foreign(reference, 60)}`"
    )
