"""What every shot sends, kept beside the gallery: one JSON file a card, to be reviewed with the code.

`python -m tests.gallery.snapshots` renews them.
"""

import json
import re
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from pathlib import Path

from tests.gallery.catalogue import catalogue
from tests.gallery.extremes import WORD
from tests.gallery.shots import Shot

WHERE = Path(__file__).with_name("snapshots")
WIDTH = 110
LONGEST = 60
"""Lines of a difference that are shown: the rest is in the file once it is renewed."""

_FILLER = re.compile(f"(?:{re.escape(WORD)}){{2,}}")


def drawn(shots: Iterable[Shot]) -> dict[str, str]:
    """The text of each file by its name, in the order of the catalogue and of the payloads."""
    cards: dict[str, dict[str, object]] = {}
    for shot in shots:
        cards.setdefault(shot.card, {})[f"{shot.state}, {shot.surface}"] = shot.payload
    return {_file(card): _text(states) for card, states in cards.items()}


def kept(where: Path = WHERE) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(where.glob("*.json"))}


def differences(now: dict[str, str], before: dict[str, str]) -> Iterator[str]:
    """What is missing, stale or different, a unified diff a file."""
    for name in sorted({*now, *before}):
        if now.get(name) != before.get(name):
            yield "\n".join(_shortened(_difference(name, now.get(name, ""), before.get(name, ""))))


def renew(shots: Iterable[Shot], where: Path = WHERE) -> list[str]:
    """Writes what differs and removes what no card draws any more; returns the names of both."""
    now, before = drawn(shots), kept(where)
    where.mkdir(exist_ok=True)
    for name in (stale := [name for name in before if name not in now]):
        (where / name).unlink()
    changed = [name for name in now if now[name] != before.get(name)]
    for name in changed:
        (where / name).write_text(now[name], encoding="utf-8", newline="\n")
    return [*changed, *stale]


def _difference(name: str, now: str, before: str) -> Iterator[str]:
    lines = before.splitlines(), now.splitlines()
    return unified_diff(*lines, fromfile=f"kept/{name}", tofile=f"drawn/{name}", lineterm="")


def _shortened(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == LONGEST:
            yield "..."
            return
        yield line


def _file(card: str) -> str:
    return f"{card.replace(' ', '-')}.json"


def _text(states: dict[str, object]) -> str:
    """Signs that are not seen are escaped."""
    return "".join((*map(_seen, _FILLER.sub(_times, _laid_out(states))), "\n"))


def _laid_out(node: object, depth: int = 0) -> str:
    """JSON with each object that fits into a line on one, so that a difference shows the whole of it."""
    line = json.dumps(node, ensure_ascii=False)
    if len(line) + depth <= WIDTH or not node or not isinstance(node, dict | list):
        return line
    ends, parts = ("{}", _members(node, depth)) if isinstance(node, dict) else ("[]", _items(node, depth))
    margin = "\n" + " " * depth
    return f"{ends[0]}{margin} {f',{margin} '.join(parts)}{margin}{ends[1]}"


def _members(node: dict[str, object], depth: int) -> list[str]:
    return [f"{json.dumps(name)}: {_laid_out(child, depth + 1)}" for name, child in node.items()]


def _items(node: list[object], depth: int) -> list[str]:
    return [_laid_out(child, depth + 1) for child in node]


def _times(filler: re.Match[str]) -> str:
    return f"{WORD}{len(filler[0]) // len(WORD)} times "


def _seen(char: str) -> str:
    return char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1]


def main() -> None:
    names = renew(catalogue())
    print("\n".join([*names, f"{len(names)} files renewed in {WHERE}"]))  # noqa: T201 - says what to review


if __name__ == "__main__":
    main()
