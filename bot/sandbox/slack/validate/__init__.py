"""Block Kit as Slack accepts it: every limit of the reference, for messages, modals and Home tabs."""

from bot.sandbox.slack.validate.fault import Fault
from bot.sandbox.slack.validate.surface import check_blocks, check_view

__all__ = ["Fault", "check_blocks", "check_view"]
