"""A whole syncbot on loopback: the real bot, the Slack stand-in, and an engine that a test plays."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import uvicorn
from aiohttp import web

from bot.bootstrap import open_bot
from bot.config import Settings, SlackMode
from bot.ports import Clock
from bot.sandbox.slack.model import Delivery, Json, Message, MessageRef, View, ViewRef
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL, OMAR, VERA, small_company
from bot.sandbox.slack.server import SlackStandIn
from bot.serve import listen
from bot.slack.manifest import manifest
from tests.acceptance.engine import PATIENCE_SECONDS, PlayedEngine, webhook_secret

T = TypeVar("T")


@dataclass
class House:
    slack: SlackStandIn
    engine: PlayedEngine
    bot_url: str

    async def until(self, claim: Callable[[], T | None]) -> T:
        """Wait until a claim about Slack gives something: looked at again at each change there."""
        with self.slack.world.subscribe() as changes:
            if found := claim():
                return found
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    async for _ in changes:
                        if found := claim():
                            return found
            except TimeoutError:
                raise AssertionError(f"it did not come to be; Slack shows:\n{self.picture()}") from None
        raise AssertionError("the stand-in stopped")

    def picture(self) -> str:
        shown = [
            f"{channel}: {message.text!r}"
            for channel in self.slack.world.channels
            for message in self.slack.world.messages(channel, ADA.id)
        ]
        views = [f"modal: {words(view.payload)!r}" for view in self.slack.world.views(ADA.id)]
        return "\n".join(shown + views)

    # ---- what a person does and sees

    async def command(self, text: str, *, user: str = ADA.id, channel: str = GENERAL) -> Message:
        """Type a command; the ephemeral answer. What was just shared may come to the channel meanwhile."""
        before = {message.ts for message in self.slack.world.messages(channel, user)}
        accepted(await self.slack.gestures.command(user, channel, text))
        return await self.until(lambda: self._newest(channel, user, before))

    def _newest(self, channel: str, user: str, before: set[str]) -> Message | None:
        messages = self.slack.world.messages(channel, user)
        new = [m for m in messages if m.ts not in before and m.ephemeral_for == user]
        return new[-1] if new else None

    def alerts(self, channel: str = ALERTS) -> list[Message]:
        return self.slack.world.messages(channel)

    async def alert(self, *said: str, count: int | None = 1) -> Message:
        """The newest alert, once it says all this; `count` is how many there must be then."""

        def claim() -> Message | None:
            messages = self.alerts()
            if len(messages) < (count or 1) or not all(text in words(messages[-1]) for text in said):
                return None
            return messages[-1]

        found = await self.until(claim)
        assert count in {None, len(self.alerts())}, self.picture()
        return found

    async def click(
        self, where: Message | View, action: str, *, user: str = ADA.id, nth: int = 0
    ) -> Delivery:
        """Click the nth control with this action id."""
        block, element = controls(where, action)[nth]
        ref = ViewRef(where.id) if isinstance(where, View) else MessageRef(where.channel, where.ts)
        return await self.slack.gestures.click(user, ref, block, element)

    async def choose(self, message: Message, entry: str, *, user: str = ADA.id) -> Delivery:
        """Choose an entry of a message's menu by its label."""
        ((block, menu),) = menus(message)
        value = next(option["value"] for option in menu["options"] if option["text"]["text"] == entry)
        where = MessageRef(message.channel, message.ts)
        return await self.slack.gestures.click(user, where, block, menu["action_id"], value)

    async def modal(self, *said: str, user: str = ADA.id, without: tuple[str, ...] = ()) -> View:
        """The modal on top, once it says all this."""

        def claim() -> View | None:
            views = self.slack.world.views(user)
            shown = words(views[-1].payload) if views else ""
            fits = all(text in shown for text in said) and not any(text in shown for text in without)
            return views[-1] if views and "Loading…" not in shown and fits else None

        return await self.until(claim)


