"""Puts the page's routes onto the stand-in's server."""

from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from bot.sandbox.page.desk import Desk
from bot.sandbox.page.gestures import PageGestures
from bot.sandbox.page.guard import guard, with_policy
from bot.sandbox.page.panel import Panel
from bot.sandbox.page.screens import Screens
from bot.sandbox.page.stream import Stream
from bot.sandbox.slack.server import SlackStandIn

STATIC = Path(__file__).parent / "static"


def setup(standin: SlackStandIn, extra_panels: Sequence[Panel] = ()) -> None:
    """Before `standin.start()`."""
    desk = Desk(standin, extra_panels)
    screens = Screens(desk)
    app = standin.app
    app.middlewares.append(guard)
    app.on_response_prepare.append(with_policy)
    app.cleanup_ctx.append(desk.remembering)
    app.add_routes(
        [
            web.get("/", screens.start),
            web.get("/page/c/{channel}", screens.channel),
            web.get("/page/app/{tab:home|about}", screens.tab),
            web.get(r"/page/panel/{number:\d{1,3}}", screens.panel),
            web.get("/page/payload/{channel}/{ts}", screens.payload),
            web.get("/page/file/{channel}/{ts}/{file}", screens.file),
            web.get("/page/stream", Stream(desk).handle),
            web.static("/page/static", STATIC),
            *PageGestures(desk).routes(),
        ]
    )
