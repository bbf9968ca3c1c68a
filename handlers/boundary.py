"""The edge of every listener: acknowledged first, allowed or refused, and no exception leaves it."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from blocks import notice
from blocks.surface import Message, Modal
from bot import occasion
from bot.domain.access import Asker
from bot.domain.values import Role
from bot.errors import DeliveryFailed, SyncbotError, ViewMoved
from bot.occasion import Occasion
from handlers.answers import Answers
from handlers.desk import Desk, Services
from handlers.gesture import Gesture

Json = Mapping[str, Any]
Handler = Callable[[Answers], Awaitable[None]]

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


Listener = Callable[..., Awaitable[None]]
"""Bolt looks at its parameters' names: `ack`, `body`, `context`."""

Resolve = Callable[[Gesture], Route]
Read = Callable[[Json], Gesture]
Acknowledgement = Callable[[Gesture], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Boundary:
    desk: Desk
    services: Services

    def listener(
        self, read: Read, resolve: Resolve, acknowledgement: Acknowledgement | None = None
    ) -> Listener:
        """A Bolt listener.

        Args:
            read: turns the payload into a gesture.
            resolve: finds the gesture's route; may raise a SyncbotError for one that is not known.
            acknowledgement: what to tell Slack at once, where an empty answer does not do.
        """

        async def listen(ack: AsyncAck, body: Json, context: AsyncBoltContext | None = None) -> None:
            gesture = await _acknowledged(ack, body, read, acknowledgement)
            if gesture is not None:
                await self.run(gesture.seen_from(_home(context)), resolve)

        return listen

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


async def _acknowledged(
    ack: AsyncAck, body: Json, read: Read, acknowledgement: Acknowledgement | None
) -> Gesture | None:
    """Acknowledge whatever comes. None where it cannot be read, and so not answered either."""
    try:
        gesture = read(body)
        answer = acknowledgement(gesture) if acknowledgement else {}
    except Exception:  # noqa: BLE001 - Slack must get its acknowledgement
        _reported()
        await ack()
        return None
    await ack(**answer)
    return gesture


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