def accepted(delivery: Delivery) -> Delivery:
    assert delivery.ok, delivery
    assert delivery.complaint is None, delivery
    return delivery


def words(shown: Message | Json) -> str:
    """Everything that a message or a view says."""
    payload: Any = {"text": shown.text, "blocks": shown.blocks} if isinstance(shown, Message) else shown
    return "\n".join(_texts(payload))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _texts(child)
    elif isinstance(node, dict):
        for key, child in node.items():
            if key == "text" and isinstance(child, str):
                yield child
            elif not isinstance(child, str):
                yield from _texts(child)


def controls(where: Message | View, action: str) -> list[tuple[str, str]]:
    """(block_id, action_id) of each control with this action id, or a numbered form of it."""
    blocks = where.blocks if isinstance(where, Message) else where.payload["blocks"]
    return [
        (block["block_id"], element["action_id"])
        for block in _flat(blocks)
        for element in [block.get("accessory") or {}, *block.get("elements", [])]
        if str(element.get("action_id", "")).partition(":")[0] == action
    ]


def menus(message: Message) -> list[tuple[str, Json]]:
    """(block_id, element) of each overflow menu."""
    return [
        (block["block_id"], element)
        for block in _flat(message.blocks)
        for element in block.get("elements", [])
        if element["type"] == "overflow"
    ]


def _flat(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        yield block
        yield from _flat(block.get("child_blocks", []))


# ---- building the house ------------------------------------------------------------------------------------


@asynccontextmanager
async def house(
    mode: SlackMode,
    database_url: str,
    dress: Callable[[SlackStandIn], None] = lambda _standin: None,
    clock: Clock | None = None,
    **settings: Any,
) -> AsyncIterator[House]:
    """Everything up and connected. `settings` override the bot's; `dress` adds to Slack before it starts.

    `clock` is the bot's, if it is not to be the system's.
    """
    listening = listen("127.0.0.1", 0)
    bot_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    slack = SlackStandIn(
        manifest(bot_url if mode is SlackMode.HTTP else None),
        bot_token="sandbox-bot-token",
        app_token="sandbox-app-token",
        signing_secret="sandbox-signing-secret",
        company=small_company(),
    )
    engine = PlayedEngine(webhook_secret(), events_url=f"{bot_url}/v1/events")
    dress(slack)
    async with _serving(engine), _started(slack):
        configured = _settings(mode, database_url, slack, engine) | settings
        async with open_bot(Settings(**configured, _env_file=None), clock) as bot:
            server = uvicorn.Server(uvicorn.Config(bot.web, log_config=None, lifespan="off"))
            server.config.load()
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            try:
                await _connected(slack, mode)
                yield House(slack, engine, bot_url)
            finally:
                server.should_exit = True
                await serving


def _settings(mode: SlackMode, database_url: str, slack: SlackStandIn, engine: PlayedEngine) -> Json:
    return {
        "database_url": database_url,
        "slack_mode": mode,
        "slack_api_url": f"{slack.base_url}api/",
        "slack_bot_token": "sandbox-bot-token",
        "slack_app_token": "sandbox-app-token",
        "slack_signing_secret": "sandbox-signing-secret",
        "alert_channel": ALERTS,
        "admins": ADA.id,
        "operators": OMAR.id,
        "viewers": VERA.id,
        "events_secrets": engine.secret,
        "engine_url": engine.url,
        "support_contact": "help@partner.example",
    }


@asynccontextmanager
async def _serving(engine: PlayedEngine) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_post("/requests", engine.receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    engine.url = f"http://127.0.0.1:{runner.addresses[0][1]}/requests"
    try:
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _started(slack: SlackStandIn) -> AsyncIterator[None]:
    await slack.start()
    try:
        yield
    finally:
        await slack.stop()


async def _connected(slack: SlackStandIn, mode: SlackMode) -> None:
    """In Socket Mode nothing reaches the bot before it has connected."""
    if mode is SlackMode.SOCKET:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await slack.sockets.wait_connected()
