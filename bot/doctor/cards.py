"""Every card in every state, checked by Slack itself, which posts none of them.

https://docs.slack.dev/reference/methods/blocks.validate : needs no scope; exactly one of blocks, message and
view; of what is wrong, `errors` has a JSON pointer and a sentence each.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from blocks.surface import Message, Modal
from bot.doctor.course import Check, Course
from bot.doctor.findings import Verdict, fine, skipped, wrong
from bot.doctor.slack import refused
from bot.slack.errors import TROUBLE, named

METHOD: Final = "blocks.validate"
_INVALID: Final = frozenset({"invalid_blocks", "invalid_message", "invalid_view"})
_PATIENCE: Final = timedelta(seconds=90)
_SHOWN: Final = 3

Sample = tuple[str, Message | Modal]


@dataclass(frozen=True, slots=True)
class CardsCheckup:
    web: AsyncWebClient
    samples: Iterable[Sample]

    @property
    def course(self) -> Course:
        return Course("Slack", (Check("cards", self._validated, patience=_PATIENCE),))

    async def _validated(self) -> Verdict:
        """One after the other: the method's limits are special, and not published."""
        if not self.web.token:
            return skipped("Without a bot token Slack cannot be asked about them.")
        taken, faults = 0, list[str]()
        for name, card in self.samples:
            try:
                await self.web.api_call(METHOD, data=_arguments(card))
            except TROUBLE as error:
                if named(error) not in _INVALID:
                    return _ended(error, taken, faults)
                faults.append(f"{name}: {_reason(error)}")
            else:
                taken += 1
        return _told(taken, faults)


def _arguments(card: Message | Modal) -> dict[str, str]:
    if isinstance(card, Modal):
        return {"view": json.dumps(card.view)}
    return {"message": json.dumps({"text": card.text, "blocks": card.blocks})}


def _told(taken: int, faults: list[str], *notes: str) -> Verdict:
    if not faults:
        return fine(f"Slack takes all {taken} samples of cards.", *notes)
    more = f" (and {len(faults) - _SHOWN} more)" if len(faults) > _SHOWN else ""
    return wrong(
        f"Slack refuses {len(faults)} of {taken + len(faults)} cards: {'; '.join(faults[:_SHOWN])}{more}.",
        "They are sent as plain text meanwhile. Please report this; SYNCBOT_SLACK_SAFE_BLOCKS=true may help.",
    )


def _ended(error: Exception, taken: int, faults: list[str]) -> Verdict:
    code = named(error)
    if faults:
        return _told(taken, faults)
    if code == "unknown_method":
        return skipped(f"This Slack has no method {METHOD}.")
    if code == "ratelimited":
        return skipped(f"Slack took {taken} samples of cards, and wants to check no more of them for now.")
    return refused(error)


def _reason(error: Exception) -> str:
    answer = error.response.data if isinstance(error, SlackApiError) else None
    listed = answer.get("errors") if isinstance(answer, dict) else None
    first = listed[0] if isinstance(listed, list) and listed else {}
    return _spoken(first) or named(error)


def _spoken(fault: Any) -> str:  # noqa: ANN401 - JSON
    if not isinstance(fault, dict):
        return str(fault)
    return " at ".join(str(fault[key]) for key in ("message", "pointer") if fault.get(key))
