"""Response URLs: a way to answer one person's gesture, five times within thirty minutes.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.slack.mint import Mint
from bot.sandbox.slack.model import MessageRef

USES = 5
LIFE_SECONDS = 30 * 60.0


@dataclass
class ResponseUrl:
    """`original` is the message that `replace_original` and `delete_original` mean."""

    user: str
    channel: str
    made_at: float
    original: MessageRef | None = None
    thread_ts: str | None = None
    uses: int = 0


class ResponseUrls:
    def __init__(self, mint: Mint, clock: Callable[[], float], team_id: str) -> None:
        self._mint = mint
        self._clock = clock
        self._team_id = team_id
        self._made: dict[str, ResponseUrl] = {}
        self.base_url = ""

    def make(self, user: str, channel: str, original: MessageRef | None, thread_ts: str | None = None) -> str:
        serial = self._mint.number()
        path = f"response/{self._team_id}/{serial}/{serial:024x}"
        self._made[path] = ResponseUrl(user, channel, self._clock(), original, thread_ts)
        return self.base_url + path

    def find(self, path: str) -> ResponseUrl | None:
        return self._made.get(path)

    def use(self, url: ResponseUrl) -> str | None:
        """Takes one use, or says why there is none left."""
        if url.uses >= USES:
            return "used_url"
        if self._clock() - url.made_at > LIFE_SECONDS:
            return "expired_url"
        url.uses += 1
        return None
