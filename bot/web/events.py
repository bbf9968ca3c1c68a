"""`POST /v1/events`: what engines outside report."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from prometheus_client import Counter
from pydantic import BaseModel, ConfigDict, Field

from bot.domain.events import Envelope
from bot.ports import Recorded
from bot.web.bodies import read_body
from bot.web.openapi import EVENTS_OPERATION, NOTHING_KEPT, problem_responses
from bot.wire.parsing import Bad, Good, Parsed, parse_body
from bot.wire.signing import Verifier

Record = Callable[[Sequence[Envelope]], Awaitable[Sequence[Recorded]]]

PATH = "/v1/events"


class EventResult(BaseModel):
    """What became of one event. `parked`: kept until the mailbox or policy that it names is reported."""

    model_config = ConfigDict(extra="forbid")

    index: int = Field(ge=0, description="The event's place in the request, from 0")
    id: str | None = Field(description="The event's own id, where it could be read")
    result: Literal["applied", "duplicate", "parked", "rejected"]
    reason: str | None = Field(description="Why it was rejected, and what to do")


class Results(BaseModel):
    model_config = ConfigDict(extra="forbid")

    results: list[EventResult]


def router(
    record: Record, verifier: Verifier, now: Callable[[], datetime], counter: Counter | None = None
) -> APIRouter:
    async def receive_events(request: Request) -> JSONResponse:
        """Report one event, or a batch of at most 500, in the order in which they happened."""
        body = await read_body(request)
        verifier.verify(body, request.headers)
        parsed = parse_body(request.headers.get("content-type", ""), body, now())
        results = await _recorded(parsed, record)
        _count(results, counter)
        return _answer(results)

    api = APIRouter()
    api.add_api_route(
        PATH,
        receive_events,
        methods=["POST"],
        status_code=HTTPStatus.ACCEPTED,
        response_model=Results,
        response_description="At least one event was kept, or was known already.",
        responses=problem_responses(
            {
                401: "The signature is missing, malformed, too old, or of another secret.",
                413: "More than 1 MiB, or more than 500 events.",
                415: "Another content type, or a content encoding.",
                503: "The events could not be stored; send them again.",
            }
        )
        | {400: NOTHING_KEPT},
        openapi_extra=EVENTS_OPERATION,
        tags=["events"],
    )
    return api


async def _recorded(parsed: Sequence[Parsed], record: Record) -> list[EventResult]:
    good = [each.envelope for each in parsed if isinstance(each, Good)]
    outcomes = iter(await record(good) if good else ())
    return [_rejected(each) if isinstance(each, Bad) else _kept(each, next(outcomes)) for each in parsed]


def _rejected(bad: Bad) -> EventResult:
    return EventResult(index=bad.index, id=bad.id, result="rejected", reason=bad.reason)


def _kept(good: Good, outcome: Recorded) -> EventResult:
    return EventResult(index=good.index, id=good.envelope.id, result=outcome.value, reason=None)


def _answer(results: list[EventResult]) -> JSONResponse:
    """400 when nothing was kept, so that an engine that looks at the status alone notices."""
    kept = not results or any(each.result != "rejected" for each in results)
    status = HTTPStatus.ACCEPTED if kept else HTTPStatus.BAD_REQUEST
    return JSONResponse(Results(results=results).model_dump(), status)


def _count(results: list[EventResult], counter: Counter | None) -> None:
    if counter:
        for each in results:
            counter.labels(each.result).inc()
