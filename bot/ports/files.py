"""Files that somebody is sent."""

from typing import Protocol

from bot.views.exports import ErrorSheet


class Files(Protocol):
    async def send_errors(self, user: str, sheet: ErrorSheet) -> None:
        """By direct message, as CSV.

        Raises:
            DeliveryFailed: nothing was handed over, or Slack does not say whether it was.
        """
        ...
