"""Whole messages, modals and Home tabs, kept within what Slack takes of one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from blocks import limits
from blocks.actions import Callback
from blocks.kit import Block, Element, context, folded, plain, stack
from blocks.spoken import said, spoken
from blocks.text import clip, clip_markup, units
from blocks.values import Value

_TIGHTER = (1_500, 700, 300, 150)
"""What long texts are clipped to, one after the other, until all fit."""


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is the whole message in words: for notifications, screen readers, and in place of the blocks."""

    text: str
    blocks: list[Block]

    @classmethod
    def of(cls, first: str, blocks: Sequence[Block]) -> Self:
        """`first` is the sentence that a notification shows, in mrkdwn; the rest is read from the blocks."""
        kept = _fitted(blocks, limits.MESSAGE_BLOCKS, limits.MESSAGE_BUDGET)
        return cls(clip_markup(_summary(said(first), spoken(kept)), limits.MESSAGE_TEXT), kept)

    def below(self, note: str) -> Self:
        """The same below a line of ours."""
        kept = _fitted(stack(context(note), *self.blocks), limits.MESSAGE_BLOCKS, limits.MESSAGE_BUDGET)
        told = clip_markup(self.text, limits.MESSAGE_TEXT - len(note) - 1)
        return type(self)(f"{told}\n{said(note)}", kept)


@dataclass(frozen=True, slots=True)
class Modal:
    title: str
    blocks: list[Block]
    private_metadata: str = ""
    callback_id: Callback = Callback.CARD_VIEW
    submit: str | None = None
    notify_on_close: bool = False

    @classmethod
    def of(cls, title: str, blocks: Sequence[Block], value: Value | None = None) -> Self:
        metadata = value.encode() if value else ""
        return cls(title, _fitted(blocks, limits.MODAL_BLOCKS, limits.MODAL_BUDGET), metadata)

    @property
    def view(self) -> dict[str, Any]:
        """The payload for `views.open` and `views.update`."""
        view: dict[str, Any] = {
            "type": "modal",
            "title": plain(self.title, limits.MODAL_TITLE),
            "close": plain("Cancel" if self.submit else "Close", limits.MODAL_TITLE),
            "blocks": self.blocks,
            "callback_id": self.callback_id.value,
            "private_metadata": self.private_metadata,
            "notify_on_close": self.notify_on_close,
        }
        return view | {"submit": plain(self.submit, limits.MODAL_TITLE)} if self.submit else view


@dataclass(frozen=True, slots=True)
class Home:
    blocks: list[Block]

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> Self:
        return cls(_fitted(blocks, limits.HOME_BLOCKS, limits.MODAL_BUDGET))

    @property
    def view(self) -> dict[str, Any]:
        """The payload for `views.publish`."""
        return {"type": "home", "blocks": self.blocks}


def _summary(first: str, rest: str) -> str:
    """The first sentence once, though a block may begin with it too."""
    return rest if rest.startswith(first) else f"{first}\n{rest}".strip()


def _fitted(blocks: Sequence[Block], most: int, budget: int) -> list[Block]:
    kept = folded(blocks, most, lambda n: _note(f"and {n:,} more parts"))
    for limit in _TIGHTER:
        if _length(kept) <= budget:
            return kept
        kept = [_clipped(block, limit) for block in kept]
    return _without_longest(kept, budget)


def _without_longest(blocks: list[Block], budget: int) -> list[Block]:
    """The last resort: whole blocks go, controls stay, and the message says so."""
    kept, note = list(blocks), _note("Shortened: some parts were too long to show.")
    if _length(kept) <= budget:
        return kept
    while _length([*kept, note]) > budget:
        kept.remove(max((b for b in kept if b["type"] != "actions"), key=lambda b: _length([b])))
    return [*kept, note]


def _note(text: str) -> Block:
    return context(text) or {}


def _length(node: Any) -> int:  # noqa: ANN401 - JSON
    return sum(units(text) for text in _texts(node))


def _texts(node: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(node, list):
        for child in node:
            yield from _texts(child)
    elif isinstance(node, dict):
        for key, child in node.items():
            if isinstance(child, str) and key in {"text", "fallback", "accessibility_label", "title"}:
                yield child
            elif not isinstance(child, str):
                yield from _texts(child)


def _clipped(node: Any, limit: int) -> Any:  # noqa: ANN401 - JSON
    if isinstance(node, list):
        return [_clipped(child, limit) for child in node]
    return _clipped_object(node, limit) if isinstance(node, dict) else node


def _clipped_object(node: Element, limit: int) -> Element:
    if isinstance(node.get("text"), str):
        cut = clip_markup if node["type"] == "mrkdwn" else clip
        return node | {"text": cut(node["text"], limit)}
    return {key: _clipped(child, limit) for key, child in node.items()}
