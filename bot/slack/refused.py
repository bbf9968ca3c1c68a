"""What Slack does not take in blocks is sent in words: an ugly alert is better than a lost one."""

import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog
from slack_sdk.errors import SlackApiError

from bot.errors import DeliveryFailed

BAD_BLOCKS: Final = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
BAD_VIEW: Final = BAD_BLOCKS | {"invalid_arguments", "view_too_large"}
"""`views.*` have no word for blocks alone: what is wrong and where stands in `response_metadata`.

https://docs.slack.dev/reference/methods/views.open#errors
"""

_PLACE = re.compile(r"\[json-pointer:([\w/]+)\]")
_PLACES = 5

T = TypeVar("T")
R = TypeVar("R")

_log = structlog.get_logger(__name__)


async def or_simpler(
    send: Callable[[T], Awaitable[R]],
    drawn: T,
    *simpler: Callable[[], T],
    refusals: frozenset[str] = BAD_BLOCKS,
) -> R:
    """Send; where Slack refuses the blocks, send the next simpler form. `send` raises DeliveryFailed."""
    for simplified in simpler:
        try:
            return await send(drawn)
        except DeliveryFailed as failure:
            if failure.reason not in refusals:
                raise
            _log.error("blocks refused, sent in simpler ones", reason=failure.reason, places=places(failure))
            drawn = simplified()
    return await send(drawn)


def places(failure: DeliveryFailed) -> list[str]:
    """Where Slack found faults, such as `/blocks/0/text`; never what stands there."""
    cause = failure.__cause__
    data = getattr(cause.response, "data", None) if isinstance(cause, SlackApiError) else None
    told = data.get("response_metadata") if isinstance(data, dict) else None
    return _PLACE.findall(str(told))[:_PLACES]
