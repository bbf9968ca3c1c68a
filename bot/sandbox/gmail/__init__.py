"""A stand-in for Gmail: the token endpoint and the API v1, as Google documents them."""

from bot.sandbox.gmail.faults import Fault
from bot.sandbox.gmail.limits import NEW, OLD, UNLIMITED, Limits
from bot.sandbox.gmail.rules import Rules
from bot.sandbox.gmail.server import GmailStandIn

__all__ = ["NEW", "OLD", "UNLIMITED", "Fault", "GmailStandIn", "Limits", "Rules"]
