"""Checks a whole message, modal or Home tab."""

from typing import Any, Literal

from bot.sandbox.slack.validate.fault import Fault

Surface = Literal["message", "modal", "home"]


def check_blocks(blocks: Any, surface: Surface, path: str = "/blocks") -> list[Fault]:
    del blocks, surface, path
    return []


def check_view(view: Any) -> list[Fault]:
    del view
    return []
