"""Policies, and what became of switching one."""

from collections.abc import Iterator
from dataclasses import replace

from blocks import policies
from blocks.surface import Message
from bot.domain.values import Frequency, PolicyId, Unit
from bot.views import CardKind, CardRef, Page, PolicyBadge, PolicyLine, PolicyList, PolicySwitched
from tests.gallery.shots import Shot, drawn, everywhere
from tests.unit.blocks import examples as a

_HOURLY, _DAILY = Frequency(1, Unit.HOUR), Frequency(1, Unit.DAY)
GOLD = PolicyLine(
    PolicyId(1),
    PolicyBadge("Gold", active=True, frequency=_HOURLY, deletion_delay_days=30),
    ("email",),
    1_204,
    3,
    a.NOON,
    is_ours=True,
)
SILVER = PolicyLine(
    PolicyId(2),
    PolicyBadge("Silver plus", active=False, frequency=_DAILY, deletion_delay_days=0),
    ("email",),
    0,
    0,
    None,
    is_ours=True,
)
THEIRS = replace(
    SILVER,
    id=PolicyId(3),
    badge=replace(SILVER.badge, name="Reported by an engine outside"),
    services=("email", "calendar"),
    mailboxes=1,
    is_ours=False,
)


def shots() -> Iterator[Shot]:
    yield from everywhere("policies", CardRef(CardKind.POLICIES), _lists())
    yield from drawn("policy", _switched())


def _lists() -> dict[str, PolicyList]:
    lines = (GOLD, SILVER, THEIRS)
    return {
        "none": PolicyList((), Page(1, 10, 0), a.NOON),
        "for a viewer": PolicyList(lines, Page(1, 10, 3), a.NOON),
        "for an admin": PolicyList(lines, Page(1, 10, 13), a.NOON, may_switch=True),
    }


def _switched() -> dict[str, Message]:
    return {
        "enabled": policies.switched(PolicySwitched("Gold", active=True)),
        "disabled": policies.switched(PolicySwitched("Gold", active=False)),
        "disabled already": policies.switched(PolicySwitched("Gold", active=False, is_new=False)),
    }
