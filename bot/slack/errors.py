"""What the Slack SDK raises, in one place."""

import asyncio
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

TROUBLE: Final = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError)
"""Any failed call: refused by Slack, not answered, or answered with what is no JSON (ValueError)."""


def named(error: Exception) -> str:
    """The error's code as Slack names it, else the kind of exception."""
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__
