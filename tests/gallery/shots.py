"""Every card in every state, from the real builders: what the gallery draws and the snapshots keep."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from blocks.cards import message_of, modal_of
from blocks.surface import Home, Message, Modal
from bot.views import CardModel, CardRef, ErrorList, PolicyList, StatusCard
from tests.gallery.extremes import hostile, long

Json = dict[str, Any]
Drawn = Message | Modal | Home


@dataclass(frozen=True)
class Shot:
    """One card in one state on one surface. `is_extreme`: what is in it is no likely thing."""

    card: str
    state: str
    drawn: Drawn
    is_extreme: bool = False

    @property
    def surface(self) -> str:
        return type(self.drawn).__name__.lower()

    @property
    def name(self) -> str:
        return f"{self.card}-{self.state}-{self.surface}".replace(" ", "-")

    @property
    def payload(self) -> Json:
        if isinstance(self.drawn, Message):
            return {"text": self.drawn.text, "blocks": self.drawn.blocks}
        return self.drawn.view


def drawn(card: str, states: Mapping[str, Drawn]) -> Iterator[Shot]:
    for state, one in states.items():
        yield Shot(card, state, one)


def everywhere(card: str, ref: CardRef, states: Mapping[str, CardModel]) -> Iterator[Shot]:
    """As message and as modal; the last state also with safe blocks, with hostile text and at its limits."""
    for state, model in states.items():
        yield Shot(card, state, message_of(model, ref))
        yield Shot(card, state, modal_of(model, ref))
    last = list(states.values())[-1]
    yield Shot(card, "safe blocks", message_of(last, ref, safe=True))
    yield Shot(card, "shared", message_of(_for_nobody(last), ref, shared=True))
    for state, model in {"hostile": hostile(last), "at its limits": long(last)}.items():
        yield Shot(card, state, message_of(model, ref), is_extreme=True)
        yield Shot(card, state, modal_of(model, ref), is_extreme=True)


def _for_nobody(model: CardModel) -> CardModel:
    """A shared copy is loaded for nobody in particular, who may do nothing."""
    if isinstance(model, StatusCard | ErrorList):
        return replace(model, may_act=False)
    return replace(model, may_switch=False) if isinstance(model, PolicyList) else model
