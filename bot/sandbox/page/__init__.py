"""The page: the Slack stand-in as people see it, in a browser."""

from bot.sandbox.page.panel import Panel
from bot.sandbox.page.setup import setup

__all__ = ["Panel", "setup"]
