"""What a request asks for beside its path: OData options and the Prefer header. The rest is refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from bot.sandbox.graph.errors import refusal

MOMENT = re.compile(r"receivedDateTime (ge|gt) (\S+)")
NEWEST_FIRST = "receivedDateTime desc"
# What Graph has and the stand-in does not: refused otherwise than a mistake.
DOCUMENTED = frozenset({"changeType", "$expand"})
NOT_RENDERED = frozenset(
    {
        "attachments",
        "body",
        "bodyPreview",
        "childFolders",
        "conversationId",
        "conversationIndex",
        "extensions",
        "inferenceClassification",
        "internetMessageHeaders",
        "isDeliveryReceiptRequested",
        "isReadReceiptRequested",
        "messageRules",
        "messages",
        "multiValueExtendedProperties",
        "singleValueExtendedProperties",
        "uniqueBody",
        "webLink",
    }
)
MAX_PAGE = re.compile(r"odata\.maxpagesize=(\d+)")
IMMUTABLE = re.compile(r'IdType="ImmutableId"', re.IGNORECASE)


@dataclass(frozen=True)
class Preferences:
    immutable_ids: bool = False
    page_size: int | None = None

    @property
    def applied(self) -> str:
        size = f"odata.maxpagesize={self.page_size}" if self.page_size else ""
        return ", ".join(filter(None, ('IdType="ImmutableId"' if self.immutable_ids else "", size)))


@dataclass(frozen=True)
class Since:
    moment: datetime
    is_inclusive: bool

    def holds(self, received_at: datetime) -> bool:
        return received_at >= self.moment if self.is_inclusive else received_at > self.moment


@dataclass(frozen=True)
class Options:
    select: tuple[str, ...] | None = None
    top: int | None = None
    since: Since | None = None
    newest_first: bool = False


@lru_cache(maxsize=256)
def preferences(header: str) -> Preferences:
    size = MAX_PAGE.search(header)
    return Preferences(
        immutable_ids=IMMUTABLE.search(header) is not None,
        page_size=max(1, int(size[1])) if size else None,
    )


def only(query: Mapping[str, str], *allowed: str) -> None:
    """Raises Refusal for an option that the endpoint does not document."""
    extra = [name for name in query if name not in allowed]
    if extra:
        raise refusal("BadRequest", f"Query option '{extra[0]}' was not recognized.")


def delta_only(query: Mapping[str, str], resource: str, *allowed: str) -> None:
    """https://learn.microsoft.com/graph/delta-query-events has the sentence."""
    extra = ", ".join(f"'{name}'" for name in query if name not in allowed)
    if DOCUMENTED.intersection(query).difference(allowed):
        raise refusal("notSupported", f"The stand-in does not do {extra}.")
    if extra:
        sentence = "The following parameters are not supported with change tracking over the"
        raise refusal("ErrorInvalidUrlQuery", f"{sentence} '{resource}' resource: {extra}.")


def options(query: Mapping[str, str], known: frozenset[str], type_name: str) -> Options:
    return Options(
        select=_select(query.get("$select"), known, type_name),
        top=_number(query.get("$top")),
        since=_since(query.get("$filter")),
        newest_first=_newest_first(query.get("$orderby")),
    )


def _select(text: str | None, known: frozenset[str], type_name: str) -> tuple[str, ...] | None:
    if text is None:
        return None
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        if name in NOT_RENDERED:
            raise refusal("notSupported", f"The stand-in does not render '{name}'.")
        if name not in known:
            reason = f"Could not find a property named '{name}' on type '{type_name}'."
            raise refusal("BadRequest", f"Parsing OData Select and Expand failed: {reason}")
    return names


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise refusal("BadRequest", f"Invalid value '{text}' for $top query option found.")
    return int(text)


def _since(text: str | None) -> Since | None:
    if text is None:
        return None
    found = MOMENT.fullmatch(text)
    if found is None:
        raise refusal("ErrorInvalidUrlQuery", "Only receivedDateTime with ge or gt can be filtered on.")
    try:
        moment = datetime.fromisoformat(found[2])
    except ValueError as error:
        raise refusal("BadRequest", f"Invalid filter clause: '{found[2]}' is no time.") from error
    return Since(moment if moment.tzinfo else moment.replace(tzinfo=UTC), found[1] == "ge")


def _newest_first(text: str | None) -> bool:
    if text not in {None, NEWEST_FIRST}:
        raise refusal("ErrorInvalidUrlQuery", f"Only '{NEWEST_FIRST}' is an order.")
    return text is not None
