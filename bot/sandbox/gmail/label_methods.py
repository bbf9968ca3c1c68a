"""users.labels: https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.labels"""

from collections.abc import Callable, Mapping

from bot.sandbox.gmail import reading
from bot.sandbox.gmail.call import Call
from bot.sandbox.gmail.errors import ApiError, Json
from bot.sandbox.gmail.labels import Label
from bot.sandbox.gmail.mailbox import Mailbox

_MESSAGE_LIST = frozenset({"show", "hide"})
_LABEL_LIST = frozenset({"labelShow", "labelShowIfUnread", "labelHide"})
_SET_BY_GMAIL = ("messagesTotal", "messagesUnread", "threadsTotal", "threadsUnread")


def listed(call: Call) -> Json:
    return {"labels": [label.document() for label in call.mailbox.labels.values()]}


def got(call: Call) -> Json:
    label = call.mailbox.label(call.id)
    return label.document() | _counts(call.mailbox, label.id)


def created(call: Call) -> Json:
    """`name` is required; so are both visibilities by the schema, yet Google's own guide leaves them out."""
    fields = reading.posted(call, reading.LABEL_FIELDS)
    name = reading.text(fields, "name")
    if not name:
        raise ApiError("invalidLabelName")
    if reading.text(fields, "type") == "system":
        raise ApiError("invalidArgument")
    looks = _looks(fields)
    label = call.mailbox.add_label(name)
    looks(label)
    return label.document()


def patched(call: Call) -> Json:
    return _changed(call, reading.posted(call, reading.LABEL_FIELDS))


def updated(call: Call) -> Json:
    """PUT takes the whole label: `id` and `name` are required by the schema."""
    fields = reading.posted(call, reading.LABEL_FIELDS)
    if not reading.text(fields, "name") or reading.text(fields, "id") != call.id:
        raise ApiError("invalidArgument")
    return _changed(call, fields)


def deleted(call: Call) -> None:
    if call.mailbox.label(call.id).is_system:
        raise ApiError("invalidArgument", "Invalid delete request")
    call.mailbox.remove_label(call.id)


def _changed(call: Call, fields: Json) -> Json:
    label = call.mailbox.label(call.id)
    if label.is_system:
        raise ApiError("invalidArgument", "Invalid update request")
    looks = _looks(fields)
    name = reading.text(fields, "name")
    if name is not None:
        call.mailbox.rename(label, name)
    looks(label)
    return label.document()


def _looks(fields: Json) -> Callable[[Label], None]:
    """Checks first, so that a refused request changes nothing."""
    in_messages = reading.choice(fields, "messageListVisibility", _MESSAGE_LIST)
    in_labels = reading.choice(fields, "labelListVisibility", _LABEL_LIST)
    color = fields.get("color")
    if color is not None and not _is_color(color):
        raise ApiError("invalidArgument", "Label color is not on the allowed color palette")

    def apply(label: Label) -> None:
        label.message_list_visibility = in_messages or label.message_list_visibility
        label.label_list_visibility = in_labels or label.label_list_visibility
        label.color = color or label.color

    return apply


def _is_color(color: object) -> bool:
    """Both halves are required; the palette itself is not checked."""
    return isinstance(color, dict) and set(color) == {"textColor", "backgroundColor"}


def _counts(mailbox: Mailbox, id_: str) -> Json:
    carrying = [each for each in mailbox.messages.values() if id_ in each.label_ids and not each.deleted]
    unread = [each for each in carrying if "UNREAD" in each.label_ids]
    threads, unread_threads = ({each.thread_id for each in some} for some in (carrying, unread))
    counts = (len(carrying), len(unread), len(threads), len(unread_threads))
    return dict(zip(_SET_BY_GMAIL, counts, strict=True))


METHODS: Mapping[str, Callable[[Call], Json | None]] = {
    "labels.list": listed,
    "labels.get": got,
    "labels.create": created,
    "labels.patch": patched,
    "labels.update": updated,
    "labels.delete": deleted,
}
