"""Events on their way to the bot: kept until it took them, in order, tried again with back-off."""

import json
import sys
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import aiohttp
from standardwebhooks import Webhook

Event = dict[str, Any]

LARGEST_BATCH = 200
_PATH = "/v1/events"
_LONGEST_WAIT = timedelta(seconds=30)
_TIMEOUT = aiohttp.ClientTimeout(total=15)
_TAKEN, _NOTHING_KEPT, _TOO_LARGE = 202, 400, 413


class Outbox:
    """`complain` gets what a person must see: rejected events, refused signatures."""

    def __init__(
        self,
        bot_url: str,
        secret: str,
        now: Callable[[], datetime],
        complain: Callable[[str], None] | None = None,
    ) -> None:
        self._url = bot_url.rstrip("/") + _PATH
        self._webhook = Webhook(secret)
        self._now = now
        self._complain = complain or _on_stderr
        self._waiting: deque[Event] = deque()
        self._size = LARGEST_BATCH
        self._failures = 0
        self._not_before: datetime | None = None
        self.delivered = 0

    def put(self, event: Event) -> None:
        self._waiting.append(event)

    def take(self) -> list[Event]:
        """Everything that waits, for a caller that delivers it in its own way."""
        events = list(self._waiting)
        self._waiting.clear()
        return events

    def __len__(self) -> int:
        return len(self._waiting)

    async def deliver(self, session: aiohttp.ClientSession) -> bool:
        """Send one batch if it is time to. True where the bot took it."""
        if not self._waiting or (self._not_before and self._now() < self._not_before):
            return False
        batch = list(islice(self._waiting, self._size))
        try:
            async with self._post(session, batch) as answer:
                return self._settle(answer, batch, await answer.read())
        except (aiohttp.ClientError, OSError) as error:  # a timeout is an OSError
            return self._put_off(f"the bot cannot be reached ({type(error).__name__})", None)

    def _post(self, session: aiohttp.ClientSession, batch: list[Event]) -> Any:  # noqa: ANN401 - aiohttp's own
        body = json.dumps(batch, ensure_ascii=False)
        return session.post(
            self._url, data=body.encode(), headers=self._headers(batch, body), timeout=_TIMEOUT
        )

    def _headers(self, batch: list[Event], body: str) -> dict[str, str]:
        """The same batch has the same webhook-id each time it is sent."""
        identity, at = f"batch-{batch[0]['id']}-{len(batch)}", self._now()
        return {
            "content-type": "application/cloudevents-batch+json",
            "webhook-id": identity,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self._webhook.sign(identity, at, body),
        }

    def _settle(self, answer: aiohttp.ClientResponse, batch: list[Event], body: bytes) -> bool:
        results = _results(body) if answer.status in {_TAKEN, _NOTHING_KEPT} else None
        if results is not None:
            return self._taken(batch, results)
        if answer.status == _TOO_LARGE and self._size > 1:
            self._size //= 2
            return False
        return self._put_off(f"the bot answered {answer.status}", answer.headers.get("Retry-After"))

    def _taken(self, batch: list[Event], results: list[dict[str, Any]]) -> bool:
        for _ in batch:
            self._waiting.popleft()
        for result in results:
            if result["result"] == "rejected":
                event = batch[result["index"]]
                self._complain(f"REJECTED {event['type']} {event['id']}: {result['reason']}")
        self.delivered += len(batch)
        self._failures, self._not_before = 0, None
        return True

    def _put_off(self, reason: str, retry_after: str | None) -> bool:
        self._failures += 1
        wait = min(timedelta(seconds=0.25 * 2 ** min(self._failures, 10)), _LONGEST_WAIT)
        if retry_after and retry_after.isdecimal():
            wait = min(timedelta(seconds=int(retry_after)), timedelta(minutes=5))
        self._not_before = self._now() + wait
        if self._failures in {1, 5} or self._failures % 20 == 0:
            self._complain(
                f"{reason}; {len(self._waiting)} events wait, next try in {wait.total_seconds():g} s"
            )
        return False


def _on_stderr(text: str) -> None:
    sys.stderr.write(f"company: {text}\n")
    sys.stderr.flush()


def _results(body: bytes) -> list[dict[str, Any]] | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    return document.get("results") if isinstance(document, dict) else None
