"""What the Slack SDK raises, in one place."""

import asyncio
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

TROUBLE: Final = (
    SlackClientError,
    aiohttp.ClientError,
    asyncio.TimeoutError,
    OSError,
    ValueError,
    AttributeError,
)
"""Any failed call: refused by Slack, not answered, or answered with what is no JSON object.

The SDK meets the last with ValueError or, by using a text as if it were an object, AttributeError.
"""


def named(error: Exception) -> str:
    """The error's code as Slack names it, else the kind of exception."""
    answer = error.response if isinstance(error, SlackApiError) else None
    data = getattr(answer, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return str(code) if code else type(error).__name__
