"""What the Slack stand-in holds: users, channels, messages, views, and the record of each delivery."""

from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

Json = dict[str, Any]
ViewKind = Literal["modal", "home"]


@dataclass(frozen=True)
class User:
    """A person of the workspace. `team_id` differs from the workspace's own for a Slack Connect outsider.

    `is_ultra_restricted`: a guest of a single channel, who is restricted as well.
    """

    id: str
    name: str
    real_name: str
    email: str
    team_id: str
    tz: str = "Europe/Zurich"
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False


@dataclass
class Channel:
    """A channel (`C…`) or a direct message with the app (`D…`, where `im_user` is the person)."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    im_user: str | None = None
    is_archived: bool = False


@dataclass
class File:
    """A file that the app uploads: `ticket` is the secret of its address, `content` what was sent there."""

    id: str
    name: str
    length: int
    ticket: str
    title: str = ""
    content: bytes | None = None
    is_complete: bool = False


@dataclass
class Message:
    """A message as the server keeps it. `ephemeral_for` names the only person who sees it."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    edited_ts: str | None = None
    ephemeral_for: str | None = None
    bot_id: str | None = None
    files: list[File] = field(default_factory=list)


class Extras(TypedDict, total=False):
    """What a message may have besides its text."""

    blocks: list[Json]
    attachments: list[Json]
    metadata: Json | None
    thread_ts: str | None
    ephemeral_for: str | None
    bot_id: str | None
    files: list[File]


class Edits(TypedDict, total=False):
    """What an update may change."""

    text: str
    blocks: list[Json]
    attachments: list[Json]
    metadata: Json | None
    edited_ts: str | None


@dataclass
class View:
    """A modal or a Home tab. `state` is what the person has typed or chosen, keyed by block and action."""

    id: str
    type: ViewKind
    user: str
    payload: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    state: Json = field(default_factory=dict)


@dataclass(frozen=True)
class MessageRef:
    """Where a gesture happens: a message, ephemeral or not."""

    channel: str
    ts: str


@dataclass(frozen=True)
class ViewRef:
    """Where a gesture happens: a modal or a Home tab."""

    view_id: str


Where = MessageRef | ViewRef


ChangeKind = Literal[
    "message.posted",
    "message.updated",
    "message.deleted",
    "view.opened",
    "view.updated",
    "view.pushed",
    "view.closed",
    "home.published",
    "delivery",
]


@dataclass(frozen=True)
class Change:
    """One thing that a page must redraw. `user` narrows it to one person (ephemeral messages, views)."""

    kind: ChangeKind
    channel: str | None = None
    ts: str | None = None
    view_id: str | None = None
    user: str | None = None
    delivery: "Delivery | None" = None


@dataclass(frozen=True)
class Delivery:
    """How the app answered one thing that was sent to it. `complaint` is what Slack would tell the person."""

    what: str
    ok: bool
    seconds: float
    status: int | None = None
    body: Json | None = None
    complaint: str | None = None
