"""One user's mailbox: labels, messages, threads, and what the account can be in."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from bot.sandbox.gmail.errors import ApiError
from bot.sandbox.gmail.labels import Label, checked_name, system_labels
from bot.sandbox.gmail.mail import Mail
from bot.sandbox.gmail.rules import Rules

_FIRST_ID = 0x19A000000000000
_FIRST_LABEL = 1


@dataclass(slots=True)
class Message:
    """`raw` is exactly what was uploaded, or None where the rules say that large bodies are forgotten; then
    `sha256` is its hash. `head` are its headers as they came. A `deleted` one is seen by Vault alone.
    """

    id: str
    thread_id: str
    label_ids: list[str]
    raw: bytes | None
    head: bytes
    size: int
    message_id: str | None
    topic: str
    internal_date: datetime
    stored_at: datetime
    history_id: int
    sha256: str | None = None
    deleted: bool = False


@dataclass
class Mailbox:
    """`missing`: the account is gone. `service_off`: Gmail is switched off for it. `full`: no storage is
    left.
    """

    address: str
    rules: Rules
    missing: bool = False
    service_off: bool = False
    full: bool = False
    labels: dict[str, Label] = field(default_factory=system_labels)
    messages: dict[str, Message] = field(default_factory=dict)
    history_id: int = 1000
    _by_message_id: dict[str, list[Message]] = field(default_factory=dict)
    _spellings: dict[str, dict[str, str]] = field(default_factory=dict)
    _ids: "count[int]" = field(default_factory=lambda: count(_FIRST_ID))
    _label_ids: "count[int]" = field(default_factory=lambda: count(_FIRST_LABEL))

    def message(self, id_: str) -> Message:
        found = self.messages.get(id_)
        if found is None or found.deleted:
            raise ApiError("notFound")
        return found

    def label(self, id_: str) -> Label:
        if id_ not in self.labels:
            raise ApiError("notFound")
        return self.labels[id_]

    def with_message_id(self, message_id: str) -> list[Message]:
        return list(self._by_message_id.get(message_id, ()))

    def add_label(self, name: str) -> Label:
        checked_name(name, self.rules)
        self.claim_name(name, None)
        if sum(not label.is_system for label in self.labels.values()) >= self.rules.most_labels:
            raise ApiError("labelLimit")
        label = Label(f"Label_{next(self._label_ids)}", name)
        label.message_list_visibility, label.label_list_visibility = "show", "labelShow"
        self.labels[label.id] = label
        self._spell(label)
        self.history_id += 1
        return label

    def rename(self, label: Label, name: str) -> None:
        checked_name(name, self.rules)
        self.claim_name(name, label)
        self._free(label)
        label.name = name
        self._spell(label)

    def remove_label(self, id_: str) -> None:
        """Immediately and for good, and from every message that carries it."""
        label = self.labels.pop(id_)
        self._free(label)
        for message in self.messages.values():
            if id_ in message.label_ids:
                message.label_ids.remove(id_)
        self.history_id += 1

    def claim_name(self, name: str, label: Label | None) -> None:
        spellings = self._spellings.get(name.casefold(), {})
        others = [spelt for id_, spelt in spellings.items() if label is None or id_ != label.id]
        if others and (self.rules.label_names_ignore_case or name in others):
            raise ApiError("aborted")

    def _spell(self, label: Label) -> None:
        self._spellings.setdefault(label.name.casefold(), {})[label.id] = label.name

    def _free(self, label: Label) -> None:
        self._spellings.get(label.name.casefold(), {}).pop(label.id, None)

    def store(self, mail: Mail, label_ids: Iterable[str], internal_date: datetime, now: datetime) -> Message:
        id_ = f"{next(self._ids):016x}"
        message_id, topic = mail.message_id, mail.topic
        self.history_id += 1
        keeps = self.rules.keep_bodies_under is None or len(mail.raw) < self.rules.keep_bodies_under
        message = Message(
            id=id_,
            thread_id=self._thread_of(mail, topic) or id_,
            label_ids=list(dict.fromkeys(label_ids)),
            raw=mail.raw if keeps else None,
            head=mail.head,
            size=len(mail.raw),
            message_id=message_id,
            topic=topic,
            internal_date=internal_date,
            stored_at=now,
            history_id=self.history_id,
            sha256=None if keeps else hashlib.sha256(mail.raw).hexdigest(),
        )
        self.messages[id_] = message
        if message_id:
            self._by_message_id.setdefault(message_id, []).append(message)
        return message

    def touch(self, message: Message) -> None:
        self.history_id += 1
        message.history_id = self.history_id

    def drop(self, message: Message) -> None:
        del self.messages[message.id]
        self.history_id += 1
        if message.message_id:
            self._by_message_id[message.message_id].remove(message)

    def _thread_of(self, mail: Mail, topic: str) -> str | None:
        """The thread of the nearest message that it answers, if the subjects match: the criteria that the
        reference of `Message.threadId` gives for joining one. How else Gmail groups is not documented, and
        not done.
        """
        for reference in mail.references:
            for message in self._by_message_id.get(reference, ()):
                if message.topic == topic:
                    return message.thread_id
        return None
