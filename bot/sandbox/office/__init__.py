"""The demo's office: a small company whose mail lives in the Graph stand-in, and Gmail mailboxes for it."""

from bot.sandbox.office.office import Office

__all__ = ["Office"]
