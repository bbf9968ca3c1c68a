"""What can be made to go wrong: any error of the table, and what happens to connections."""

import math
import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

from bot.sandbox.graph.errors import KINDS, Kind
from bot.sandbox.graph.model import App, Mailbox, Message

FOREVER = math.inf
Accident = Literal["dropped", "truncated", "stalled"]
ACCIDENTS: tuple[Accident, ...] = ("dropped", "truncated", "stalled")


@dataclass(frozen=True)
class Fault:
    """An error instead of an answer, or an accident of the connection, after `delay_s` seconds.

    `dropped` closes it before a byte of the answer, `truncated` in the middle of the body, `stalled` keeps
    it open there until the client goes away.
    """

    error: Kind | None = None
    accident: Accident | None = None
    delay_s: float = 0.0


@dataclass
class _Planned:
    fault: Fault
    times: float


@dataclass
class Faults:
    """A plan is for the next `times` requests that match. The narrower plan goes first: message, path,
    user, app. `kind` is a code of errors.KINDS, one of ACCIDENTS, or a Fault.
    `retry_after` is in seconds; 0 leaves the header out.
    """

    _planned: dict[Hashable, list[_Planned]] = field(default_factory=dict)
    _paths: list[tuple[re.Pattern[str], str]] = field(default_factory=list)

    @property
    def are_planned(self) -> bool:
        return bool(self._planned)

    def on_value(
        self,
        message: Message | str,
        kind: str | Fault,
        times: float = 1,
        *,
        retry_after: int | None = None,
    ) -> None:
        """On `$value` of the message, which may be given by its immutable id."""
        key = message.id if isinstance(message, Message) else message
        self._plan(("value", key), kind, times, retry_after)

    def lift_value(self, message: Message) -> None:
        """Nothing is planned any more on `$value` of the message."""
        self._planned.pop(("value", message.id), None)

    def on_user(
        self, user: Mailbox | str, kind: str | Fault, times: float = 1, *, retry_after: int | None = None
    ) -> None:
        address = user.address if isinstance(user, Mailbox) else user
        self._plan(("user", address.lower()), kind, times, retry_after)

    def on_app(
        self, app: App | str, kind: str | Fault, times: float = 1, *, retry_after: int | None = None
    ) -> None:
        client = app.client_id if isinstance(app, App) else app
        self._plan(("app", client.lower()), kind, times, retry_after)

    def on_path(
        self, pattern: str, kind: str | Fault, times: float = 1, *, retry_after: int | None = None
    ) -> None:
        """`pattern` is a regular expression found anywhere in the path, without the query."""
        self._paths.append((re.compile(pattern), pattern))
        self._plan(("path", pattern), kind, times, retry_after)

    def on_sign_in(self, kind: str | Fault, times: float = 1) -> None:
        """At the token endpoint: an accident, or unavailable with the status of a code of errors.KINDS."""
        self._plan(("sign-in", ""), kind, times, None)

    def clear(self) -> None:
        self._planned.clear()
        self._paths.clear()

    def next(self, *, path: str, user: str, app: str, value_of: str | None) -> Fault | None:
        if not self._planned:
            return None
        narrow = [("value", value_of)] if value_of else []
        matching = [("path", text) for pattern, text in self._paths if pattern.search(path)]
        keys = [*narrow, *matching, ("user", user.lower()), ("app", app.lower())]
        return next((found for key in keys if (found := self._take(key))), None)

    def next_sign_in(self) -> Fault | None:
        return self._take(("sign-in", ""))

    def _plan(self, key: Hashable, kind: str | Fault, times: float, retry_after: int | None) -> None:
        self._planned.setdefault(key, []).append(_Planned(_fault(kind, retry_after), times))

    def _take(self, key: Hashable) -> Fault | None:
        plans = self._planned.get(key)
        if not plans:
            return None
        first = plans[0]
        first.times -= 1
        if first.times <= 0:
            plans.pop(0)
        if not plans:
            del self._planned[key]
        return first.fault


def _fault(kind: str | Fault, retry_after: int | None) -> Fault:
    if isinstance(kind, Fault):
        return kind
    for accident in ACCIDENTS:
        if kind == accident:
            return Fault(accident=accident)
    error = KINDS[kind]
    return Fault(error=error if retry_after is None else error.after(retry_after))
