"""Health, metrics, Slack's slot, errors, and the access log."""

import asyncio
from collections.abc import Mapping

import pytest
from prometheus_client import CollectorRegistry
from starlette.responses import PlainTextResponse, Response
from structlog.testing import capture_logs

from bot.web.app import build
from bot.web.health import Check
from tests.unit.web.calling import Recording, application, call, report, well
from tests.unit.wire.samples import event


async def test_the_process_is_alive_whatever_it_depends_on() -> None:
    async def broken() -> list[Check]:
        raise RuntimeError

    answer = await call(application(checks=broken), "GET", "/healthz")
    assert (answer.status, answer.json) == (200, {"status": "ok"})


async def test_ready_when_every_check_is_ok() -> None:
    answer = await call(application(), "GET", "/readyz")
    assert answer.status == 200
    assert answer.json["checks"][1] == {"name": "slack", "ok": True, "detail": "connected"}


async def test_not_ready_when_one_check_failed() -> None:
    async def half() -> list[Check]:
        return [Check("database", ok=True), Check("slack", ok=False, detail="invalid_auth")]

    answer = await call(application(checks=half), "GET", "/readyz")
    assert (answer.status, answer.json["ready"]) == (503, False)


async def test_not_ready_when_checks_raise() -> None:
    async def broken() -> list[Check]:
        raise RuntimeError("postgresql://user:password@host")

    answer = await call(application(checks=broken), "GET", "/readyz")
    assert answer.status == 503
    assert b"password" not in answer.body


async def test_not_ready_when_checks_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hanging() -> list[Check]:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr("bot.web.health.router.__kwdefaults__", {"patience": 0.0})
    answer = await call(application(checks=hanging), "GET", "/readyz")
    assert answer.json["checks"] == [{"name": "checks", "ok": False, "detail": "took too long"}]


async def test_requests_are_counted_by_route_and_never_by_path() -> None:
    app = application()
    await call(app, "GET", "/healthz")
    await call(app, "GET", "/wp-admin")
    metrics = (await call(app, "GET", "/metrics")).body.decode()
    assert 'syncbot_http_requests_total{method="GET",route="/healthz",status="200"} 1.0' in metrics
    assert "wp-admin" not in metrics


async def test_methods_that_nobody_knows_are_counted_together() -> None:
    """Anybody may send any word for a method: each must not stay in memory."""
    app = application()
    for method in ("BREW", "WHEN", "x" * 50):
        await call(app, method, "/healthz")
    metrics = (await call(app, "GET", "/metrics")).body.decode()
    assert 'method="(other)"' in metrics
    assert "BREW" not in metrics


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/nowhere", 404, "not_found"), ("GET", "/v1/events", 405, "method_not_allowed")],
)
async def test_unknown_paths_and_methods_are_problems(method: str, path: str, status: int, code: str) -> None:
    answer = await call(application(), method, path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status, answer.json["code"]) == (status, code)


async def test_without_an_engine_outside_there_is_no_events_api() -> None:
    bare = build(checks=well, registry=CollectorRegistry())
    assert (await call(bare, "POST", "/v1/events")).status == 404
    assert (await call(bare, "POST", "/slack/events")).status == 404


async def test_slack_gets_the_raw_body_and_the_headers() -> None:
    async def slack(body: bytes, headers: Mapping[str, str]) -> Response:
        return PlainTextResponse(body + headers["x-slack-signature"].encode())

    answer = await call(
        application(slack=slack), "POST", "/slack/events", {"X-Slack-Signature": "v0"}, [b"a=", b"%00"]
    )
    assert answer.body == b"a=%00v0"


async def test_the_access_log_holds_no_bodies_and_no_queries() -> None:
    app = application()
    with capture_logs() as lines:
        await report(app, event("item.failed", {"subject": "Salaries"}))
        await report(app, event("item.failed", {"subject": "Salaries", "size": -1}))
    assert [line["event"] for line in lines] == ["request", "request"]
    assert "Salaries" not in str(lines)


async def test_an_unexpected_error_is_logged_once_under_the_reference_shown() -> None:
    app = application(Recording(failure=RuntimeError("boom")))
    with capture_logs() as lines:
        answer = await report(app, event("sync.started"))
    [failed] = [line for line in lines if line["log_level"] == "error"]
    assert failed["reference"] in answer.json["detail"]


def test_the_document_describes_every_type_of_event() -> None:
    document = application().openapi()
    schemas = document["components"]["schemas"]
    operation = document["paths"]["/v1/events"]["post"]
    assert len(schemas["Event"]["oneOf"]) == 8
    assert {each["name"] for each in operation["parameters"]} == {
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
    }
    assert set(operation["responses"]) == {"202", "400", "401", "413", "415", "503"}
