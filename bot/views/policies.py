"""Frozen read models of policies."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.values import Frequency, PolicyId
from bot.views.paging import Page


@dataclass(frozen=True, slots=True)
class PolicyBadge:
    name: str
    active: bool
    frequency: Frequency
    deletion_delay_days: int


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One policy in the list. `failing` counts mailboxes; `next_sync_at` is that of the first one to be due.

    `is_ours`: the built-in engine syncs by it, so that it can be enabled and disabled here.
    """

    id: PolicyId
    badge: PolicyBadge
    services: tuple[str, ...]
    mailboxes: int
    failing: int
    next_sync_at: datetime | None
    is_ours: bool


@dataclass(frozen=True, slots=True)
class PolicyList:
    lines: tuple[PolicyLine, ...]
    page: Page
    as_of: datetime
    may_switch: bool = False


@dataclass(frozen=True, slots=True)
class PolicySwitched:
    """What an admin's order came to. `is_new` is False where the policy was so already."""

    name: str
    active: bool
    is_new: bool = True
