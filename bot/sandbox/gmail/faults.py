"""What can be made to go wrong: any kind of refusal, and what happens to connections."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Literal, TypedDict, Unpack

from bot.sandbox.gmail.call import Call
from bot.sandbox.gmail.errors import ApiError, TokenError, token_refusals
from bot.sandbox.gmail.kinds import KINDS

Break = Literal["before", "after", "within"]
"""When the connection is dropped: before the request is handled, after it was (and before any of the answer),
or in the middle of the answer."""


class Where(TypedDict, total=False):
    """As the fields of Fault."""

    user: str
    message: str
    path: str
    name: str
    times: int | None


@dataclass
class Fault:
    """Where all of what is given fits, and not more often than `times` (None: for ever).

    `user` is an address, `message` a Message-ID with its angle brackets, `path` a pattern like
    `*/messages/import*`, `name` the API method, such as `messages.import`, or `token`, or `upload`.
    """

    kind: str | None = None
    user: str | None = None
    message: str | None = None
    path: str | None = None
    name: str | None = None
    times: int | None = 1
    code: int | None = None
    retry_after: int | None = None
    breaks: Break | None = None
    delay: timedelta = timedelta(0)
    stalls: bool = False

    def fits(self, call: Call) -> bool:
        return (
            self.times != 0
            and (self.name is None or self.name == call.name)
            and (self.user is None or self.user.lower() == (call.user or "").lower())
            and (self.path is None or fnmatchcase(call.path, self.path))
            and (self.message is None or self.message == call.message_id)
        )

    def error(self, name: str) -> ApiError | TokenError | None:
        """A kind of the token endpoint's, there alone; else one of the API's."""
        if self.kind is None:
            return None
        if name == "token" and self.kind in token_refusals():
            return token_refusals()[self.kind]
        return ApiError(self.kind, code=self.code, retry_after=self.retry_after)


class Faults:
    """Faults are tried in the order in which they were planned; the first that fits is the one that
    happens.
    """

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._released = asyncio.Event()

    def plan(self, fault: Fault) -> Fault:
        if fault.kind is not None and fault.kind not in KINDS | token_refusals():
            raise ValueError(f"no kind of refusal: {fault.kind}")
        self._planned.append(fault)
        return fault

    def fail(
        self,
        kind: str,
        *,
        code: int | None = None,
        retry_after: int | None = None,
        **where: Unpack[Where],
    ) -> Fault:
        """`kind` is a key of kinds.KINDS, or `invalid_grant`, `unauthorized_client`, `invalid_scope`.

        `code` replaces the kind's own: Google documents quotas with 403 and with 429.
        """
        return self.plan(Fault(kind, code=code, retry_after=retry_after, **where))

    def drop(self, when: Break, **where: Unpack[Where]) -> Fault:
        return self.plan(Fault(breaks=when, **where))

    def delay(self, by: timedelta, **where: Unpack[Where]) -> Fault:
        return self.plan(Fault(delay=by, **where))

    def stall(self, **where: Unpack[Where]) -> Fault:
        """The request is read and not handled until `release`."""
        return self.plan(Fault(stalls=True, **where))

    def release(self) -> None:
        """Lets go on what stalls now."""
        self._released.set()
        self._released = asyncio.Event()

    def clear(self) -> None:
        self._planned.clear()
        self.release()

    def take(self, call: Call) -> Fault | None:
        """What happens to this request; counts it."""
        if not self._planned:
            return None
        fault = next((each for each in self._planned if each.fits(call)), None)
        if fault is not None and fault.times is not None:
            fault.times -= 1
            self._planned = [each for each in self._planned if each.times != 0]
        return fault

    async def wait(self, fault: Fault) -> None:
        if fault.stalls:
            await self._released.wait()
        if fault.delay:
            await asyncio.sleep(fault.delay.total_seconds())
