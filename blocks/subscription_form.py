"""The form in which an admin changes what a channel gets."""

from dataclasses import replace
from datetime import time
from typing import Final

from blocks import wishes
from blocks.actions import Action, Callback
from blocks.inputs import asked, clock, found, listed, one, option, person, searched, several, ticked
from blocks.kit import Block, Element, divider, section, stack
from blocks.surface import Modal
from blocks.text import place
from blocks.values import ChannelValue
from bot.domain.wishes import Cadence, DigestPlan, QuietHours
from bot.views.routing import Named, SubscriptionForm

NO_DIGEST: Final = "none"
EVERY_DAY: Final = "daily"
QUIET: Final = "quiet"
HERE: Final = (
    ("here", "@here: everybody active in the channel"),
    ("channel", "@channel: everybody in the channel"),
)
"""Groups that Slack has in every channel. They are offered last, and chosen by nobody but a person."""

_USUAL = QuietHours("UTC", time(22), time(7))
_USUAL_DIGEST = DigestPlan(Cadence.DAILY, "UTC", time(8))


def modal(form: SubscriptionForm) -> Modal:
    now = form.now
    blocks = stack(
        section(f"What {place(now.channel)} gets. Lists that are empty take everything."),
        *_filters(form),
        divider(),
        asked("How", listed(Action.SUBSCRIPTION_MODE, _MODES, now.mode.value), optional=False),
        *_mention(form),
        divider(),
        *_quiet(now.quiet),
        divider(),
        *_digest(now.digest),
        _zone(form.zone),
    )
    made = Modal.of("Edit subscription", blocks, ChannelValue(channel=now.channel))
    return replace(made, callback_id=Callback.SUBSCRIPTION_SAVE, submit="Save")


def named(each: Named) -> Element:
    return option(each.name, each.id)


def plain(text: str) -> Element:
    return option(text, text)


def _filters(form: SubscriptionForm) -> list[Block]:
    now = form.now
    policies = searched(Action.SUBSCRIPTION_POLICIES, map(named, now.policies), "All policies")
    domains = searched(Action.SUBSCRIPTION_DOMAINS, map(plain, now.domains), "All domains")
    mailboxes = searched(
        Action.SUBSCRIPTION_MAILBOXES, map(named, now.mailboxes), "All mailboxes", least_typed=2
    )
    causes = several(
        Action.SUBSCRIPTION_CAUSES, map(named, form.causes), map(named, _known(form)), "All causes"
    )
    least = one(Action.SUBSCRIPTION_LEAST, _LEAST, now.least.word)
    return [
        asked("Policies", policies),
        asked("Domains of source addresses", domains),
        asked("Mailboxes", mailboxes, hint="Type a part of the address."),
        asked("Causes", causes),
        asked("Severity", least, optional=False),
    ]


def _known(form: SubscriptionForm) -> tuple[Named, ...]:
    """A select takes nothing that it does not offer."""
    return tuple(each for each in form.now.causes if each in form.causes)


def _mention(form: SubscriptionForm) -> list[Block]:
    who = form.now.mention
    groups = _group(form, who) if who else []
    is_person = bool(who) and not groups
    return [
        asked(
            "Name a person in each new message",
            person(Action.SUBSCRIPTION_PERSON, who if is_person else None, "Nobody"),
        ),
        asked("Or a group", searched(Action.SUBSCRIPTION_GROUP, groups, "No group", most=1)),
    ]


def _group(form: SubscriptionForm, who: str) -> list[Element]:
    known = {each.id: f"@{each.name}" for each in form.groups} | dict(HERE)
    is_group = who in known or who.startswith("S")
    return [option(known.get(who, who), who)] if is_group else []


def _quiet(hours: QuietHours | None) -> list[Block]:
    shown = hours or _USUAL
    held = option("Hold new alerts back during these hours", QUIET)
    return [
        asked("Quiet hours", ticked(Action.SUBSCRIPTION_QUIET, held, on=hours is not None)),
        asked("Quiet from", clock(Action.SUBSCRIPTION_QUIET_FROM, shown.start), optional=False),
        asked("Quiet until", clock(Action.SUBSCRIPTION_QUIET_TO, shown.end), optional=False),
        asked(
            "What is posted all the same",
            listed(Action.SUBSCRIPTION_BREAKS, _BREAKS, shown.breaks.word),
            optional=False,
        ),
    ]


def _digest(plan: DigestPlan | None) -> list[Block]:
    return [
        asked("Digest", one(Action.SUBSCRIPTION_DIGEST, _RHYTHMS, _rhythm(plan)), optional=False),
        asked("Digest at", clock(Action.SUBSCRIPTION_DIGEST_AT, (plan or _USUAL_DIGEST).at), optional=False),
    ]


def _zone(zone: str) -> Block:
    chosen = found(Action.SUBSCRIPTION_ZONE, plain(zone), "Europe/Berlin", least_typed=2)
    return asked("Time zone of quiet hours and digest", chosen, hint="Type a city.", optional=False)


def _rhythm(plan: DigestPlan | None) -> str:
    if plan is None:
        return NO_DIGEST
    return EVERY_DAY if plan.cadence is Cadence.DAILY else str(plan.weekday)


_MODES = [option(text, mode.value) for mode, text in wishes.MODES.items()]
_LEAST = [option(text, least.word) for least, text in wishes.LEAST.items()]
_BREAKS = [option(text, breaks.word) for breaks, text in wishes.BREAKS.items()]
_RHYTHMS = [
    option("No digest", NO_DIGEST),
    option("Every day", EVERY_DAY),
    *(option(f"Every {day}", str(number)) for number, day in enumerate(wishes.DAYS)),
]
