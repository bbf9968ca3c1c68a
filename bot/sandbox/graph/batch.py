"""JSON batching: https://learn.microsoft.com/graph/json-batching"""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from bot.sandbox.graph.errors import Json, refusal

MOST = 20
# At most four of a batch are with Outlook at a time: throttling guidance, "Throttling and batching".
AT_A_TIME = 4
KNOWN = frozenset({"id", "method", "url", "headers"})


@dataclass(frozen=True)
class Step:
    id: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)


def steps(body: object) -> list[Step]:
    """Raises Refusal. Bodies and dependsOn are refused: what is served here only reads."""
    requests = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(requests, list) or not requests:
        raise refusal("BadRequest", "Invalid batch payload format.")
    if len(requests) > MOST:
        raise refusal("MaximumValueExceeded")
    found = [_step(request) for request in requests]
    if len({step.id.lower() for step in found}) < len(found):
        raise refusal("BadRequest", "Request id duplicated in the batch.")
    return found


def _step(request: object) -> Step:
    if not isinstance(request, dict) or not all(
        isinstance(request.get(n), str) for n in ("id", "method", "url")
    ):
        raise refusal("BadRequest", "Each request of a batch needs an id, a method and a url.")
    extra = sorted(set(request) - KNOWN)
    if extra:
        raise refusal("notSupported", f"The stand-in does not do '{extra[0]}' in a batch.")
    parts = urlsplit(request["url"])
    if parts.scheme or parts.netloc:
        raise refusal("BadRequest", "The url of a request in a batch is relative.")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Step(
        request["id"], request["method"].upper(), f"/{parts.path.lstrip('/')}", query, _headers(request)
    )


def _headers(request: Json) -> dict[str, str]:
    given = request.get("headers") or {}
    if not isinstance(given, dict):
        raise refusal("BadRequest", "The headers of a request in a batch are an object.")
    return {str(name).lower(): str(value) for name, value in given.items()}
