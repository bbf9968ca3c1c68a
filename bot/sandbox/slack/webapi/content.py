"""What a message may consist of: text, blocks, attachments, metadata."""

import json

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.identify import identified, identified_attachments
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.validate import Fault, check_blocks
from bot.sandbox.slack.validate.measure import units
from bot.sandbox.slack.webapi.call import Call
from bot.sandbox.slack.world import World

ATTACHMENTS = 100
METADATA_CHARACTERS = 16_000
# Faults that Slack answers with a code of their own.
OWN_ERRORS = ("msg_blocks_too_long",)


def refuse(faults: list[Fault]) -> None:
    """`invalid_blocks`, with the JSON path of each fault, as in Slack's `response_metadata`."""
    if not faults:
        return
    error = next((fault.reason for fault in faults if fault.reason in OWN_ERRORS), "invalid_blocks")
    raise SlackError(error, [str(fault) for fault in faults])


def listed(call: Call, name: str, error: str) -> list[Json] | None:
    value = call.structured(name, error)
    if value is not None and not isinstance(value, list):
        raise SlackError(error, [f"{name} is no list"])
    return value


def blocks(call: Call) -> list[Json] | None:
    """None where the app sent none: for chat.update that differs from an empty list."""
    sent = listed(call, "blocks", "invalid_blocks_format")
    if sent is None:
        return None
    refuse(check_blocks(sent, "message"))
    return identified(sent, call.world.mint)


def attachments(call: Call) -> list[Json] | None:
    sent = listed(call, "attachments", "invalid_attachments")
    if sent is not None and len(sent) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for number, attachment in enumerate(sent or []):
        if not isinstance(attachment, dict):
            raise SlackError("invalid_attachments")
        refuse(check_blocks(attachment.get("blocks", []), "message", f"/attachments/{number}/blocks"))
    return None if sent is None else identified_attachments(sent, call.world.mint)


def text(call: Call) -> str:
    """https://docs.slack.dev/reference/methods/chat.update : 4,000 characters, taken for all of chat.*"""
    given = call.text("text") or ""
    if units(given) > call.backend.text_limit:
        raise SlackError("msg_too_long")
    return given


def metadata(call: Call) -> Json | None:
    """https://docs.slack.dev/messaging/message-metadata"""
    sent = call.structured("metadata", "invalid_metadata_format")
    if sent is None:
        return None
    if not isinstance(sent, dict) or (sent and not _is_metadata(sent)):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(sent)) > METADATA_CHARACTERS:
        raise SlackError("metadata_too_large")
    return sent


def _is_metadata(sent: Json) -> bool:
    well_typed = isinstance(sent.get("event_type"), str) and isinstance(sent.get("event_payload"), dict)
    return well_typed and set(sent) <= {"event_type", "event_payload", "entities"}


def some(text: str, blocks: list[Json] | None, attachments: list[Json] | None) -> None:
    if not (text or blocks or attachments):
        raise SlackError("no_text")


def markdown_refused(call: Call) -> None:
    if call.text("markdown_text"):
        raise SlackError("invalid_arguments", ["markdown_text is not supported by this stand-in"])


def reply_target(call: Call, world: World, channel: str) -> str | None:
    """An unknown parent would post a loose message in Slack; here it is a mistake to be seen."""
    thread_ts = call.text("thread_ts")
    if thread_ts and world.message(channel, thread_ts) is None:
        raise SlackError("invalid_arguments", ["no message with this thread_ts"])
    return thread_ts
