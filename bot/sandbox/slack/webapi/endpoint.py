"""Answers `/api/METHOD`: token, method, scope, rate, then the method itself, with the planned faults."""

import asyncio
from collections import deque
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.faults import Fault
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.record import RecordedCall
from bot.sandbox.slack.webapi.call import Call
from bot.sandbox.slack.webapi.reading import Sent, read
from bot.sandbox.slack.webapi.table import METHODS, Method


@dataclass(frozen=True)
class Answer:
    """`retry_after` in seconds, for a 429. `scopes` are those of the token.

    https://github.com/slack-ruby/slack-ruby-client/issues/378 : each answer names them in a header.
    """

    body: Json
    status: int = 200
    retry_after: int | None = None
    scopes: frozenset[str] = frozenset()

    def response(self) -> web.Response:
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        if self.scopes:
            headers["x-oauth-scopes"] = ",".join(sorted(self.scopes))
        return web.json_response(self.body, status=self.status, headers=headers)


def refusal(error: SlackError) -> Json:
    """The reasons stand twice, as in Slack's answers: https://docs.slack.dev/apis/web-api/#errors"""
    body: Json = {"ok": False, "error": error.error, **error.extra}
    if error.messages:
        body["errors"] = error.messages
        body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in error.messages]}
    return body


def limited(seconds: int) -> Answer:
    """https://docs.slack.dev/apis/web-api/rate-limits"""
    return Answer({"ok": False, "error": "ratelimited"}, 429, seconds)


def planned(fault: Fault) -> Answer | None:
    if fault.retry_after is not None:
        return limited(fault.retry_after)
    if fault.status is not None:
        return Answer({"ok": False, "error": "internal_error"}, fault.status)
    if fault.error is not None:
        return Answer({"ok": False, "error": fault.error})
    return None


class WebApi:
    def __init__(self, backend: Backend, calls: deque[RecordedCall]) -> None:
        self._backend = backend
        self._calls = calls

    async def handle(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        fault = self._backend.faults.next(name)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        sent, answer = await self._answered(name, request, fault)
        at = self._backend.clock()
        self._calls.append(RecordedCall(name, sent.args, answer.body, at, answer.status))
        if fault.lost and request.transport:
            request.transport.abort()
        return answer.response()

    async def _answered(self, name: str, request: web.Request, fault: Fault) -> tuple[Sent, Answer]:
        sent = Sent({}, None)
        try:
            sent = await read(request)
            return sent, planned(fault) or self._call(name, sent)
        except SlackError as error:
            return sent, Answer(refusal(error))

    def _call(self, name: str, sent: Sent) -> Answer:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._authorise(method, sent)
        if sent.is_json and not method.takes_json:
            raise SlackError("invalid_arguments", ["this method takes forms, not JSON"])
        wait = self._backend.limiter.retry_after(name, str(sent.args.get("channel") or "") or None)
        if wait is not None:
            return limited(wait)
        scopes = self._backend.world.app.scopes if method.token == "bot" else frozenset[str]()
        return Answer({"ok": True, **method.run(Call(name, sent.args, self._backend))}, scopes=scopes)

    def _authorise(self, method: Method, sent: Sent) -> None:
        if method.token == "none":
            return
        expected = {"bot": self._backend.bot_token, "app": self._backend.app_token}
        if not sent.token:
            raise SlackError("not_authed")
        if sent.token not in expected.values():
            raise SlackError("invalid_auth")
        if sent.token != expected[method.token]:
            raise SlackError("not_allowed_token_type")
        if self._backend.faults.token != "good":
            raise SlackError(self._backend.faults.token)
        self._check_scopes(method)

    def _check_scopes(self, method: Method) -> None:
        provided = self._backend.world.app.scopes
        if not set(method.scopes) <= provided:
            needed, have = ",".join(method.scopes), ",".join(sorted(provided))
            raise SlackError("missing_scope", needed=needed, provided=have)
