"""Whatever a view model may hold, drawn from its annotations: a field that is added later is drawn, too.

`_FIELDS` has what only some values of a type can be, since it was checked before it got into a model.
"""

from collections.abc import Callable
from collections.abc import Collection as Many
from collections.abc import Sequence as Row
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cache
from inspect import signature
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from blocks.look import Result
from bot.domain.wishes import DigestPlan, QuietHours, Urgency
from bot.services.naming import CAUSES
from bot.views import CardRef, DigestCard, DigestPart, Dismissable, FailureLine, Page
from bot.views.home import FailureDay, HomeFacts
from bot.views.routing import MuteView, Named, SubscriptionForm, SubscriptionView
from tests.unit.blocks import worst

Drawn = st.SearchStrategy[Any]
Draw = Callable[[], Drawn]

_MANY = 100
_SOME = 4
_FULL_TIME = timedelta(days=365)


def of(kind: Any, leaf: Draw = worst.text) -> Drawn:
    """Any value of a type; `leaf` gives the texts in it."""
    if kind is str:
        return leaf()
    if kind in _TYPES:
        return _TYPES[kind]()
    if hasattr(kind, "__supertype__"):
        return worst.text() if kind.__supertype__ is str else worst.ids()
    if get_origin(kind):
        return _of_parts(get_origin(kind), get_args(kind), leaf)
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    if hasattr(kind, "__dataclass_fields__"):
        return _model(kind)
    raise TypeError(f"Say in {__name__} what a {kind} may be.")


def arguments(function: Callable[..., Any]) -> dict[str, Drawn]:
    """Any value for each parameter of a function."""
    hints = get_type_hints(function)
    return {name: _field(function, name, hints[name]) for name in signature(function).parameters}


@cache
def _model(kind: Any) -> Drawn:
    hints = get_type_hints(kind)
    return st.builds(kind, **{each.name: _field(kind, each.name, hints[each.name]) for each in fields(kind)})


def _field(owner: object, name: str, kind: Any) -> Drawn:
    if (owner, name) in _FIELDS:
        return _FIELDS[owner, name]()
    leaf = worst.actors if name.endswith("_by") else _NAMES.get(name, worst.text)
    return of(kind, leaf)


def _of_parts(origin: Any, parts: tuple[Any, ...], leaf: Draw) -> Drawn:
    if origin in (Union, UnionType):
        return st.one_of(*(of(part, leaf) for part in parts))
    if origin is dict:
        return st.dictionaries(*(of(part, leaf) for part in parts), max_size=_SOME)
    if origin is tuple and parts[-1] is not Ellipsis:
        return st.tuples(*(of(part, leaf) for part in parts))
    if origin in (tuple, Row, Many):
        return _several(of(parts[0], leaf))
    raise TypeError(f"Say in {__name__} what a {origin} may be.")


def _several(one: Drawn) -> Drawn:
    """A few different ones, or very many that are the same."""
    return worst.tuples(one, _SOME) | one.map(lambda same: (same,) * _MANY)


def rooms() -> Drawn:
    return st.from_regex(r"[CG][A-Z0-9]{2,12}", fullmatch=True)


def zones() -> Drawn:
    return st.sampled_from(("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Argentina/ComodRivadavia"))


def mentions() -> Drawn:
    """Whom to name: two more would notify everybody, which a test about hostile text cannot tell apart."""
    return st.sampled_from((None, "U0ADA", "S0ONCALL"))


def _lines() -> Drawn:
    """A select takes no value twice, and no two failures have one id."""
    return st.lists(of(FailureLine), max_size=120, unique_by=lambda line: line.id).map(tuple)


def _parts() -> Drawn:
    """Three hours apart, as labels of a chart must differ."""
    numbers = st.tuples(worst.numbers(), worst.numbers(), worst.numbers())
    return st.tuples(worst.times(), st.lists(numbers, min_size=1, max_size=8)).map(
        lambda drawn: tuple(
            DigestPart(drawn[0] + n * timedelta(hours=3), *row) for n, row in enumerate(drawn[1])
        )
    )


def _days() -> Drawn:
    name = "{0.day.day} {0.day:%b}".format
    return st.lists(of(FailureDay), max_size=14, unique_by=name).map(tuple)


def _named() -> Drawn:
    names = st.builds(Named, st.integers(0, 10**15).map(str), worst.text(), worst.text())
    return st.lists(names, max_size=120, unique_by=lambda each: each.id).map(tuple)


def _domains() -> Drawn:
    return st.lists(worst.text(), max_size=20, unique=True).map(tuple)


def _causes() -> Drawn:
    return st.lists(st.sampled_from(CAUSES), max_size=30, unique=True).map(tuple)


def _group() -> Drawn:
    return worst.tuples(st.builds(Named, st.just("S0ONCALL"), st.just("S0ONCALL"), worst.text()), 1)


_TYPES: dict[Any, Draw] = {
    NoneType: st.none,
    bool: st.booleans,
    int: worst.numbers,
    datetime: worst.times,
    date: st.dates,
    time: lambda: st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    timedelta: lambda: st.timedeltas(timedelta(0), _FULL_TIME),
    Result: lambda: st.just(Result("Done.", "success")),
}
_NAMES: dict[str, Draw] = {
    "actor": worst.actors,
    "admins": worst.actors,
    "by": worst.actors,
    "channel": lambda: rooms() | worst.text(),
    "who": lambda: worst.actors() | st.just("S0DESK"),
    "zone": zones,
}
_FIELDS: dict[tuple[object, str], Draw] = {
    (CardRef, "page"): lambda: st.integers(1, 1_000),
    (DigestCard, "parts"): _parts,
    (DigestPlan, "weekday"): lambda: st.integers(0, 6),
    (Dismissable, "lines"): _lines,
    (HomeFacts, "days"): _days,
    (MuteView, "key"): lambda: st.text(st.characters(codec="utf-8"), max_size=512),
    (Page, "number"): lambda: st.integers(1, 1_000),
    (Page, "size"): lambda: st.sampled_from((1, 5, 10, 100)),
    (QuietHours, "breaks"): lambda: st.sampled_from((Urgency.ERROR, Urgency.CRITICAL)),
    (SubscriptionForm, "causes"): lambda: st.just(CAUSES),
    (SubscriptionForm, "groups"): _group,
    (SubscriptionView, "causes"): _causes,
    (SubscriptionView, "channel"): rooms,
    (SubscriptionView, "domains"): _domains,
    (SubscriptionView, "mailboxes"): _named,
    (SubscriptionView, "mention"): mentions,
    (SubscriptionView, "policies"): _named,
}
