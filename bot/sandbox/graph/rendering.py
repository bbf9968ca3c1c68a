"""Messages and folders as Graph's JSON.

https://learn.microsoft.com/graph/api/resources/message and .../mailfolder
"""

import base64
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from bot.sandbox.graph.errors import Json
from bot.sandbox.graph.mime import Address
from bot.sandbox.graph.model import Folder, Mailbox, Message, Tombstone

MESSAGE_TYPE = "microsoft.graph.message"
FOLDER_TYPE = "microsoft.graph.mailFolder"
SEARCH_FOLDER_TYPE = "microsoft.graph.mailSearchFolder"
USER_TYPE = "microsoft.graph.user"


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _recipient(person: Address | None) -> Json | None:
    return {"emailAddress": {"name": person[0], "address": person[1]}} if person else None


def _change_key(version: int) -> str:
    return base64.b64encode(b"standin" + version.to_bytes(8, "big")).decode()


def _sent(message: Message) -> str:
    return iso(message.envelope.sent_at or message.received_at)


_MESSAGE: dict[str, Callable[[Message], object]] = {
    "createdDateTime": lambda message: iso(message.received_at),
    "lastModifiedDateTime": lambda message: iso(message.modified_at),
    "changeKey": lambda message: _change_key(message.version),
    "categories": lambda _: [],
    "receivedDateTime": lambda message: iso(message.received_at),
    "sentDateTime": _sent,
    "hasAttachments": lambda message: message.envelope.has_attachments,
    "internetMessageId": lambda message: message.envelope.message_id,
    "subject": lambda message: message.envelope.subject,
    "importance": lambda _: "normal",
    "parentFolderId": lambda message: message.folder.id,
    "isRead": lambda message: message.is_read,
    "isDraft": lambda message: message.is_draft,
    "sender": lambda message: _recipient(message.envelope.sender),
    "from": lambda message: _recipient(message.envelope.sender),
    "toRecipients": lambda message: [_recipient(person) for person in message.envelope.to],
    "ccRecipients": lambda _: [],
    "bccRecipients": lambda _: [],
    "replyTo": lambda _: [],
    "flag": lambda message: {"flagStatus": "flagged" if message.is_flagged else "notFlagged"},
}
_FOLDER: dict[str, Callable[[Folder], object]] = {
    "displayName": lambda folder: folder.name,
    "parentFolderId": lambda folder: (folder.parent or folder).id,
    "childFolderCount": lambda folder: len(folder.children),
    "unreadItemCount": lambda folder: folder.unread_count,
    "totalItemCount": lambda folder: len(folder.messages),
    "isHidden": lambda folder: folder.is_hidden,
}
_USER: dict[str, Callable[[Mailbox], object]] = {
    "displayName": lambda mailbox: mailbox.address.split("@")[0],
    "mail": lambda mailbox: mailbox.address,
    "userPrincipalName": lambda mailbox: mailbox.address,
}
MESSAGE_PROPERTIES = frozenset({"id", *_MESSAGE})
FOLDER_PROPERTIES = frozenset({"id", *_FOLDER})
USER_PROPERTIES = frozenset({"id", *_USER})


def message_json(message: Message, names: Collection[str] | None, *, immutable: bool) -> Json:
    """`names` is what was selected; the id is always in it."""
    found: Json = {
        "@odata.etag": f'W/"{_change_key(message.version)}"',
        "id": message.id if immutable else message.mutable_id,
    }
    for name in _MESSAGE if names is None else names:
        if name != "id":
            found[name] = _MESSAGE[name](message)
    return found


def folder_json(folder: Folder, names: Collection[str] | None) -> Json:
    chosen = _FOLDER if names is None else [name for name in names if name != "id"]
    kind: Json = {"@odata.type": f"#{SEARCH_FOLDER_TYPE}"} if folder.is_search else {}
    return {**kind, "id": folder.id, **{name: _FOLDER[name](folder) for name in chosen}}


def user_json(mailbox: Mailbox, names: Collection[str] | None) -> Json:
    chosen = _USER if names is None else [name for name in names if name != "id"]
    return {"id": mailbox.id, **{name: _USER[name](mailbox) for name in chosen}}


def removed_json(tombstone: Tombstone, *, immutable: bool) -> Json:
    shown = tombstone.id if immutable else tombstone.mutable_id
    return {"id": shown, "@removed": {"reason": tombstone.reason}}
