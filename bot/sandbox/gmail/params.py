"""The query parameters of each method, as the discovery document of Gmail v1 lists them.

What it does not list is refused in the words that github.com/danny-avila/LibreChat/issues/11761 shows of the
same front end. It lists names in camelCase alone; whether Gmail takes snake_case too is not documented, so it
is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import parse_qsl

from bot.sandbox.gmail.errors import ApiError

SYSTEM = frozenset({"$.xgafv", "alt", "fields", "key", "prettyPrint", "quotaUser", "uploadType", "upload_id"})
"""Taken with every method. `access_token`, `oauth_token`, `callback` and `upload_protocol` exist as well and
are refused here: this stand-in knows tokens in the header, JSON, and the older upload protocol."""

Check = Callable[[str], bool]


def _any(_: str) -> bool:
    return True


def _boolean(value: str) -> bool:
    return value in {"true", "false"}


def _number(value: str) -> bool:
    return value.isascii() and value.isdigit() and int(value) < 2**32


def _one_of(*values: str) -> Check:
    return frozenset(values).__contains__


@dataclass(frozen=True)
class Parameter:
    holds: Check = _any
    repeated: bool = False


_DATED = {
    "deleted": Parameter(_boolean),
    "internalDateSource": Parameter(_one_of("receivedTime", "dateHeader")),
}

PARAMETERS: Mapping[str, Mapping[str, Parameter]] = MappingProxyType(
    {
        "messages.import": {
            **_DATED,
            "neverMarkSpam": Parameter(_boolean),
            "processForCalendar": Parameter(_boolean),
        },
        "messages.insert": _DATED,
        "messages.list": {
            "includeSpamTrash": Parameter(_boolean),
            "labelIds": Parameter(repeated=True),
            "maxResults": Parameter(_number),
            "pageToken": Parameter(),
            "q": Parameter(),
        },
        "messages.get": {
            "format": Parameter(_one_of("minimal", "full", "raw", "metadata")),
            "metadataHeaders": Parameter(repeated=True),
        },
    }
)


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of one request, checked."""

    values: dict[str, list[str]] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        return self.values[name][-1] if name in self.values else default

    def all(self, name: str) -> list[str]:
        return self.values.get(name, [])

    def claims(self, name: str) -> bool:
        return self.text(name) == "true"


@lru_cache(maxsize=512)
def query(method: str, text: str) -> Query:
    allowed = PARAMETERS.get(method, {})
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    for name, values in found.items():
        if name not in SYSTEM:
            _check(name, values, allowed.get(name))
    _check_alt(found.get("alt", ["json"])[-1])
    return Query(found)


def _check(name: str, values: list[str], known: Parameter | None) -> None:
    if known is None:
        raise ApiError(
            "invalidParameter",
            f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
            f"Field '{name}' could not be found in request message.",
        )
    if len(values) > 1 and not known.repeated:
        raise ApiError("invalidParameter", f"Invalid value at '{name}', repeated.")
    wrong = [value for value in values if not known.holds(value)]
    if wrong:
        raise ApiError("invalidParameter", f"Invalid value at '{name}', \"{wrong[0]}\"")


def _check_alt(alt: str) -> None:
    """The words for `media`: github.com/brekkylab/backlot/issues/309."""
    if alt == "media":
        raise ApiError("invalidParameter", 'Unsupported alt type "media" for non byte stream request.')
    if alt != "json":
        raise ApiError("invalidParameter", f"Invalid value at 'alt', \"{alt}\"")
