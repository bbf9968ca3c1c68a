"""The methods of a file's upload: an address to send it to, and then where it is shared.

https://docs.slack.dev/reference/methods/files.getUploadURLExternal
https://docs.slack.dev/reference/methods/files.completeUploadExternal
"""

import re

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Channel, File, Json
from bot.sandbox.slack.validate.measure import units
from bot.sandbox.slack.webapi import content
from bot.sandbox.slack.webapi.call import Call

# No user ids: https://github.com/slackapi/bolt-js/issues/2115
CHANNEL_ID = re.compile(r"[CGDZ][A-Z0-9]{8,}")
FILE_FIELDS = {"id", "title"}
# Documented, and not played: whoever uses one is told so.
UNSUPPORTED = ("alt_txt", "snippet_type", "channels", "blocks", "username", "icon_url", "icon_emoji")


def upload_url(call: Call) -> Json:
    _supported(call)
    file = call.world.new_file(call.required("filename"), _length(call))
    return {"upload_url": f"{call.backend.base_url}upload/v1/{file.ticket}", "file_id": file.id}


def complete(call: Call) -> Json:
    """Each file once, after it was sent. Without a channel it stays private."""
    _supported(call)
    named = _named(call)
    channel = _channel(call)
    text = call.text("initial_comment") or ""
    if units(text) > call.backend.text_limit:
        raise SlackError("msg_too_long")
    files = [file for file, _ in named]
    for file, title in named:
        call.world.completed(file, title)
    if channel:
        _post(call, channel, text, files)
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _post(call: Call, channel: Channel, text: str, files: list[File]) -> None:
    world = call.world
    thread_ts = content.reply_target(call, world, channel.id)
    world.post(channel.id, world.bot_user.id, text, files=files, thread_ts=thread_ts, bot_id=world.bot_id)


def _supported(call: Call) -> None:
    for name in UNSUPPORTED:
        if call.text(name):
            raise SlackError("invalid_arguments", [f"{name} is not supported by this stand-in"])


def _length(call: Call) -> int:
    given = call.text("length") or ""
    if not given.isdigit():
        raise SlackError("invalid_arguments", ["length must be a number of bytes"])
    if not int(given):
        raise SlackError("missing_argument")
    return int(given)


def _named(call: Call) -> list[tuple[File, str]]:
    listed = call.structured("files")
    if not isinstance(listed, list) or not listed:
        raise SlackError("invalid_arguments", ["files must be a list of at least one"])
    return [_file(call, one) for one in listed]


def _file(call: Call, one: object) -> tuple[File, str]:
    if not isinstance(one, dict) or not set(one) <= FILE_FIELDS or not isinstance(one.get("id"), str):
        raise SlackError("invalid_arguments", ["a file has an id and, where it is wanted, a title"])
    file = call.world.file(one["id"])
    if file is None or file.content is None or file.is_complete:
        raise SlackError("file_not_found")
    return file, str(one.get("title") or file.name)


def _channel(call: Call) -> Channel | None:
    given = call.text("channel_id")
    if given is None:
        return None
    if not CHANNEL_ID.fullmatch(given):
        wrong = f"input must match regex pattern: ^{CHANNEL_ID.pattern}$ [json-pointer:/channel_id]"
        raise SlackError("invalid_arguments", [wrong])
    channel = call.channel("channel_id")
    if not call.world.is_member(channel, call.world.bot_user.id):
        raise SlackError("not_in_channel")
    return channel
