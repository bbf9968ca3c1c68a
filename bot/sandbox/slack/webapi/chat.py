"""The methods `chat.*`."""

from bot.sandbox.slack import shapes
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Channel, Edits, Json, Message
from bot.sandbox.slack.webapi import content
from bot.sandbox.slack.webapi.call import Call


def _open_channel(call: Call) -> Channel:
    """A user id stands for the direct message with that person: https://docs.slack.dev/reference/methods/chat.postMessage"""
    target = call.required("channel")
    if target in call.world.users and not call.world.users[target].is_bot:
        return call.world.open_direct_message(target)
    return call.channel()


def _writable(call: Call, channel: Channel) -> Channel:
    if channel.is_archived:
        raise SlackError("is_archived")
    public = channel.im_user is None and "chat:write.public" in call.world.app.scopes
    if not public and not call.world.is_member(channel, call.world.bot_user.id):
        raise SlackError("not_in_channel")
    return channel


def post_message(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.postMessage"""
    content.markdown_refused(call)
    channel = _writable(call, _open_channel(call))
    text, blocks, attached = content.text(call), content.blocks(call), content.attachments(call)
    content.some(text, blocks, attached)
    posted = call.world.post(
        channel.id,
        call.world.bot_user.id,
        text,
        blocks=blocks or [],
        attachments=attached or [],
        metadata=content.metadata(call) or None,
        thread_ts=content.reply_target(call, call.world, channel.id),
        bot_id=call.world.bot_id,
    )
    return {"channel": channel.id, "ts": posted.ts, "message": shapes.message(posted, call.world)}


def post_ephemeral(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.postEphemeral"""
    content.markdown_refused(call)
    channel = _writable(call, call.channel())
    reader = call.required("user")
    if not call.world.is_member(channel, reader):
        raise SlackError("user_not_in_channel")
    text, blocks, attached = content.text(call), content.blocks(call), content.attachments(call)
    content.some(text, blocks, attached)
    posted = call.world.post(
        channel.id,
        call.world.bot_user.id,
        text,
        blocks=blocks or [],
        attachments=attached or [],
        thread_ts=content.reply_target(call, call.world, channel.id),
        ephemeral_for=reader,
        bot_id=call.world.bot_id,
    )
    return {"message_ts": posted.ts}


def _own_message(call: Call, channel: Channel, refusal: str) -> Message:
    """An ephemeral message is not found: https://docs.slack.dev/reference/methods/chat.update"""
    found = call.world.message(channel.id, call.required("ts"))
    if found is None or found.ephemeral_for:
        raise SlackError("message_not_found")
    if found.bot_id != call.world.bot_id:
        raise SlackError(refusal)
    return found


def update(call: Call) -> Json:
    """Text without blocks takes the blocks away, and only then the message is marked as edited."""
    content.markdown_refused(call)
    channel = call.channel()
    message = _own_message(call, channel, "cant_update_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    text, blocks, attached = content.text(call), content.blocks(call), content.attachments(call)
    if blocks is None and attached is None and not text:
        raise SlackError("no_text")
    call.world.edit(message, **_edits(call, message, text, blocks, attached))
    shape = shapes.message(message, call.world)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shape}


def _edits(
    call: Call, message: Message, text: str, blocks: list[Json] | None, attached: list[Json] | None
) -> Edits:
    """Attachments and metadata stay unless given: https://docs.slack.dev/reference/methods/chat.update"""
    metadata = content.metadata(call)
    keeps_blocks = blocks is None and not text
    edits: Edits = {"text": text or ("" if blocks else message.text)}
    edits["blocks"] = message.blocks if keeps_blocks else blocks or []
    edits["attachments"] = message.attachments if attached is None else attached
    edits["metadata"] = message.metadata if metadata is None else metadata or None
    content.some(edits["text"], edits["blocks"], edits["attachments"])
    if not edits["blocks"]:
        edits["edited_ts"] = call.world.mint.ts()
    return edits


def delete(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.delete"""
    channel = call.channel()
    message = _own_message(call, channel, "cant_delete_message")
    call.world.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def permalink(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.getPermalink"""
    channel = call.channel()
    found = call.world.message(channel.id, call.required("message_ts"))
    if found is None or found.ephemeral_for:
        raise SlackError("message_not_found")
    address = f"{call.backend.base_url}archives/{channel.id}/p{found.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": address}
