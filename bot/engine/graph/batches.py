"""Several small questions in one request: https://learn.microsoft.com/graph/json-batching"""

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Final, TypeVar

from bot.engine.fault import CursorLost, Fault
from bot.engine.graph.limits import ASIDE, FOR_A_MAILBOX, Slots
from bot.engine.graph.links import Links
from bot.engine.graph.shapes import BatchAnswer, BatchAnswers, Shape, read
from bot.engine.graph.wire import PREFER, Request, Wire, as_bytes

LARGEST: Final = 20
GONE: Final = "source_item_gone"

AShape = TypeVar("AShape", bound=Shape)


class Batches:
    """Of one mailbox, which each has alone: Graph gives Outlook up to four of its parts at once.

    https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits-for-json-batching
    """

    def __init__(self, wire: Wire, links: Links, slots: Slots, aside: Slots) -> None:
        self._wire = wire
        self._links = links
        self._slots = slots
        self._aside = aside

    async def got(self, shape: type[AShape], paths: Sequence[str]) -> list[AShape | None]:
        """What each of `paths` answers, in their order; None for what does not exist. Raises Fault."""
        found: list[AShape | None] = []
        for start in range(0, len(paths), LARGEST):
            answers = await self._answers(paths[start : start + LARGEST])
            found += [None if answer is None else read(shape, as_bytes(answer.body)) for answer in answers]
        return found

    async def _answers(self, paths: Sequence[str]) -> list[BatchAnswer | None]:
        request = Request(self._links.to("/$batch"), "POST", {"requests": _steps(paths)}, is_batch=True)
        async with self._slots.taken(FOR_A_MAILBOX), self._aside.taken(ASIDE):
            era = self._wire.era
            body = await self._wire.whole(request)
        by_id = {found.id: found for found in read(BatchAnswers, body).responses}
        return self._checked([by_id.get(str(index)) for index in range(len(paths))], era)

    def _checked(self, answers: Sequence[BatchAnswer | None], era: int) -> list[BatchAnswer | None]:
        """Of several refusals the one that asks for the longest wait is raised."""
        judged = [self._judged(answer, era) for answer in answers]
        faults = [fault for fault in judged if fault and fault.cause.code != GONE]
        if faults:
            raise max(faults, key=lambda fault: fault.retry_after or timedelta(0))
        return [None if fault else answer for answer, fault in zip(answers, judged, strict=True)]

    def _judged(self, answer: BatchAnswer | None, era: int) -> Fault | None:
        if answer is None:
            return Fault("unknown", "Microsoft Graph left out an answer of a batch")
        if answer.status == HTTPStatus.OK:
            return None
        refusal = self._wire.judge(answer.status, as_bytes(answer.body), answer.headers, era)
        return Fault("source_busy", str(refusal)) if isinstance(refusal, CursorLost) else refusal


def _steps(paths: Sequence[str]) -> list[dict[str, object]]:
    """The headers of the batch are not those of its parts."""
    return [
        {"id": str(index), "method": "GET", "url": path, "headers": {"Prefer": PREFER}}
        for index, path in enumerate(paths)
    ]
