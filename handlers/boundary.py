"""The edge of every listener: acknowledged in time, allowed or refused, and no exception leaves it."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from blocks import notice
from blocks.kit import Element
from blocks.surface import Message, Modal
from bot import occasion
from bot.domain.access import Asker
from bot.domain.values import Role
from bot.errors import DeliveryFailed, SyncbotError, ViewMoved
from bot.occasion import Occasion
from handlers.answers import Answers
from handlers.desk import Desk, Services
from handlers.gesture import Gesture
from handlers.in_place import InPlace

Json = Mapping[str, Any]
T = TypeVar("T")
Handler = Callable[[Answers], Awaitable[None]]

ANSWER_SECONDS = 2.5
"""Slack waits three seconds for the options of a select, and for what becomes of a form."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Route:
    """What a gesture does, who may do it, and what it is called in the audit log.

    `role` is None for what tells the asker of nobody else, and changes nothing: anybody may do that.
    `opens`: it is answered in a modal of its own. That is opened first, since its trigger lives for three
    seconds and Slack may have to be asked which groups the asker is in.
    """

    handler: Handler
    role: Role | None
    name: str
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """The options of a select that asks for them, for what was typed so far, and who may have them."""

    options: Callable[[Answers, str], Awaitable[list[Element]]]
    role: Role


Listener = Callable[..., Awaitable[None]]
"""Bolt looks at its parameters' names: `ack`, `body`, `context`."""

Resolve = Callable[[Gesture], Route]
Read = Callable[[Json], Gesture | None]
"""None where nothing is to be done."""

ReadSuggestion = Callable[[Json], Gesture]
Find = Callable[[Gesture], Offer]
Faults = Callable[[Gesture], dict[str, str]]
"""What is wrong with a form, by the block_id of an input. It looks at what was entered alone."""


@dataclass(frozen=True, slots=True)
class Boundary:
    desk: Desk
    services: Services

    def listener(self, read: Read, resolve: Resolve) -> Listener:
        """A Bolt listener.

        Args:
            read: turns the payload into a gesture.
            resolve: finds the gesture's route; may raise a SyncbotError for one that is not known.
        """

        async def listen(ack: AsyncAck, body: Json, context: AsyncBoltContext | None = None) -> None:
            gesture = _read(body, read)
            await ack()
            if gesture is not None:
                await self.run(gesture.seen_from(_home(context)), resolve)

        return listen

    def submissions(self, resolve: Resolve, faults: Faults) -> Listener:
        """A Bolt listener for forms. Those with faults stay as they are, and nothing else is done.

        What becomes of the others takes their place with the acknowledgement. Where that would come too
        late for Slack, a loading modal does, and is drawn over.
        """

        async def submit(ack: AsyncAck, body: Json, context: AsyncBoltContext | None = None) -> None:
            judged = _read(body, lambda sent: _judged(sent, faults))
            if judged is None:
                await ack()
                return
            gesture, wrong = judged
            if wrong:
                await ack(response_action="errors", errors=wrong)
                return
            await self._answer_in_place(ack, gesture.seen_from(_home(context)), resolve)

        return submit

    async def _answer_in_place(self, ack: AsyncAck, gesture: Gesture, resolve: Resolve) -> None:
        place = InPlace(self.desk, gesture.view.id if gesture.view else "")
        work = asyncio.create_task(replace(self, desk=place).run(gesture, resolve))
        await asyncio.wait({work}, timeout=ANSWER_SECONDS)
        await ack(response_action="update", view=place.acknowledged().view)
        await work

    def suggestions(self, read: ReadSuggestion, find: Find) -> Listener:
        """A Bolt listener for selects. The answer is the acknowledgement, so it comes within Slack's time.

        Nobody is refused here, since the select could not say so: who may not see has nothing to choose.
        """

        async def suggest(ack: AsyncAck, body: Json, context: AsyncBoltContext | None = None) -> None:
            options: list[Element] = []
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    gesture = read(body).seen_from(_home(context))
                    options = await self._offered(find(gesture), Answers(gesture, self.desk, self.services))
            except SyncbotError as error:
                _log.info("nothing to suggest", code=error.code)
            except Exception:  # noqa: BLE001 - Slack must get its acknowledgement
                _reported()
            await ack(options=options)

        return suggest

    async def _offered(self, offer: Offer, answers: Answers) -> list[Element]:
        gesture = answers.gesture
        role = await self.services.access.role(gesture.asker)
        if role is None or role < offer.role:
            return []
        return await offer.options(answers, gesture.pressed.carried if gesture.pressed else "")

    async def run(self, gesture: Gesture, resolve: Resolve) -> None:
        answers = Answers(gesture, self.desk, self.services)
        try:
            route = resolve(gesture)
            if route.opens:
                answers = await answers.opened()
            with occasion.during(Occasion(route.name, gesture.channel, gesture.message_ts)):
                await self._allowed(gesture.asker, route)
                await route.handler(answers)
        except ViewMoved:
            _log.info("view changed meanwhile", user=gesture.asker.user)
        except SyncbotError as error:
            _log.info("gesture answered with an error", code=error.code, user=gesture.asker.user)
            await _say(answers, notice.sentence(error.sentence), notice.sentence_modal(error.sentence))
        except Exception:  # noqa: BLE001 - the last line of defence: nobody is left without an answer
            reference = _reported()
            await _say(answers, notice.unexpected(reference), notice.unexpected_modal(reference))
        await self._mend(gesture)

    async def _mend(self, gesture: Gesture) -> None:
        """Each click on an alert, allowed or not, tells where a message of it stands."""
        clicked = gesture.clicked
        if clicked is None:
            return
        try:
            await self.services.orphans.repair(clicked.alert, clicked.channel, clicked.ts)
        except Exception:  # noqa: BLE001 - the click itself is answered already
            _reported()

    async def _allowed(self, asker: Asker, route: Route) -> None:
        """The one place where a gesture is let through. Raises NotAllowed."""
        if route.role is not None:
            await self.services.access.require(asker, route.role, to=route.name)


def _judged(body: Json, faults: Faults) -> tuple[Gesture, dict[str, str]]:
    gesture = Gesture.of_submission(body)
    return gesture, faults(gesture)


def _read(body: Json, read: Callable[[Json], T]) -> T | None:
    """What cannot be read is acknowledged, and not answered."""
    try:
        return read(body)
    except Exception:  # noqa: BLE001 - Slack must get its acknowledgement
        _reported()
        return None


def _home(context: AsyncBoltContext | None) -> str | None:
    """The workspace that the bot's token is of; None where it is of a whole organisation."""
    authorized = context.authorize_result if context else None
    return authorized.team_id if authorized else None


async def _say(answers: Answers, message: Message, modal: Modal) -> None:
    try:
        await answers.say(message, modal)
    except DeliveryFailed as failure:
        _log.warning("answer undelivered", reason=failure.reason, user=answers.gesture.asker.user)
    except Exception:  # noqa: BLE001 - there is nobody left to tell
        _reported()


def _reported() -> str:
    """Log the exception with its traceback under a new reference id, which the asker is told."""
    reference = secrets.token_hex(4)
    _log.exception("unexpected error", reference=reference)
    return reference
