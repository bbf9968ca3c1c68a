"""Answers requests: token or method, credentials, quota, faults and hooks, in the order in which Google would
notice.

That order is not documented, except that credentials come before everything but a parameter that no method
knows.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from bot.sandbox.gmail import fields, label_methods, message_methods
from bot.sandbox.gmail.adding import Adding
from bot.sandbox.gmail.call import Answer, Call
from bot.sandbox.gmail.errors import ApiError, Json, TokenError
from bot.sandbox.gmail.faults import Fault, Faults
from bot.sandbox.gmail.hooks import Hooks
from bot.sandbox.gmail.params import query
from bot.sandbox.gmail.quota import Quota
from bot.sandbox.gmail.routes import SCOPES, UPLOADS, Route, route
from bot.sandbox.gmail.tokens import Access, Tokens, subject
from bot.sandbox.gmail.uploads import Uploads, dumped
from bot.sandbox.gmail.world import World

Method = Callable[[Call], Json | None]

TOKEN_PATH = "/token"
_NO_CACHE = {"Cache-Control": "no-cache, no-store, max-age=0, must-revalidate"}


@dataclass(frozen=True)
class Backend:
    """What the stand-in is made of. `methods` are all but the uploads."""

    world: World
    tokens: Tokens
    quota: Quota
    uploads: Uploads
    faults: Faults
    before: Hooks
    after: Hooks
    methods: Mapping[str, Method]
    latency: float


def methods(adding: Adding, now: Callable[[], datetime]) -> Mapping[str, Method]:
    return {
        **label_methods.METHODS,
        **message_methods.METHODS,
        "messages.list": message_methods.listing(now),
        "messages.import": adding.from_json,
        "messages.insert": adding.from_json,
    }


class Endpoint:
    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def answer(self, call: Call) -> tuple[Answer, Fault | None]:
        """The answer, and the fault that may still befall it on its way."""
        if call.path == TOKEN_PATH:
            call.user = subject(call.body)
            return await self._through(call, self._granted)
        try:
            self._admit(call)
            with self._backend.quota.request(call.user or ""):
                return await self._through(call, self._handled)
        except ApiError as error:
            return refused(error), None

    async def _through(self, call: Call, handle: Callable[[Call], Answer]) -> tuple[Answer, Fault | None]:
        """Latency comes first: what was sent whole is handled, even if its sender is gone by then."""
        if self._backend.latency:
            await asyncio.sleep(self._backend.latency)
        if self._backend.before:
            await self._backend.before.run(call)
        fault = self._backend.faults.take(call)
        if fault is not None:
            await self._backend.faults.wait(fault)
            if fault.breaks == "before":
                return Answer(), fault
        answer = self._safely(call, fault, handle)
        if self._backend.after:
            await self._backend.after.run(call)
        return answer, fault

    def _safely(self, call: Call, fault: Fault | None, handle: Callable[[Call], Answer]) -> Answer:
        try:
            planned = fault.error(call.name) if fault else None
            if planned is not None:
                raise planned
            return handle(call)
        except ApiError as error:
            return refused(error)
        except TokenError as error:
            return Answer(error.code, error.body, _NO_CACHE)

    def _granted(self, call: Call) -> Answer:
        if call.verb != "POST":
            return Answer(HTTPStatus.NOT_FOUND)
        return Answer(
            body=self._backend.tokens.grant(call.headers.get("Content-Type", ""), call.body),
            headers=_NO_CACHE,
        )

    def _admit(self, call: Call) -> None:
        """Names the method, and who asks for it."""
        if call.verb == "PUT" and call.path.startswith(UPLOADS):
            self._admit_chunk(call)
            return
        wanted = route(call.verb, call.path)
        call.name, call.id, call.is_upload = wanted.method, wanted.id, wanted.is_upload
        call.query = query(wanted.method, call.raw_query)
        access = self._backend.tokens.access(call.headers.get("Authorization"))
        call.user, call.scopes = access.user, access.scopes
        self._authorise(access, wanted)

    def _admit_chunk(self, call: Call) -> None:
        """The session's address is a credential; a token is checked where one is sent along."""
        call.name, call.is_upload = "upload", True
        call.query = query("messages.import", call.raw_query)
        if "Authorization" in call.headers:
            self._backend.tokens.access(call.headers["Authorization"])
        session = self._backend.uploads.session(call.query.text("upload_id"))
        call.user = session.call.user
        call.content = bytes(session.received) + call.body

    def _authorise(self, access: Access, wanted: Route) -> None:
        if not access.scopes & SCOPES[wanted.method]:
            raise ApiError("insufficientPermissions")
        if access.user is None:
            raise ApiError("preconditionFailed")
        if wanted.user_id not in {"me", access.user} and wanted.user_id.lower() != access.user.lower():
            raise ApiError("delegationDenied", f"Delegation denied for {access.user}")

    def _handled(self, call: Call) -> Answer:
        user = call.user or ""
        call.open(self._backend.world.opened(user))
        if call.name == "upload":
            return self._backend.uploads.resume(
                call, self._backend.uploads.session(call.query.text("upload_id"))
            )
        mask = fields.mask(call.name, call.query.text("fields"))
        self._backend.quota.charge(user, call.name)
        if call.is_upload:
            return self._backend.uploads.begin(call)
        document = self._backend.methods[call.name](call)
        if document is None:
            return Answer(HTTPStatus.NO_CONTENT)
        return Answer(body=dumped(fields.select(document, mask)))


def refused(error: ApiError) -> Answer:
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    if error.code == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return Answer(error.code, error.body, headers, error.content_type)
