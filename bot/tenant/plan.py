"""What applying a tenant file would change: from what the database holds to what is wanted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.tenant.facts import (
    Facts,
    facts_of_connection,
    facts_of_mailbox,
    facts_of_policy,
    facts_of_settings,
)
from bot.tenant.wanted import Tenant

T = TypeVar("T")
NONE = "none"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing by its name, and what is said of it: all of it where it is new, else what differs."""

    name: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What changes of one kind of thing, in the file's order. `unchanged` counts the rest of the file."""

    added: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()
    unchanged: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Plan:
    connections: Changes
    policies: Changes
    mailboxes: Changes
    settings: Changes

    def __bool__(self) -> bool:
        return any((self.connections, self.policies, self.mailboxes, self.settings))


def planned(held: Tenant, wanted: Tenant) -> Plan:
    old, new = facts_of_settings(held.settings), facts_of_settings(wanted.settings)
    return Plan(
        _changes(held.connections, wanted.connections, facts_of_connection),
        _changes(held.policies, wanted.policies, facts_of_policy),
        _changes(held.mailboxes, wanted.mailboxes, facts_of_mailbox),
        _changes(old, new, lambda value: {"": value}),
    )


def _changes(held: Mapping[str, T], wanted: Mapping[str, T], facts: Callable[[T], Facts]) -> Changes:
    changed = [name for name in wanted if name in held and wanted[name] != held[name]]
    added = [name for name in wanted if name not in held]
    return Changes(
        tuple(_new(name, facts(wanted[name])) for name in added),
        tuple(Change(name, _differences(facts(held[name]), facts(wanted[name]))) for name in changed),
        tuple(Change(name) for name in sorted(held.keys() - wanted.keys())),
        len(wanted) - len(added) - len(changed),
    )


def _new(name: str, facts: Facts) -> Change:
    return Change(name, tuple(_said(label, value) for label, value in facts.items()))


def _differences(old: Facts, new: Facts) -> tuple[str, ...]:
    labels = dict.fromkeys([*old, *new])
    pairs = ((label, old.get(label, NONE), new.get(label, NONE)) for label in labels)
    return tuple(_said(label, f"{before} -> {after}") for label, before, after in pairs if before != after)


def _said(label: str, value: str) -> str:
    return f"{label} {value}" if label else value
