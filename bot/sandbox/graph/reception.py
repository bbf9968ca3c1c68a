"""Takes requests in from the wire and sends the answers out: Graph, its batches, and the sign-in."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from aiohttp import web

from bot.sandbox.graph import signin, wire
from bot.sandbox.graph.answer import Answer
from bot.sandbox.graph.batch import AT_A_TIME, Step, steps
from bot.sandbox.graph.desk import Desk, Visit
from bot.sandbox.graph.errors import Json, Refusal, refusal
from bot.sandbox.graph.faults import Fault
from bot.sandbox.graph.paths import PREFIX
from bot.sandbox.graph.query import preferences
from bot.sandbox.graph.record import Call, Requests

Hook = Callable[[Call], Awaitable[None]]
BATCH = f"{PREFIX}/$batch"
REAL_HOSTS = ("https://login.microsoftonline.com",)


class Reception:
    def __init__(self, desk: Desk, requests: Requests, latency_s: float, before: Hook, after: Hook) -> None:
        self.origin = ""
        self._desk = desk
        self._requests = requests
        self._latency_s = latency_s
        self._before = before
        self._after = after

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if not path.startswith(f"{PREFIX}/"):
            return await self._signed_in(request, path)
        visit = _visit(request, path, f"{self.origin}{PREFIX}")
        self._desk.open(visit)
        try:
            return await self._served(request, visit)
        finally:
            self._desk.close(visit)
            self._requests.add(visit.call)

    async def _served(self, request: web.BaseRequest, visit: Visit) -> web.StreamResponse:
        call = visit.call
        await self._before(call)
        if call.is_dropped:
            return wire.drop(request)
        is_batch = call.path.lower() == BATCH
        answer = await self._batched(request, visit) if is_batch else self._desk.answer(visit)
        if self._latency_s or visit.fault:
            await asyncio.sleep(self._latency_s + visit.delay_s)
        call.status = answer.status
        await self._after(call)
        if _is_dropped(call) or visit.accident == "dropped":
            call.status = 0
            return wire.drop(request)
        return await wire.send(request, answer, {**visit.headers, **answer.headers}, visit.accident)

    # Batches

    async def _batched(self, request: web.BaseRequest, visit: Visit) -> Answer:
        visit.call.kind = "batch"
        try:
            self._desk.grant(visit)
            if visit.call.method != "POST":
                raise refusal("Request_BadRequest")
            asked = steps(await _json(request))
        except Refusal as error:
            return self._desk.refused(visit, error)
        turns = asyncio.Semaphore(AT_A_TIME)
        answers = await asyncio.gather(*(self._step(step, visit, turns) for step in asked))
        return Answer(json={"responses": list(answers)})

    async def _step(self, step: Step, outer: Visit, turns: asyncio.Semaphore) -> Json:
        prefer = step.headers.get("prefer", "")
        call = Call(step.method, f"{PREFIX}{unquote(step.path)}")
        visit = Visit(call, outer.authorization, step.query, preferences(prefer), outer.client_request_id)
        visit.root = outer.root
        self._desk.open(visit)
        async with turns:
            try:
                answer = self._desk.answer(visit)
                await asyncio.sleep(self._latency_s + visit.delay_s)
            finally:
                self._desk.close(visit)
        if visit.accident:
            outer.fault = visit.fault
        if answer.mime is not None:
            answer = self._desk.refused(visit, refusal("notSupported", "The stand-in batches no $value."))
        call.status = answer.status
        self._requests.add(call)
        headers = {"Content-Type": "application/json", **answer.headers}
        return {"id": step.id, "status": answer.status, "headers": headers, "body": answer.json}

    # Sign-in

    async def _signed_in(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        call = Call(request.method, path, kind="token")
        await self._before(call)
        if call.is_dropped:
            self._requests.add(call)
            return wire.drop(request)
        fault = self._desk.faults.next_sign_in() if path.endswith("/token") else None
        answer = await self._token(request, path, fault)
        await asyncio.sleep(self._latency_s + (fault.delay_s if fault else 0.0))
        call.status = answer.status
        await self._after(call)
        self._requests.add(call)
        if _is_dropped(call):
            return wire.drop(request)
        return await wire.send(request, answer, answer.headers, fault.accident if fault else None)

    async def _token(self, request: web.BaseRequest, path: str, fault: Fault | None) -> Answer:
        tenant, _, rest = path.strip("/").partition("/")
        try:
            if fault and fault.error:
                raise signin.unavailable(fault.error.status)
            if request.method == "POST" and rest == "oauth2/v2.0/token":
                return await self._granted(request, tenant)
            if rest == "v2.0/.well-known/openid-configuration":
                signin.require_tenant(self._desk.world, tenant)
                return Answer(json=signin.discovery(self.origin, tenant))
        except signin.SignInRefused as error:
            return Answer(error.status, self._desk.sign_in.refused(error, self.origin))
        if path == "/common/discovery/instance":
            return Answer(json=signin.instances(self.origin, _tenant_of(request)))
        return Answer(404, {"error": "invalid_request", "error_description": "There is no such endpoint."})

    async def _granted(self, request: web.BaseRequest, tenant: str) -> Answer:
        form = {name: str(value) for name, value in (await request.post()).items()}
        audiences = frozenset(
            f"{base}/{tenant}/{end}"
            for base in (self.origin, self.origin.replace("http://", "https://", 1), *REAL_HOSTS)
            for end in ("oauth2/v2.0/token", "v2.0")
        )
        granted = self._desk.sign_in.token(tenant, form, audiences)
        return Answer(json=granted, headers={"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"})


def _is_dropped(call: Call) -> bool:
    """Asked again: a hook may have changed it."""
    return call.is_dropped


def _visit(request: web.BaseRequest, path: str, root: str) -> Visit:
    headers = request.headers
    prefer = ",".join(headers.getall("Prefer")) if "Prefer" in headers else ""
    return Visit(
        Call(request.method, path),
        headers.get("Authorization"),
        request.query,
        preferences(prefer),
        headers.get("client-request-id", ""),
        root=root,
    )


def _tenant_of(request: web.BaseRequest) -> str:
    """Of the authorization endpoint that is asked about."""
    parts = request.query.get("authorization_endpoint", "").split("/")
    return parts[3] if len(parts) > 3 else "common"  # noqa: PLR2004 - scheme, nothing, host, tenant


async def _json(request: web.BaseRequest) -> object:
    try:
        return json.loads(await request.read())
    except ValueError as error:
        raise refusal("BadRequest", "Invalid batch payload format.") from error
