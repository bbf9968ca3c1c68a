"""The methods `conversations.*`."""

import math
from collections.abc import Callable

from bot.sandbox.slack import shapes
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Channel, Json, Message
from bot.sandbox.slack.webapi.call import Call
from bot.sandbox.slack.webapi.pages import page


def _require_scope(call: Call, channel: Channel, what: str) -> None:
    """The scope depends on the conversation: `channels:*` for public ones, `im:*` for direct messages."""
    needed = f"im:{what}" if channel.im_user else f"channels:{what}"
    provided = call.world.app.scopes
    if needed not in provided:
        raise SlackError("missing_scope", needed=needed, provided=",".join(sorted(provided)))


def open_(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.open"""
    people = [person.strip() for person in (call.text("users") or "").split(",") if person.strip()]
    if not people:
        raise SlackError("users_list_not_supplied")
    if len(people) > 1:
        raise SlackError("invalid_arguments", ["group messages are not supported by this stand-in"])
    if people[0] not in call.world.users:
        raise SlackError("user_not_found")
    already = call.world.direct_message(people[0]) is not None
    channel = call.world.open_direct_message(people[0])
    return {"no_op": already, "already_open": already, "channel": {"id": channel.id}}


def info(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.info"""
    channel = call.channel()
    _require_scope(call, channel, "read")
    return {"channel": shapes.channel(channel, call.world)}


def list_(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.list"""
    kinds = set((call.text("types") or "public_channel").split(","))
    if not kinds <= {"public_channel", "private_channel", "mpim", "im"}:
        raise SlackError("invalid_types")
    found = [c for c in call.world.channels.values() if ("im" if c.im_user else "public_channel") in kinds]
    if call.flag("exclude_archived"):
        found = [channel for channel in found if not channel.is_archived]
    for channel in found[:1]:
        _require_scope(call, channel, "read")
    rows, metadata = page(call, found)
    listed = [shapes.channel(channel, call.world) for channel in rows]
    return {"channels": listed, "response_metadata": metadata}


def history(call: Call) -> Json:
    """Newest first; ephemeral messages are in no history: https://docs.slack.dev/reference/methods/conversations.history"""
    channel = call.channel()
    _require_scope(call, channel, "history")
    if not call.world.is_member(channel, call.world.bot_user.id):
        raise SlackError("not_in_channel")
    within = _window(call)
    held = [m for m in call.world.messages(channel.id) if m.thread_ts in {None, m.ts} and within(float(m.ts))]
    rows, metadata = page(call, held[::-1])
    listed = [_historic(call, message) for message in rows]
    return {"messages": listed, "has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}


def _historic(call: Call, message: Message) -> Json:
    """Metadata comes only when asked for."""
    shape = shapes.message(message, call.world)
    if not call.flag("include_all_metadata"):
        shape.pop("metadata", None)
    return shape


def _window(call: Call) -> Callable[[float], bool]:
    """Without `inclusive` the bounds themselves are outside."""
    oldest, latest = _ts(call, "oldest", 0.0), _ts(call, "latest", math.inf)
    if call.flag("inclusive"):
        return lambda at: oldest <= at <= latest
    return lambda at: oldest < at < latest


def _ts(call: Call, name: str, default: float) -> float:
    given = call.text(name)
    try:
        return default if given is None else float(given)
    except ValueError as problem:
        raise SlackError(f"invalid_ts_{name}") from problem


def join(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.join"""
    channel = call.channel()
    if channel.im_user:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    channel.members.add(call.world.bot_user.id)
    return {"channel": shapes.channel(channel, call.world)}
