"""Checks a whole message, modal or Home tab."""

from collections import Counter
from collections.abc import Iterator, Mapping

from bot.sandbox.slack.validate.blocks import BLOCKS, Surface, surfaces
from bot.sandbox.slack.validate.fault import Fault
from bot.sandbox.slack.validate.measure import units
from bot.sandbox.slack.validate.objects import plain
from bot.sandbox.slack.validate.rule import Rule, by_type, flag, one_of, shape, string

# https://docs.slack.dev/reference/block-kit/blocks
MOST_BLOCKS: Mapping[Surface, int] = {"message": 50, "modal": 100, "home": 100}
# Not documented, and seen in practice: all text of a message's blocks together.
MESSAGE_CHARACTERS = 13_000
# https://docs.slack.dev/reference/block-kit/blocks/table-block#usage-info
TABLE_CHARACTERS = 10_000
MOST_OF_KIND = {"table": 1, "data_visualization": 2}
NESTED = ("child_blocks", "tasks")

BLOCK = by_type(BLOCKS, "block")


def check_blocks(blocks: object, surface: Surface, path: str = "/blocks") -> list[Fault]:
    """All faults, in the order of the blocks; `path` is where the list stands in what was sent."""
    return list(_blocks(blocks, surface, path))


def _blocks(blocks: object, surface: Surface, path: str) -> Iterator[Fault]:
    if not isinstance(blocks, list):
        yield Fault(path, "must be a list")
        return
    if len(blocks) > MOST_BLOCKS[surface]:
        yield Fault(path, f"no more than {MOST_BLOCKS[surface]} items allowed")
    for index, block in enumerate(blocks):
        yield from BLOCK(block, f"{path}/{index}")
    yield from _together(blocks, surface, path)


def _misplaced(known: list[tuple[str, dict[str, object]]], surface: Surface) -> Iterator[Fault]:
    for place, block in known:
        kind = block.get("type")
        if isinstance(kind, str) and kind in BLOCKS and surface not in surfaces(kind):
            yield Fault(f"{place}/type", f"{kind} is not supported in a {surface}")


def _all(blocks: object, path: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Every block with its path, those inside others too."""
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        if isinstance(block, dict):
            yield f"{path}/{index}", block
            yield from _inside(block, f"{path}/{index}")


def _inside(block: dict[str, object], path: str) -> Iterator[tuple[str, dict[str, object]]]:
    nests = (*NESTED, "elements") if block.get("type") == "carousel" else NESTED
    for key in nests:
        yield from _all(block.get(key), f"{path}/{key}")


def _together(blocks: list[object], surface: Surface, path: str) -> Iterator[Fault]:
    known = list(_all(blocks, path))
    yield from _misplaced(known, surface)
    yield from _repeated_ids(known)
    yield from _too_many_of_a_kind(known)
    for place, block in known:
        if block.get("type") in ("table", "data_table") and characters(block.get("rows")) > TABLE_CHARACTERS:
            yield Fault(f"{place}/rows", f"no more than {TABLE_CHARACTERS} characters in a table")
    if surface == "message" and characters(blocks) > MESSAGE_CHARACTERS:
        yield Fault(path, "msg_blocks_too_long")


def _repeated_ids(known: list[tuple[str, dict[str, object]]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, block in known:
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id in seen:
            yield Fault(f"{place}/block_id", f'`block_id` "{block_id}" already exists')
        seen.add(str(block_id))


def _too_many_of_a_kind(known: list[tuple[str, dict[str, object]]]) -> Iterator[Fault]:
    counted: Counter[str] = Counter()
    for place, block in known:
        kind = str(block.get("type"))
        counted[kind] += 1
        most = MOST_OF_KIND.get(kind)
        if most is not None and counted[kind] > most:
            yield Fault(place, f"no more than {most} of {kind}")


def characters(value: object) -> int:
    """The characters of every `text` inside."""
    if isinstance(value, dict):
        own = sum(units(held) for key, held in value.items() if key == "text" and isinstance(held, str))
        return own + sum(characters(held) for held in value.values())
    return sum(map(characters, value)) if isinstance(value, list) else 0


def _checked_apart(value: object, path: str) -> Iterator[Fault]:
    """The blocks of a view have a path of their own, and rules that look at them together."""
    del value, path
    yield from ()


# https://docs.slack.dev/reference/views
_SHARED: Mapping[str, Rule] = {
    "private_metadata": string(3_000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
_CLOSING: Mapping[str, Rule] = {"clear_on_close": flag, "notify_on_close": flag}
VIEWS: Mapping[str, Rule] = {
    "modal": shape(
        {"type": one_of("modal"), "title": plain(24), "blocks": _checked_apart},
        {**_SHARED, **_CLOSING, "close": plain(24), "submit": plain(24)},
    ),
    "home": shape({"type": one_of("home"), "blocks": _checked_apart}, _SHARED),
}


def check_view(view: object) -> list[Fault]:
    """Paths begin at `/view`, as in Slack's answers."""
    faults = list(by_type(VIEWS, "view")(view, "/view"))
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return faults
    blocks = view.get("blocks", [])
    surface: Surface = "modal" if view["type"] == "modal" else "home"
    return [*faults, *check_blocks(blocks, surface, "/view/blocks"), *_wholeness(view, blocks)]


def _wholeness(view: dict[str, object], blocks: object) -> Iterator[Fault]:
    if blocks == []:
        yield Fault("/view/blocks", "must have at least 1 item")
    inputs = [place for place, block in _all(blocks, "/view/blocks") if block.get("type") == "input"]
    if view["type"] == "modal" and inputs and "submit" not in view:
        yield Fault("/view/submit", "submit is required when an input block is in blocks")
    yield from (Fault(place, "only one element may focus_on_load") for place in _focused(blocks)[1:])


def _focused(value: object, path: str = "/view/blocks") -> list[str]:
    if isinstance(value, dict):
        own = [f"{path}/focus_on_load"] if value.get("focus_on_load") is True else []
        return own + [place for key, held in value.items() for place in _focused(held, f"{path}/{key}")]
    held_in_list = enumerate(value) if isinstance(value, list) else []
    return [place for index, held in held_in_list for place in _focused(held, f"{path}/{index}")]
