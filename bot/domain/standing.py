"""What is known of who may do what: roles with where they come from, and what Slack says of a person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.values import Role


class Source(StrEnum):
    """Where a role was given: in a setting, in the tenant file, or in Slack by an admin."""

    SETTING = "setting"
    FILE = "tenant file"
    GRANT = "grant"


class Membership(StrEnum):
    """What Slack says of a person, as far as it says anything.

    UNTOLD: the app may not ask (scope `users:read`). UNKNOWN: it may, and got no answer.
    """

    MEMBER = "member"
    GUEST = "guest"
    OUTSIDER = "outsider"
    UNTOLD = "untold"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Person:
    """`zone` is an IANA name."""

    membership: Membership
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """One role that a user or a user group has, by id. `by` and `at`: who granted it, where somebody did."""

    who: str
    role: Role
    source: Source
    by: str | None = None
    at: datetime | None = None

    @property
    def is_group(self) -> bool:
        return is_group(self.who)


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may do, by which holding, and what Slack says of them."""

    user: str
    person: Person
    through: Holding | None = None

    @property
    def role(self) -> Role | None:
        return self.through.role if self.through else None


def is_group(slack_id: str) -> bool:
    return slack_id.startswith("S")
