"""`/healthz`, `/readyz` and `/metrics`: for whoever keeps the process running."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from pydantic import BaseModel

_PATIENCE = 5.0
"""Seconds for all checks together: less than the usual ten of a load balancer."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """The state of one thing that the process needs, such as the database or Slack."""

    name: str
    ok: bool
    detail: str = ""


Checks = Callable[[], Awaitable[Sequence[Check]]]


class Alive(BaseModel):
    status: str


class CheckState(BaseModel):
    name: str
    ok: bool
    detail: str


class Readiness(BaseModel):
    ready: bool
    checks: list[CheckState]


def router(checks: Checks, registry: CollectorRegistry, *, patience: float = _PATIENCE) -> APIRouter:
    async def healthz() -> Alive:
        """The process answers. Says nothing of what it depends on: a restart would not mend that."""
        return Alive(status="ok")

    async def readyz() -> JSONResponse:
        """The process can do its work: every check is ok."""
        readiness = _readiness(await _checked(checks, patience))
        status = HTTPStatus.OK if readiness.ready else HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse(readiness.model_dump(), status)

    async def metrics() -> Response:
        """Prometheus' text format."""
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    api = APIRouter(tags=["health"])
    api.add_api_route("/healthz", healthz, methods=["GET"])
    api.add_api_route("/readyz", readyz, methods=["GET"], response_model=Readiness, responses=_NOT_READY)
    api.add_api_route("/metrics", metrics, methods=["GET"], response_class=Response, responses=_METRICS)
    return api


_NOT_READY: dict[int | str, dict[str, Any]] = {
    503: {"model": Readiness, "description": "At least one check failed."}
}
_METRICS: dict[int | str, dict[str, Any]] = {
    200: {"description": "All metrics.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}


def _readiness(checks: Sequence[Check]) -> Readiness:
    states = [CheckState(name=each.name, ok=each.ok, detail=each.detail) for each in checks]
    return Readiness(ready=all(each.ok for each in checks), checks=states)


async def _checked(checks: Checks, patience: float) -> Sequence[Check]:
    """A check that hangs or raises is a failed one: this endpoint must answer when nothing else does."""
    try:
        async with asyncio.timeout(patience):
            return await checks()
    except TimeoutError:
        return [Check("checks", ok=False, detail="took too long")]
    except Exception:  # noqa: BLE001 - whatever a check raises, it did not pass
        _log.exception("readiness checks failed")
        return [Check("checks", ok=False, detail="failed; the log says why")]
