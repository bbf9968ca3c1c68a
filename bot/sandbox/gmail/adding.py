"""messages.import and messages.insert: what an uploaded message becomes."""

from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from bot.sandbox.gmail import mail, reading
from bot.sandbox.gmail.call import Call
from bot.sandbox.gmail.errors import ApiError, Json
from bot.sandbox.gmail.mailbox import Message
from bot.sandbox.gmail.message_methods import check_applicable, check_place

_DEFAULT_DATE = {"messages.import": "dateHeader", "messages.insert": "receivedTime"}


class Adding:
    """`now` gives aware times."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def from_json(self, call: Call) -> Json:
        """The message in the field `raw`, without an upload."""
        if len(call.body) > call.mailbox.rules.max_json:
            raise ApiError("payloadTooLarge")
        metadata = reading.posted(call, reading.MESSAGE_FIELDS)
        return self.add(call, metadata, reading.raw(metadata))

    def add(self, call: Call, metadata: dict[str, Any], raw: bytes) -> Json:
        box = call.mailbox
        labels = reading.texts(metadata, "labelIds")
        check_applicable(box, labels)
        check_place(box, labels)
        read = mail.read(raw, box.rules)
        if box.full:
            raise ApiError(box.rules.full_mailbox)
        if call.name == "messages.insert" and _wrote(read, box.address):
            labels = [*labels, "SENT"]
        message = self._twin(call, read, labels) or self._stored(call, read, labels, metadata)
        return {"id": message.id, "threadId": message.thread_id, "labelIds": list(message.label_ids)}

    def _stored(self, call: Call, read: mail.Mail, labels: list[str], metadata: dict[str, Any]) -> Message:
        now = self._now()
        by_header = call.query.text("internalDateSource", _DEFAULT_DATE[call.name]) == "dateHeader"
        date = (read.date() if by_header else None) or now
        thread = _asked_thread(call, metadata)
        message = call.mailbox.store(read, labels, date, now)
        message.deleted = call.query.claims("deleted")
        if thread is not None and message.thread_id != thread:
            call.mailbox.drop(message)
            raise ApiError("invalidArgument")
        return message

    def _twin(self, call: Call, read: mail.Mail, labels: list[str]) -> Message | None:
        """The message that is there already, where the rules say that uploads are de-duplicated."""
        if not call.mailbox.rules.deduplicates or not read.message_id:
            return None
        for twin in call.mailbox.with_message_id(read.message_id):
            twin.label_ids = list(dict.fromkeys([*twin.label_ids, *labels]))
            call.mailbox.touch(twin)
            return twin
        return None


def _asked_thread(call: Call, metadata: dict[str, Any]) -> str | None:
    """A thread that is asked for must exist, and the message must belong to it by its references and its
    subject: the reference of `Message.threadId`. What Gmail answers otherwise is not documented.
    """
    asked = reading.text(metadata, "threadId")
    if asked and all(each.thread_id != asked for each in call.mailbox.messages.values()):
        raise ApiError("notFound")
    return asked or None


def _wrote(read: mail.Mail, address: str) -> bool:
    """SENT is applied to what is inserted with the user's address in From: the guide on labels."""
    return parseaddr(read.header("from"))[1].lower() == address.lower()
