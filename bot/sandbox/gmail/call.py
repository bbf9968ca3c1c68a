"""One request, as hooks, faults and methods see it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.sandbox.gmail.mailbox import Mailbox
from bot.sandbox.gmail.params import Query

_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True)
class Call:
    """`name` is that of the API method (`messages.import`), or `token`, or `upload` for a chunk of a
    resumable one.

    `user` is the address whose token it carries; `content` are the bytes in which to look for a message.
    """

    verb: str
    path: str
    name: str
    body: bytes
    headers: Mapping[str, str]
    raw_query: str
    abort: Callable[[], None]
    query: Query = field(default_factory=Query)
    id: str = ""
    is_upload: bool = False
    user: str | None = None
    scopes: frozenset[str] = frozenset()
    content: bytes | None = None
    dropped: bool = False
    _mailbox: list[Mailbox] = field(default_factory=list)

    @property
    def mailbox(self) -> Mailbox:
        return self._mailbox[0]

    def open(self, mailbox: Mailbox) -> None:
        self._mailbox = [mailbox]

    @property
    def message_id(self) -> str | None:
        """The Message-ID of the message that is being uploaded, where there is one."""
        found = _MESSAGE_ID.search(self.body if self.content is None else self.content)
        return found[1].decode("latin-1") if found else None

    def drop(self) -> None:
        """Closes the connection; whatever the request asked for is still done, and its answer is lost."""
        self.dropped = True
        self.abort()


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=UTF-8"
