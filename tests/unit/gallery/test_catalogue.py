"""The gallery shows every card, and each of its shots is one that Slack takes and anybody can read."""

import ast
import re
from collections import Counter
from pathlib import Path

from bot.sandbox.slack.validate import check_blocks, check_view
from tests.gallery.catalogue import catalogue
from tests.gallery.shots import Json, Shot
from tests.unit.blocks.reading import objects

SHOTS = catalogue()
ROOT = Path(__file__).parents[3]
EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
SHARED = {"cards", "plain", "surface"}
"""Modules of blocks/ that make any message, and no card of their own."""

CHOOSING = ("cards", "told", "errors")
"""Modules that choose by what is in a model which module draws it."""


def blocks_of(shot: Shot) -> list[Json]:
    blocks: list[Json] = shot.payload["blocks"]
    return blocks


def test_every_shot_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(shot.name for shot in SHOTS).items() if times > 1] == []


def test_every_shot_is_one_that_slack_takes() -> None:
    refused = {shot.name: found for shot in SHOTS if (found := _complaints(shot))}
    assert refused == {}


def _complaints(shot: Shot) -> list[object]:
    if shot.surface != "message":
        return list(check_view(shot.payload))
    return list(check_blocks(blocks_of(shot), "message"))


def test_every_module_that_draws_a_card_is_in_the_gallery() -> None:
    """Those that have a public function that gives a whole message or modal."""
    drawing = {path.stem for path in (ROOT / "blocks").glob("*.py") if _draws(path)} - SHARED
    by_model = {name for one in CHOOSING for name in _from_blocks(ROOT / "blocks" / f"{one}.py")}
    assert drawing - by_model - _shown() == set()


def _shown() -> set[str]:
    return {name for path in (ROOT / "tests" / "gallery").glob("*.py") for name in _from_blocks(path)}


def _draws(path: Path) -> bool:
    functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    returned = {ast.unparse(f.returns) for f in functions if f.returns and not f.name.startswith("_")}
    return not returned.isdisjoint({"Message", "Modal", "Home"})


def _from_blocks(path: Path) -> set[str]:
    """The modules of blocks/ that a file uses."""
    imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in imports if node.module == "blocks" for alias in node.names}


def test_every_message_is_told_in_words_too() -> None:
    """Notifications and screen readers get the text alone."""
    silent = [shot.name for shot in SHOTS if shot.surface == "message" and len(shot.payload["text"]) < 10]
    assert silent == []


def test_buttons_that_look_alike_are_told_apart_by_screen_readers() -> None:
    assert {shot.name: alike for shot in SHOTS if (alike := _alike(shot))} == {}


def _alike(shot: Shot) -> list[str]:
    buttons = [one for one in objects(blocks_of(shot)) if one.get("type") == "button"]
    heard = Counter(one.get("accessibility_label") or one["text"]["text"] for one in buttons)
    return [label for label, times in heard.items() if times > 1 and not shot.is_extreme]


def test_every_picture_has_a_text_and_every_chart_has_a_title() -> None:
    for shot in SHOTS:
        for one in objects(blocks_of(shot)):
            assert one.get("type") != "image" or one.get("alt_text"), shot.name
            assert one.get("type") != "data_visualization" or one.get("title"), shot.name


def test_emoji_only_decorate_and_come_after_a_word() -> None:
    wrong = [
        (shot.name, text) for shot in SHOTS if not shot.is_extreme for text in _texts(shot) if _shouts(text)
    ]
    assert wrong == []


def _texts(shot: Shot) -> list[str]:
    return [one["text"] for one in objects(blocks_of(shot)) if isinstance(one.get("text"), str)]


def _shouts(text: str) -> bool:
    """More than one in a line, or one that begins a line."""
    return any(len(EMOJI.findall(line)) > 1 or EMOJI.match(line) for line in text.splitlines())
