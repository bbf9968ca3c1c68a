"""What every request of the page needs: the stand-in, who reads how far, and who is asking."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from bot.sandbox.page.fragments import Fragments
from bot.sandbox.page.marks import Marks
from bot.sandbox.page.panel import Panel
from bot.sandbox.slack.server import SlackStandIn


class Desk:
    def __init__(self, standin: SlackStandIn, panels: Sequence[Panel]) -> None:
        self.world = standin.world
        self.gestures = standin.gestures
        self.marks = Marks(standin.world)
        self.panels = tuple(panels)

    def fragments(self, user: str | None) -> Fragments:
        """For the person named, else for the first one of the workspace."""
        people = [person for person in self.world.users.values() if not person.is_bot]
        viewer = next((person for person in people if person.id == (user or person.id)), None)
        if viewer is None:
            raise web.HTTPNotFound(text=f"There is no person {user} in this workspace.")
        return Fragments(self.world, self.marks, viewer, self.panels)

    def indented(self, value: object) -> str:
        return json.dumps(value, indent=2, ensure_ascii=False)

    async def remembering(self, app: web.Application) -> AsyncIterator[None]:
        """While the server runs, keeps the newest deliveries for pages that are opened later."""
        del app
        task = asyncio.create_task(self._remember())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def _remember(self) -> None:
        with self.world.subscribe() as changes:
            async for change in changes:
                if change.delivery:
                    self.marks.deliveries.appendleft(change.delivery)
