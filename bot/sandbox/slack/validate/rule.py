"""The language of the tables here: a rule looks at a value and yields faults."""

import re
from collections.abc import Callable, Iterator, Mapping

from bot.sandbox.slack.validate.fault import Fault
from bot.sandbox.slack.validate.measure import units

Rule = Callable[[object, str], Iterator[Fault]]


def string(most: int, least: int = 1, pattern: str = "") -> Rule:
    """Lengths in the units of `measure`."""

    def check(value: object, path: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(path, "must be a string")
        elif units(value) > most:
            yield Fault(path, f"must be less than {most + 1} characters")
        elif units(value) < least:
            yield Fault(path, f"must be more than {least - 1} characters")
        elif pattern and not re.fullmatch(pattern, value):
            yield Fault(path, f"must match {pattern}")

    return check


def flag(value: object, path: str) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield Fault(path, "must be true or false")


def one_of(*values: str) -> Rule:
    def check(value: object, path: str) -> Iterator[Fault]:
        if value not in values:
            yield Fault(path, f"must be one of {', '.join(values)}")

    return check


def whole(least: int, most: int) -> Rule:
    def check(value: object, path: str) -> Iterator[Fault]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield Fault(path, "must be a whole number")
        elif not least <= value <= most:
            yield Fault(path, f"must be from {least} to {most}")

    return check


def number(value: object, path: str) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield Fault(path, "must be a number")


def positive(value: object, path: str) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        yield Fault(path, "must be a number above 0")


def listing(rule: Rule, most: int, least: int = 1) -> Rule:
    def check(value: object, path: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault(path, "must be a list")
            return
        if len(value) > most:
            yield Fault(path, f"no more than {most} items allowed")
        if len(value) < least:
            yield Fault(path, f"no fewer than {least} items allowed")
        for index, item in enumerate(value):
            yield from rule(item, f"{path}/{index}")

    return check


def unique_values(key: str) -> Rule:
    """No two objects of a list have the same value under the key."""

    def check(value: object, path: str) -> Iterator[Fault]:
        seen: set[object] = set()
        for index, item in enumerate(value if isinstance(value, list) else []):
            held = item.get(key) if isinstance(item, dict) else None
            if isinstance(held, str) and held in seen:
                yield Fault(f"{path}/{index}/{key}", f"{key} must be unique")
            seen.add(held if isinstance(held, str) else None)

    return check


def every(*rules: Rule) -> Rule:
    def check(value: object, path: str) -> Iterator[Fault]:
        for rule in rules:
            yield from rule(value, path)

    return check


def shape(
    required: Mapping[str, Rule] | None = None, optional: Mapping[str, Rule] | None = None, *extra: Rule
) -> Rule:
    """An object with these keys and no others; `extra` rules look at the whole once its keys are known."""
    needed, known = required or {}, {**(required or {}), **(optional or {})}

    def check(value: object, path: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(path, "must be an object")
            return
        yield from (Fault(path, f"missing required field: {key}") for key in needed if key not in value)
        for key, held in value.items():
            rule = known.get(key)
            yield from rule(held, f"{path}/{key}") if rule else [Fault(f"{path}/{key}", "unknown field")]
        for whole_rule in extra:
            yield from whole_rule(value, path)

    return check


def at_least_one(*keys: str) -> Rule:
    def check(value: object, path: str) -> Iterator[Fault]:
        if isinstance(value, dict) and not any(value.get(key) for key in keys):
            yield Fault(path, f"needs at least one of {', '.join(keys)}")

    return check


def exactly_one(*keys: str) -> Rule:
    def check(value: object, path: str) -> Iterator[Fault]:
        if isinstance(value, dict) and sum(key in value for key in keys) != 1:
            yield Fault(path, f"needs exactly one of {', '.join(keys)}")

    return check


def by_type(rules: Mapping[str, Rule], noun: str) -> Rule:
    """Picks the rule by the object's `type`."""

    def check(value: object, path: str) -> Iterator[Fault]:
        kind = value.get("type") if isinstance(value, dict) else None
        rule = rules.get(kind) if isinstance(kind, str) else None
        if rule is None:
            yield Fault(f"{path}/type", f"unsupported {noun}: {kind}")
        else:
            yield from rule(value, path)

    return check
