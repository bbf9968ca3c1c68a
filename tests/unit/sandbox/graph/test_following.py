"""Whoever applies every page, in the order they come, ends with what is in the mailbox."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.sandbox.graph import Folder, GraphStandIn
from tests.unit.sandbox.graph.clients import USER, Client, Starter

FOLDERS = ("inbox", "archive")


@dataclass
class Follower:
    """One page at a time of each folder."""

    client: Client
    links: dict[str, str] = field(default_factory=dict)
    seen: dict[str, dict[str, tuple[bool, str]]] = field(default_factory=dict)

    async def turn(self, folder: str) -> bool:
        """Whether a round has ended."""
        start = f"/mailFolders/{folder}/messages/delta?$select=isRead,flag"
        page = await self.client.get(self.links.get(folder, start))
        for item in page.value:
            self._apply(self.seen.setdefault(folder, {}), item)
        self.links[folder] = page.json.get("@odata.nextLink") or page.json["@odata.deltaLink"]
        return "@odata.deltaLink" in page.json

    @staticmethod
    def _apply(known: dict[str, tuple[bool, str]], item: dict[str, Any]) -> None:
        if "@removed" in item:
            known.pop(item["id"], None)
        else:
            known[item["id"]] = (item["isRead"], item["flag"]["flagStatus"])


def happen(graph: GraphStandIn, folders: list[Folder], chance: random.Random) -> None:
    world, here = graph.world, chance.choice(folders)
    messages = [message for folder in folders for message in folder.messages.values()]
    message = chance.choice(messages) if messages else world.deliver(here, b"Subject: x\r\n\r\n")
    events: list[Callable[[], object]] = [
        lambda: world.deliver(here, b"Subject: x\r\n\r\n"),
        lambda: world.move(message, here),
        lambda: world.set_read(message, is_read=not message.is_read),
        lambda: world.set_flag(message, is_flagged=not message.is_flagged),
        lambda: world.delete(message, hard=True),
    ]
    chance.choice(events)()


def held(folder: Folder) -> dict[str, tuple[bool, str]]:
    return {
        message.id: (message.is_read, "flagged" if message.is_flagged else "notFlagged")
        for message in folder.messages.values()
    }


@pytest.mark.parametrize("seed", range(4))
async def test_following_every_page_ends_at_what_is_there(standing: Starter, seed: int) -> None:
    chance = random.Random(seed)
    async with standing(seed=seed, repeats=0.2, empty_every=3, replay_every=4) as client:
        mailbox = client.graph.world.mailbox(USER)
        assert mailbox
        folders = [mailbox.folder(name) for name in FOLDERS]
        client.graph.world.populate(folders[0], 30)
        follower = Follower(client)
        for _ in range(120):
            happen(client.graph, folders, chance)
            if chance.random() < 0.3:
                await follower.turn(chance.choice(FOLDERS))
        for name in FOLDERS:
            ended = 0
            while ended < 2:  # the round under way, and one of what changed since it began
                ended += await follower.turn(name)
    assert [follower.seen[name] for name in FOLDERS] == [held(folder) for folder in folders]
