"""Rounds of change tracking: what is in them, page by page, and the state tokens that go on with them.

https://learn.microsoft.com/graph/delta-query-overview and .../delta-query-messages
"""

import random
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.sandbox.graph.errors import Json, refusal
from bot.sandbox.graph.knobs import Knobs
from bot.sandbox.graph.mint import Mint
from bot.sandbox.graph.model import Folder, Mailbox, Message, Tombstone
from bot.sandbox.graph.query import Options

FILTERED_AT_MOST = 5_000
Item = Message | Folder | Tombstone


@dataclass(frozen=True)
class Round:
    """`since` is the version that the round before ended at, `until` where this one ends."""

    collection: str
    options: Options
    since: int
    until: int
    items: Sequence[Item]


@dataclass(frozen=True)
class Cursor:
    """Where a nextLink goes on; without a round it is the start of one, after version `since`."""

    collection: str
    options: Options
    since: int = 0
    round: Round | None = None
    position: int = 0
    served: int = 0
    is_detour: bool = False


@dataclass(frozen=True)
class Page:
    items: Sequence[Item]
    round: Round
    token: str
    is_last: bool


class Tokens:
    """The oldest are forgotten when there are too many, as the overview says of Outlook's."""

    def __init__(self, mint: Mint, knobs: Knobs) -> None:
        self._mint = mint
        self._knobs = knobs
        self._cursors: OrderedDict[str, Cursor] = OrderedDict()

    def issue(self, cursor: Cursor) -> str:
        token = self._mint.state_token()
        self._cursors[token] = cursor
        while len(self._cursors) > self._knobs.token_capacity:
            self._cursors.popitem(last=False)
        return token

    def cursor(self, token: str, collection: str) -> Cursor:
        """Raises Refusal. What Graph says to a token of another folder is not documented: refused as lost."""
        found = self._cursors.get(token)
        if found is None or found.collection != collection:
            raise refusal("SyncStateNotFound")
        return found

    def expire(self) -> None:
        self._cursors.clear()


class Rounds:
    def __init__(self, mint: Mint, knobs: Knobs) -> None:
        self.tokens = Tokens(mint, knobs)
        self._knobs = knobs

    def page(self, cursor: Cursor, content: Callable[[Cursor], Round], size: int) -> Page:
        """The same again for the same cursor, but for what was changed meanwhile."""
        current = cursor.round or content(cursor)
        at = replace(cursor, round=current)
        if not at.is_detour and self._is_due(self._knobs.empty_every, at.served):
            return self._detour(at, [])
        items = current.items[at.position : at.position + size]
        if not at.is_detour and self._is_due(self._knobs.replay_every, at.served):
            return self._detour(at, items)
        return self._onward(at, items)

    def shuffled(self, items: list[Item], salt: str) -> list[Item]:
        """In an order that is not guaranteed, some twice."""
        chance = random.Random(f"{self._knobs.seed}/{salt}")
        chance.shuffle(items)
        if not self._knobs.repeats:
            return items
        again = [item for item in items if chance.random() < self._knobs.repeats]
        return items + again

    def _detour(self, at: Cursor, items: Sequence[Item]) -> Page:
        token = self.tokens.issue(replace(at, served=at.served + 1, is_detour=True))
        return Page(items, _round(at), token, is_last=False)

    def _onward(self, at: Cursor, items: Sequence[Item]) -> Page:
        current = _round(at)
        position = at.position + len(items)
        if position >= len(current.items):
            after = Cursor(at.collection, at.options, since=current.until)
            return Page(items, current, self.tokens.issue(after), is_last=True)
        token = self.tokens.issue(replace(at, position=position, served=at.served + 1, is_detour=False))
        return Page(items, current, token, is_last=False)

    @staticmethod
    def _is_due(every: int, served: int) -> bool:
        return every > 0 and served % every == every - 1


def _round(cursor: Cursor) -> Round:
    if cursor.round is None:
        raise AssertionError
    return cursor.round


def messages_since(folder: Folder, options: Options, since: int) -> list[Item]:
    """Those there or changed after the version, and those that left; a filter caps the messages at 5,000."""
    found: list[Message] = [message for message in _newest(folder, since) if _is_wanted(message, options)]
    if options.since:
        found = found[:FILTERED_AT_MOST]
    gone = [stone for stone in folder.tombstones.values() if stone.version > since] if since else []
    return [*found, *gone]


def _newest(folder: Folder, since: int) -> list[Message]:
    """Messages are held in the order of their change, so the rest need not be looked at."""
    found = []
    for message in reversed(folder.messages.values()):
        if message.version <= since:
            break
        found.append(message)
    return found


def _is_wanted(message: Message, options: Options) -> bool:
    return options.since is None or options.since.holds(message.received_at)


def by_reception(items: list[Item]) -> list[Item]:
    messages = [item for item in items if isinstance(item, Message)]
    rest = [item for item in items if not isinstance(item, Message)]
    return [*sorted(messages, key=lambda message: message.received_at, reverse=True), *rest]


def folders_since(mailbox: Mailbox, since: int, knobs: Knobs) -> list[Item]:
    """The whole tree; whether the root is in it is not documented."""
    changed = [
        folder for folder in mailbox.folders.values() if folder.version > since and not folder.is_hidden
    ]
    shown = [folder for folder in changed if folder.parent or knobs.root_in_folder_delta]
    gone = [stone for stone in mailbox.gone_folders.values() if stone.version > since] if since else []
    return [*shown, *gone]


def changed_names(message: Message, since: int, names: Sequence[str] | None) -> Sequence[str] | None:
    """Of a message known before: what changed since. None is everything."""
    if message.arrived_version > since:
        return names
    read = ["isRead"] if message.read_version > since else []
    flag = ["flag"] if message.flag_version > since else []
    return [name for name in (*read, *flag) if names is None or name in names]


def links(base: str, page: Page) -> Json:
    if page.is_last:
        return {"@odata.deltaLink": f"{base}?$deltatoken={page.token}"}
    return {"@odata.nextLink": f"{base}?$skiptoken={page.token}"}
