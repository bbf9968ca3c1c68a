"""One request to Graph from its token to its answer: sign-in, planned faults, limits, endpoint."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC

from bot.sandbox.graph.answer import Answer
from bot.sandbox.graph.api import Api, Ask
from bot.sandbox.graph.errors import Refusal, body, headers, refusal
from bot.sandbox.graph.faults import Accident, Fault, Faults
from bot.sandbox.graph.paths import PREFIX, target
from bot.sandbox.graph.query import Preferences
from bot.sandbox.graph.record import Call
from bot.sandbox.graph.signin import Grant, SignIn
from bot.sandbox.graph.throttle import Meter, Throttle
from bot.sandbox.graph.world import World


@dataclass(slots=True)
class Visit:
    """One request while it is handled. `client_request_id` is what the client called it."""

    call: Call
    authorization: str | None
    query: Mapping[str, str]
    wanted: Preferences
    client_request_id: str
    request_id: str = ""
    root: str = ""
    meter: Meter | None = None
    fault: Fault | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def accident(self) -> Accident | None:
        return self.fault.accident if self.fault else None

    @property
    def delay_s(self) -> float:
        return self.fault.delay_s if self.fault else 0.0


class Desk:
    def __init__(self, world: World, api: Api, sign_in: SignIn, throttle: Throttle, faults: Faults) -> None:
        self.world = world
        self.sign_in = sign_in
        self.faults = faults
        self._api = api
        self._throttle = throttle
        self._served = 0

    def open(self, visit: Visit) -> None:
        """Names the request; what it is of is known from the path alone."""
        self._served += 1
        visit.request_id = f"{self._served:08x}-5a4d-4b0e-9c1f-7d2e6b8a9c30"
        visit.headers = {
            "request-id": visit.request_id,
            "client-request-id": visit.client_request_id or visit.request_id,
        }

    def answer(self, visit: Visit) -> Answer:
        """`close` must follow, once the answer is sent: until then the request is in flight."""
        try:
            return self._handled(visit)
        except Refusal as error:
            return self.refused(visit, error)

    def close(self, visit: Visit) -> None:
        if visit.meter is not None:
            visit.meter.end()
            visit.meter = None

    def refused(self, visit: Visit, error: Refusal) -> Answer:
        kind = error.kind
        date = self.world.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        said = body(
            kind, date=date, request_id=visit.request_id, client_request_id=visit.headers["client-request-id"]
        )
        return Answer(kind.status, said, headers=headers(kind))

    def grant(self, visit: Visit) -> Grant:
        """Raises Refusal."""
        found = self.sign_in.grant(visit.authorization)
        visit.call.app = found.app.client_id
        return found

    def _handled(self, visit: Visit) -> Answer:
        call = visit.call
        aim = target(call.path.removeprefix(PREFIX))
        call.kind, call.user = aim.kind, aim.user
        grant = self.grant(visit)
        self._begin(visit, aim.user)
        call.message_id = self._immutable(aim.user, aim.message) if aim.message else None
        self._strike(visit)
        if call.method != "GET":
            raise refusal("Request_BadRequest")
        answer = self._api.answer(Ask(aim, visit.query, visit.wanted, visit.root), grant)
        if visit.wanted.applied:
            answer.headers["Preference-Applied"] = visit.wanted.applied
        return answer

    def _begin(self, visit: Visit, user: str) -> None:
        mailbox = self.world.mailbox(user)
        if mailbox is None:
            return
        visit.call.user = mailbox.address
        if visit.call.kind == "user":  # the directory's, which Outlook's limits are not for
            return
        visit.meter = self._throttle.meter(visit.call.app, mailbox.id)
        visit.meter.begin()
        self._throttle.check(visit.meter, self.world.now().timestamp())

    def _strike(self, visit: Visit) -> None:
        if not self.faults.are_planned:
            return
        call = visit.call
        value_of = call.message_id if call.kind == "value" else None
        visit.fault = self.faults.next(path=call.path, user=call.user, app=call.app, value_of=value_of)
        if visit.fault and visit.fault.error:
            raise Refusal(visit.fault.error)

    def _immutable(self, user: str, asked: str) -> str:
        mailbox = self.world.mailbox(user)
        found = mailbox.by_mutable_id.get(asked) if mailbox else None
        return found.id if found else asked
