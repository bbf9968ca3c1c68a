"""The record of what the app called: what a test looks at."""

from dataclasses import dataclass

from bot.sandbox.slack.model import Json


@dataclass(frozen=True)
class RecordedCall:
    """`at` is by the stand-in's clock; `method` may be `response_url`. A lost answer is recorded as given."""

    method: str
    args: Json
    response: Json
    at: float
    status: int = 200

    @property
    def ok(self) -> bool:
        return self.response.get("ok") is True
