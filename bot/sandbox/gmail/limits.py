"""What a method costs, and how much a user and a project may spend in a minute.

"Usage limits", https://developers.google.com/workspace/gmail/api/reference/quota . That page says that
projects that used the API between November 2025 and April 2026 keep their limits, and that those created
since 2026-05-01 get the new ones. The old table is confirmed by the archived page; of the new one the limits
are, while its costs are taken from copies of the page made in September 2026 (messages.get and messages.trash
rose from 5 to 20, the other rows used here did not change).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

OLD_COSTS: Mapping[str, int] = MappingProxyType(
    {
        "getProfile": 1,
        "labels.create": 5,
        "labels.delete": 5,
        "labels.get": 1,
        "labels.list": 1,
        "labels.update": 5,
        "labels.patch": 5,
        "messages.delete": 10,
        "messages.get": 5,
        "messages.import": 25,
        "messages.insert": 25,
        "messages.list": 5,
        "messages.modify": 5,
        "messages.trash": 5,
        "messages.untrash": 5,
    }
)
"""`labels.patch` has no row of its own; it costs what `labels.update` costs."""

NEW_COSTS: Mapping[str, int] = MappingProxyType({**OLD_COSTS, "messages.get": 20, "messages.trash": 20})

Refusal = Literal["documented", "429", "observed"]
"""How a spent minute is refused: 403 with the reasons of the guide on errors; the same with 429, which it
lists too; or 403 `rateLimitExceeded` "Quota exceeded for quota metric", as seen since 2021."""


@dataclass(frozen=True)
class Limits:
    """Units a minute; None is without limit. The defaults are those of a project created since 2026-05-01.

    `concurrent` requests a user: documented as a limit without a number; reports say about ten.
    `says_when` adds a Retry-After header; no document of Gmail promises one.
    """

    per_user: int | None = 6_000
    per_project: int | None = 1_200_000
    concurrent: int | None = 10
    costs: Mapping[str, int] = field(default_factory=lambda: NEW_COSTS)
    refusal: Refusal = "documented"
    says_when: bool = False


NEW = Limits()
OLD = Limits(per_user=15_000, costs=OLD_COSTS)
UNLIMITED = Limits(per_user=None, per_project=None, concurrent=None)
PRESETS: Mapping[str, Limits] = MappingProxyType({"new": NEW, "old": OLD, "none": UNLIMITED})
