"""Uploads a message in chunks, in a session that survives a lost answer.

https://developers.google.com/workspace/gmail/api/guides/uploads , "Resumable upload".
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from http import HTTPStatus

from yarl import URL

from bot.engine.fault import Fault
from bot.engine.gmail.calls import Answer, Calls, Request
from bot.engine.gmail.secure import is_secure

CHUNK = 16 * 256 * 1024
"""Bytes; all chunks but the last must be multiples of 256 KiB."""

_INCOMPLETE = HTTPStatus.PERMANENT_REDIRECT
_PROGRESS = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, _INCOMPLETE})
_LOST = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_RANGE = re.compile(r"\s*(?:bytes=)?0-(\d{1,15})\s*")
_PATIENCE = 2
"""How often an upload may stand still. Longer waits are the engine's business."""
_MAY_HAVE_MOVED = frozenset({"network", "dest_unavailable", "dest_rejected"})
"""After these the session is asked how far it came. A refused chunk is among them: a PUT counts as
repeatable, so that the HTTP client itself may have sent it twice where a connection broke.
"""


async def chunks(first: list[bytes], rest: AsyncIterator[bytes]) -> AsyncGenerator[tuple[bytes, bool], None]:
    """Chunks, and whether each is the last one. There is always a last one. `first` is emptied."""
    buffer = bytearray().join(first)
    first.clear()
    async for piece in rest:
        buffer += piece
        while len(buffer) > CHUNK:
            yield bytes(buffer[:CHUNK]), False
            del buffer[:CHUNK]
    yield bytes(buffer), True


class Session:
    """One upload. Its total is told with the last chunk: before that Gmail cannot have added the message.

    The address of an upload is its own credential, so that no token goes with it to another server.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._url = URL()
        self._is_ours = True
        self._at = 0
        self._stops = 0
        self._is_told = False

    async def begin(self, request: Request) -> None:
        try:
            self._url = await self._opened(request)
        except Fault as fault:
            fault.is_certain = True
            raise
        self._is_ours = self._url.origin() == request.url.origin()

    async def _opened(self, request: Request) -> URL:
        answer = await self._calls.send(request)
        if not answer.is_success:
            raise answer.fault(is_upload=True)
        location = request.url.join(URL(answer.headers.get("Location", ""), encoded=True))
        if location == request.url or not is_secure(str(location)):
            raise Fault("dest_unavailable", "Gmail opened an upload without a usable address for it.")
        return location

    async def put(self, chunk: bytes, *, is_last: bool) -> Answer | None:
        """Gmail's answer to the last chunk, None before."""
        self._is_told = is_last
        try:
            return await self._put(chunk, self._at, is_last=is_last)
        except Fault as fault:
            fault.is_certain = fault.is_certain or not self._is_told
            raise

    async def _put(self, chunk: bytes, start: int, *, is_last: bool) -> Answer | None:
        """Only this chunk is still at hand: an upload that fell behind it is lost."""
        end = start + len(chunk)
        total = str(end) if is_last else "*"
        while True:
            answer = await self._attempt(chunk[self._at - start :], total)
            if answer.status != _INCOMPLETE:
                return answer
            reached = _reached(answer)
            if not start <= reached <= end:
                raise Fault(
                    "network", f"The upload came to byte {reached}, not to {start}.", is_certain=False
                )
            self._stand(reached)
            if reached == end and not is_last:
                return None

    def _stand(self, reached: int) -> None:
        self._stops += reached == self._at
        self._at = reached
        if self._stops > _PATIENCE:
            raise Fault("network", f"The upload stands still at byte {reached}.", is_certain=False)

    async def _attempt(self, rest: bytes, total: str) -> Answer:
        stretch = f"{self._at}-{self._at + len(rest) - 1}" if rest else "*"
        try:
            return await self._sent(rest, f"bytes {stretch}/{total}")
        except Fault as fault:
            if fault.cause.code not in _MAY_HAVE_MOVED:
                raise
            return await self._state(total, fault)

    async def _state(self, total: str, before: Fault) -> Answer:
        """How far the session came in spite of a fault, which stands where nothing else comes out."""
        try:
            answer = await self._sent(b"", f"bytes */{total}")
        except Fault:
            raise before from None
        is_still = answer.status == _INCOMPLETE and _reached(answer) == self._at
        if is_still and before.cause.code == "dest_rejected":
            raise before
        return answer

    async def _sent(self, body: bytes, content_range: str) -> Answer:
        headers = {"Content-Range": content_range, "Content-Type": "message/rfc822"}
        answer = await self._calls.send(Request("PUT", self._url, 0, body, headers, signed=self._is_ours))
        if answer.status in _LOST:
            text = f"Gmail lost the upload: {answer.fault(is_upload=True)}"
            raise Fault("network", text, is_certain=False)
        if answer.status not in _PROGRESS:
            raise answer.fault(is_upload=True)
        return answer


def _reached(answer: Answer) -> int:
    """Bytes that Gmail has; it sends no Range as long as that is none."""
    told = answer.headers.get("Range")
    found = _RANGE.fullmatch(told) if told is not None else None
    if told is not None and found is None:
        raise Fault("dest_unavailable", f"Gmail told the state of an upload as {told!r}.", is_certain=False)
    return int(found[1]) + 1 if found else 0
