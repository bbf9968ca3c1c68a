"""Which method of the API a request asks for, and which scopes allow it: as in the discovery document."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import unquote

from bot.sandbox.gmail.errors import ApiError
from bot.sandbox.gmail.world import FULL

BASE = "/gmail/v1/users/"
UPLOADS = ("/upload/gmail/v1/users/", "/resumable/upload/gmail/v1/users/")
_AUTH = "https://www.googleapis.com/auth/gmail."
UPLOADABLE = frozenset({"messages.import", "messages.insert"})

_MODIFY = frozenset({FULL, _AUTH + "modify"})
_LABELS = _MODIFY | {_AUTH + "labels"}
_READ = _MODIFY | {_AUTH + "readonly", _AUTH + "metadata"}

SCOPES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "getProfile": _READ | {_AUTH + "compose"},
        "labels.create": _LABELS,
        "labels.delete": _LABELS,
        "labels.patch": _LABELS,
        "labels.update": _LABELS,
        "labels.get": _LABELS | _READ,
        "labels.list": _LABELS | _READ,
        "messages.delete": frozenset({FULL}),
        "messages.get": _READ,
        "messages.import": _MODIFY | {_AUTH + "insert"},
        "messages.insert": _MODIFY | {_AUTH + "insert"},
        "messages.list": _READ,
        "messages.modify": _MODIFY,
        "messages.trash": _MODIFY,
        "messages.untrash": _MODIFY,
    }
)
METADATA = _AUTH + "metadata"
MODIFY = _AUTH + "modify"

_ROUTES: Mapping[tuple[str, ...], str] = MappingProxyType(
    {
        ("GET", "profile"): "getProfile",
        ("GET", "labels"): "labels.list",
        ("POST", "labels"): "labels.create",
        ("GET", "labels", "*"): "labels.get",
        ("PUT", "labels", "*"): "labels.update",
        ("PATCH", "labels", "*"): "labels.patch",
        ("DELETE", "labels", "*"): "labels.delete",
        ("GET", "messages"): "messages.list",
        ("POST", "messages"): "messages.insert",
        ("POST", "messages", "import"): "messages.import",
        ("GET", "messages", "*"): "messages.get",
        ("DELETE", "messages", "*"): "messages.delete",
        ("POST", "messages", "*", "modify"): "messages.modify",
        ("POST", "messages", "*", "trash"): "messages.trash",
        ("POST", "messages", "*", "untrash"): "messages.untrash",
    }
)


@dataclass(frozen=True, slots=True)
class Route:
    """`method` is the name in the discovery document without `gmail.users.`; `id` is that of the label or
    message.
    """

    method: str
    user_id: str
    id: str = ""
    is_upload: bool = False


@lru_cache(maxsize=1024)
def route(verb: str, path: str) -> Route:
    """`path` as sent, still percent-encoded."""
    is_upload = not path.startswith(BASE)
    prefix = next((each for each in (BASE, *UPLOADS) if path.startswith(each)), None)
    if prefix is None:
        raise ApiError("notFound")
    user_id, *rest = path[len(prefix) :].split("/")
    method, id_ = _named(verb, rest)
    if is_upload and method not in UPLOADABLE:
        raise ApiError("notFound")
    return Route(method, unquote(user_id), unquote(id_), is_upload)


def _named(verb: str, rest: list[str]) -> tuple[str, str]:
    exact = _ROUTES.get((verb, *rest))
    if exact:
        return exact, ""
    if len(rest) > 1 and rest[1]:
        found = _ROUTES.get((verb, rest[0], "*", *rest[2:]))
        if found:
            return found, rest[1]
    raise ApiError("notFound")
