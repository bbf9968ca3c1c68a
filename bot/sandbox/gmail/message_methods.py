"""users.messages, but for what adds one:
https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.sandbox.gmail import reading
from bot.sandbox.gmail.call import Call
from bot.sandbox.gmail.errors import ApiError, Json
from bot.sandbox.gmail.labels import AUTOMATIC
from bot.sandbox.gmail.mailbox import Mailbox, Message
from bot.sandbox.gmail.parts import documented
from bot.sandbox.gmail.routes import METADATA

MOST_RESULTS = 500
MOST_LABELS_A_CHANGE = 100
_HEX = re.compile(r"[0-9a-f]{1,16}")
_SEARCH = re.compile(r"\s*rfc822msgid:(\"?)<?([^<>\s\"]+)>?\1\s*")
_HIDDEN = frozenset({"SPAM", "TRASH"})
_PLACES = _HIDDEN | {"INBOX"}


def profile(call: Call) -> Json:
    messages = [each for each in call.mailbox.messages.values() if not each.deleted]
    return {
        "emailAddress": call.mailbox.address,
        "messagesTotal": len(messages),
        "threadsTotal": len({each.thread_id for each in messages}),
        "historyId": str(call.mailbox.history_id),
    }


def listing(now: Callable[[], datetime]) -> Callable[[Call], Json]:
    def listed(call: Call) -> Json:
        """Newest first; without any match the answer has no `messages` at all.

        Whether Gmail refuses or lowers a size above the documented maximum is open: refused.
        """
        found = sorted(_matching(call, now()), key=lambda each: each.internal_date, reverse=True)
        size = int(call.query.text("maxResults", "100"))
        if not 0 < size <= MOST_RESULTS:
            raise ApiError("invalidArgument", f"Invalid maxResults: {size}")
        start = _start(call.query.text("pageToken"))
        page = found[start : start + size]
        answer: Json = {"resultSizeEstimate": len(found)}
        if page:
            answer["messages"] = [{"id": each.id, "threadId": each.thread_id} for each in page]
        if start + size < len(found):
            answer["nextPageToken"] = f"{start + size:020d}"
        return answer

    return listed


def got(call: Call) -> Json:
    kind = call.query.text("format", "full")
    if _sees_metadata_alone(call) and kind in {"full", "raw"}:
        raise ApiError("insufficientPermissions", f"Metadata scope doesn't allow format {kind.upper()}")
    message = _message(call)
    return documented(message, kind, call.query.all("metadataHeaders"))


def modified(call: Call) -> Json:
    fields = reading.posted(call, reading.MODIFY_FIELDS)
    added, removed = (reading.texts(fields, name) for name in ("addLabelIds", "removeLabelIds"))
    if not added and not removed:
        raise ApiError("nothingToModify")
    if max(len(added), len(removed)) > MOST_LABELS_A_CHANGE:
        raise ApiError("invalidArgument")
    message = _message(call)
    check_applicable(call.mailbox, removed)
    check_applicable(call.mailbox, added)
    check_place(call.mailbox, added)
    return _relabelled(call.mailbox, message, added, removed)


def trashed(call: Call) -> Json:
    """That INBOX goes is what the web interface does; the reference is silent."""
    return _relabelled(call.mailbox, _message(call), ["TRASH"], ["INBOX"])


def untrashed(call: Call) -> Json:
    """Whether INBOX comes back is not documented; it does not."""
    return _relabelled(call.mailbox, _message(call), [], ["TRASH"])


def deleted(call: Call) -> None:
    call.mailbox.drop(_message(call))


def check_applicable(mailbox: Mailbox, ids: list[str]) -> None:
    """Only what exists, and what the guide on labels lets a user apply."""
    refused = frozenset(AUTOMATIC) - mailbox.rules.settable_anyhow
    for id_ in ids:
        if id_ not in mailbox.labels or id_ in refused:
            raise ApiError("invalidLabel", f"Invalid label: {id_}")


def check_place(mailbox: Mailbox, added: list[str]) -> None:
    if mailbox.rules.one_place and len(_PLACES.intersection(added)) > 1:
        raise ApiError("onePlace")


def _relabelled(mailbox: Mailbox, message: Message, added: list[str], removed: list[str]) -> Json:
    kept = [each for each in message.label_ids if each not in removed]
    message.label_ids = list(dict.fromkeys([*kept, *added]))
    mailbox.touch(message)
    return {"id": message.id, "threadId": message.thread_id, "labelIds": list(message.label_ids)}


def _message(call: Call) -> Message:
    if not _HEX.fullmatch(call.id):
        raise ApiError("invalidId")
    return call.mailbox.message(call.id)


def _matching(call: Call, now: datetime) -> list[Message]:
    wanted = set(call.query.all("labelIds"))
    for id_ in wanted - set(call.mailbox.labels):
        raise ApiError("invalidLabel", f"Invalid label: {id_}")
    hidden = frozenset() if call.query.claims("includeSpamTrash") else _HIDDEN - wanted
    return [
        each
        for each in _searched(call, now)
        if not each.deleted and wanted <= set(each.label_ids) and not hidden & set(each.label_ids)
    ]


def _searched(call: Call, now: datetime) -> list[Message]:
    query = call.query.text("q")
    if not query:
        return list(call.mailbox.messages.values())
    if _sees_metadata_alone(call):
        raise ApiError("insufficientPermissions", "Metadata scope does not support 'q' parameter")
    asked = _SEARCH.fullmatch(query)
    if not asked:
        raise ApiError("badRequest", "This stand-in searches by rfc822msgid: alone.")
    lag: timedelta = call.mailbox.rules.index_lag
    return [each for each in call.mailbox.with_message_id(f"<{asked[2]}>") if each.stored_at + lag <= now]


def _start(token: str) -> int:
    if token and not (token.isascii() and token.isdigit()):
        raise ApiError("invalidArgument", "Invalid pageToken")
    return int(token or 0)


def _sees_metadata_alone(call: Call) -> bool:
    """By the discovery document `q`, and the formats with bodies, are closed to the scope gmail.metadata."""
    return METADATA in call.scopes and len(call.scopes) == 1


METHODS: Mapping[str, Callable[[Call], Json | None]] = {
    "getProfile": profile,
    "messages.get": got,
    "messages.modify": modified,
    "messages.trash": trashed,
    "messages.untrash": untrashed,
    "messages.delete": deleted,
}
