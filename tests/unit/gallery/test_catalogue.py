"""The gallery shows every card, and each of its shots is one that Slack takes."""

import ast
from collections import Counter
from pathlib import Path

from bot.sandbox.slack.validate import check_blocks, check_view
from tests.gallery.catalogue import catalogue
from tests.gallery.shots import Json, Shot

SHOTS = catalogue()
ROOT = Path(__file__).parents[3]
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


NEWER = {"table", "container", "data_visualization", "alert", "plan", "task_card", "card", "carousel"}
TAKEN = {"message": NEWER - {"alert"}, "modal": {"alert"}, "home": {"data_visualization"}}
"""Which surface takes which of the newer blocks, as far as that was tried or is documented."""


def kinds(shot: Shot) -> set[str]:
    return {block["type"] for block in blocks_of(shot)}


def test_newer_blocks_are_only_on_surfaces_that_take_them() -> None:
    assert [shot.name for shot in SHOTS if not kinds(shot) & NEWER <= TAKEN[shot.surface]] == []


def test_a_card_that_uses_newer_blocks_is_shown_in_safe_ones_too() -> None:
    newer = {(shot.card, shot.surface) for shot in SHOTS if kinds(shot) & NEWER and shot.surface != "modal"}
    safe = {(shot.card, shot.surface): kinds(shot) for shot in SHOTS if shot.state == "safe blocks"}
    assert newer <= set(safe)
    assert {name: used & NEWER for name, used in safe.items() if used & NEWER} == {}
