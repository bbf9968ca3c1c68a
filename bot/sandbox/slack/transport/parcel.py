"""What is sent to the app, and what came back, whatever the transport."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.sandbox.slack.model import Json

Kind = Literal["slash_commands", "interactive", "events_api", "options"]
Failure = Literal["operation_timeout", "dispatch_failed", "app_not_responding", "http_status"]


@dataclass(frozen=True)
class Parcel:
    """`kind` is the name of the Socket Mode envelope; `options` travels as `interactive` there.

    `url` is the manifest's, where there is one. `retry` counts re-sent events from 1.
    """

    kind: Kind
    payload: Json
    url: str | None = None
    retry: int = 0
    retry_reason: str = ""

    @property
    def is_json(self) -> bool:
        return self.kind == "events_api"


@dataclass(frozen=True)
class Reply:
    """The app's acknowledgement, or why there is none. A body of plain text is `{"text": …}`."""

    failure: Failure | None = None
    status: int | None = None
    body: Json = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.failure is None


class Transport(Protocol):
    async def send(self, parcel: Parcel, ack_seconds: float) -> Reply: ...

    async def stop(self) -> None: ...
