"""Who and what the ids in a message stand for, seen by one viewer."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Names:
    """Ids to display names. `viewer` and `viewer_groups` decide which mentions are the reader's own."""

    users: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    viewer: str = ""
    viewer_groups: frozenset[str] = frozenset()
