"""Gmail as the destination of the built-in engine."""

from bot.engine.gmail.gmail import Gmail
from bot.engine.gmail.pacing import Quotas
from bot.engine.gmail.tokens import SCOPES

__all__ = ["SCOPES", "Gmail", "Quotas"]
