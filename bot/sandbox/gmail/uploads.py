"""The three ways to upload a message.

https://developers.google.com/workspace/gmail/api/guides/uploads
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from bot.sandbox.gmail import fields, multipart, reading
from bot.sandbox.gmail.adding import Adding
from bot.sandbox.gmail.call import Answer, Call
from bot.sandbox.gmail.errors import ApiError, Json
from bot.sandbox.gmail.rules import Rules

CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")
RESUME_INCOMPLETE = 308


@dataclass
class Session:
    """A resumable upload. `call` is what began it; `total` is known late where the client does not say it."""

    call: Call
    metadata: Json
    total: int | None
    begun_at: datetime
    received: bytearray = field(default_factory=bytearray)
    answer: bytes | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """`start` is None in a question for the state of the upload."""

    start: int | None
    total: int | None


class Uploads:
    def __init__(self, adding: Adding, rules: Rules, now: Callable[[], datetime]) -> None:
        self._adding = adding
        self._rules = rules
        self._now = now
        self._sessions: dict[str, Session] = {}
        self.url = ""

    def begin(self, call: Call) -> Answer:
        ways: dict[str, Callable[[Call], Answer]] = {
            "multipart": self._multipart,
            "media": self._media,
            "resumable": self._initiated,
        }
        way = ways.get(call.query.text("uploadType"))
        if way is None:
            raise ApiError("badRequest", "uploadType must be media, multipart or resumable.")
        return way(call)

    def session(self, upload_id: str) -> Session:
        """The week of a session is over, or it never was."""
        found = self._sessions.get(upload_id)
        if found is None:
            raise ApiError("sessionGone")
        if self._now() - found.begun_at >= self._rules.session_lifetime:
            raise ApiError(self._rules.expired_session)
        return found

    def resume(self, call: Call, session: Session) -> Answer:
        """One PUT: a chunk, all of it, or the question how much there is."""
        if session.answer is not None:
            return Answer(body=session.answer)
        chunk = _chunk(call)
        self._agree(session, chunk)
        if chunk.start is not None:
            self._take(session, call.body, chunk)
        if session.total is None or len(session.received) < session.total:
            return _incomplete(session)
        session.answer = self._added(session.call, session.metadata, bytes(session.received))
        session.received.clear()
        return Answer(body=session.answer)

    def forget_sessions(self) -> None:
        self._sessions.clear()

    def _multipart(self, call: Call) -> Answer:
        metadata, media = multipart.two_parts(call.headers.get("Content-Type", ""), call.body)
        if metadata.content_type != "application/json":
            raise ApiError("badContent", "The first part must be application/json.")
        _check_media(media.content_type)
        described = reading.document(metadata.content, reading.MESSAGE_FIELDS)
        return Answer(body=self._added(call, described, media.content))

    def _media(self, call: Call) -> Answer:
        _check_media(call.headers.get("Content-Type", "").partition(";")[0].strip().lower())
        return Answer(body=self._added(call, {}, call.body))

    def _added(self, call: Call, metadata: Json, raw: bytes) -> bytes:
        chosen = fields.mask(call.name, call.query.text("fields"))
        return dumped(fields.select(self._adding.add(call, metadata, raw), chosen))

    def _initiated(self, call: Call) -> Answer:
        _check_media(call.headers.get("X-Upload-Content-Type", "").partition(";")[0].strip().lower())
        total = _number(call.headers.get("X-Upload-Content-Length"))
        if total is not None and total > self._rules.max_message:
            raise ApiError("uploadTooLarge")
        metadata = reading.posted(call, reading.MESSAGE_FIELDS)
        upload_id = uuid4().hex
        self._sessions[upload_id] = Session(call, metadata, total, self._now())
        location = f"{self.url}{call.path}?uploadType=resumable&upload_id={upload_id}"
        return Answer(headers={"Location": location, "X-GUploader-UploadID": upload_id})

    def _agree(self, session: Session, chunk: Chunk) -> None:
        if chunk.total is not None and session.total not in {None, chunk.total}:
            raise ApiError("badRequest", "The total size differs from the one announced before.")
        session.total = chunk.total if chunk.total is not None else session.total
        if session.total is not None and session.total > self._rules.max_message:
            raise ApiError("uploadTooLarge")

    def _take(self, session: Session, body: bytes, chunk: Chunk) -> None:
        if chunk.start != len(session.received):
            raise ApiError("badRequest", "Content-Range does not begin where the upload stopped.")
        end = len(session.received) + len(body)
        if end > (self._rules.max_message if session.total is None else session.total):
            raise ApiError("uploadTooLarge")
        if end != session.total and (not body or len(body) % CHUNK):
            raise ApiError("badRequest", _odd(len(body)))
        session.received += body


def dumped(document: Json) -> bytes:
    return json.dumps(document).encode()


def _odd(size: int) -> str:
    return (
        f"Invalid request. The number of bytes uploaded is required to be a multiple of {CHUNK}, except "
        f"for the final request. The received request contained {size} bytes, which does not meet this "
        "requirement."
    )


def _incomplete(session: Session) -> Answer:
    """Without any byte there is no Range."""
    got = len(session.received)
    return Answer(RESUME_INCOMPLETE, headers={"Range": f"bytes=0-{got - 1}"} if got else {})


def _chunk(call: Call) -> Chunk:
    """Without Content-Range it is the whole message in one request."""
    said = call.headers.get("Content-Range")
    if said is None:
        return Chunk(0, len(call.body))
    found = _RANGE.fullmatch(said)
    if not found:
        raise ApiError("badRequest", "Failed to parse Content-Range header.")
    total = None if found[3] == "*" else int(found[3])
    if found[1] is None:
        return _question(call, total)
    if int(found[2]) - int(found[1]) + 1 != len(call.body):
        raise ApiError("badRequest", "Content-Range does not fit the size of the body.")
    return Chunk(int(found[1]), total)


def _question(call: Call, total: int | None) -> Chunk:
    if call.body:
        raise ApiError("badRequest", "A question for the state of an upload has no body.")
    return Chunk(None, total)


def _number(text: str | None) -> int | None:
    if text is not None and not (text.isascii() and text.isdigit()):
        raise ApiError("badRequest", "Invalid X-Upload-Content-Length.")
    return None if text is None else int(text)


def _check_media(content_type: str) -> None:
    """`accept` of both methods in the discovery document."""
    if not content_type.startswith("message/"):
        text = f"Media type '{content_type}' is not supported. Valid media types: [message/*]"
        raise ApiError("badContent", text)
