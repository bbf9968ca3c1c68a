"""Words for what a channel wants: what it gets, how, when it is quiet, whom it mentions."""

from datetime import time
from typing import Final

from blocks import words
from blocks.text import foreign, holder, place
from bot.domain.wishes import Cadence, DigestPlan, Mode, MuteKind, QuietHours, Urgency
from bot.views.routing import MuteView, SubscriptionView

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MODES: Final = {
    Mode.EDIT: "One message for each alert, edited as it changes",
    Mode.THREAD: "One message for each alert, and in its thread what is new or healed",
    Mode.DIGEST: "No alerts, only the digest",
}
LEAST: Final = {
    Urgency.WARNING: "All, also what heals by itself",
    Urgency.ERROR: "What waits for somebody, and worse",
    Urgency.CRITICAL: "Only what is wrong with a whole connection",
}
BREAKS: Final = {
    Urgency.CRITICAL: "Critical: a whole connection is broken",
    Urgency.ERROR: "Errors: whatever waits for somebody",
}

_BROADCASTS = {"here": "@here", "channel": "@channel"}
_NAMED = 5
_KINDS = {MuteKind.MAILBOX: "Mailbox", MuteKind.POLICY: "Policy", MuteKind.CAUSE: "Cause"}


def mention(who: str) -> str:
    """Notifies them."""
    if who in _BROADCASTS:
        return f"<!{who}>"
    return holder(who)


def named(who: str) -> str:
    """For a message that is about the mention: a broadcast is named without notifying anybody."""
    return _BROADCASTS.get(who) or mention(who)


def taken(wanted: SubscriptionView) -> str:
    """`All alerts`, or what they are narrowed to."""
    parts = (
        _listed("policy", "policies", [each.name for each in wanted.policies]),
        _listed("domain", "domains", wanted.domains),
        _listed("mailbox", "mailboxes", [each.name for each in wanted.mailboxes]),
        _listed("cause", "causes", [each.name for each in wanted.causes]),
    )
    narrowed = " · ".join(part for part in parts if part)
    return f"{_LEAST_SHORT[wanted.least]}{f' · {narrowed}' if narrowed else ''}"


def manner(wanted: SubscriptionView) -> str:
    told = MODES[wanted.mode]
    return f"{told}, naming {named(wanted.mention)}" if wanted.mention else told


def quiet(hours: QuietHours) -> str:
    least = "critical" if hours.breaks is Urgency.CRITICAL else "errors"
    return f"Quiet from {_at(hours.start)} to {_at(hours.end)} ({foreign(hours.zone, 60)}), but for {least}"


def digest(plan: DigestPlan) -> str:
    day = "every day" if plan.cadence is Cadence.DAILY else f"every {DAYS[plan.weekday]}"
    return f"Digest {day} at {_at(plan.at)} ({foreign(plan.zone, 60)})"


def muted(mute: MuteView) -> str:
    if mute.kind is MuteKind.CHANNEL:
        return f"Channel {place(mute.name)}"
    return f"{_KINDS[mute.kind]}: {foreign(mute.name, 320)}"


_LEAST_SHORT = {
    Urgency.WARNING: "All alerts",
    Urgency.ERROR: "Errors and critical alerts",
    Urgency.CRITICAL: "Critical alerts only",
}


def _listed(one: str, many: str, names: list[str] | tuple[str, ...]) -> str | None:
    if not names:
        return None
    shown = [foreign(name, 100) for name in names[:_NAMED]]
    left = len(names) - len(shown)
    more = f" and {words.number(left)} more" if left else ""
    return f"{one if len(names) == 1 else many} {', '.join(shown)}{more}"


def _at(at: time) -> str:
    return f"{at:%H:%M}"
