"""Subscriptions and mutes, to read their cards by."""

from datetime import time, timedelta

from bot.domain.wishes import Cadence, DigestPlan, Mode, MuteKind, QuietHours, Urgency
from bot.services.naming import CAUSES
from bot.views.routing import MuteView, Named, SubscriptionView
from tests.unit.blocks.examples import NOON

GOLD = Named("7", "gold", "Gold & Co")
BERLIN = "Europe/Berlin"
NARROW = SubscriptionView(
    "C0ITOPS",
    policies=(GOLD,),
    domains=("org.example", "shop.example"),
    mailboxes=(Named("3", "m1", "ada@org.example"),),
    causes=(next(each for each in CAUSES if each.key == "dest_too_large"),),
    least=Urgency.ERROR,
    mode=Mode.THREAD,
    quiet=QuietHours(BERLIN, time(22), time(7, 30)),
    mention="S0ONCALL",
    digest=DigestPlan(Cadence.WEEKLY, BERLIN, time(8, 15), weekday=4),
    by="U0ADA",
)
SETTING = SubscriptionView("C0ALERTS")
MOVING = MuteView(
    MuteKind.POLICY, "gold", "Gold & Co", "U0OMAR", NOON, NOON + timedelta(hours=2), "Moving house"
)
