"""Blocks and their elements as HTML: one small template for each type, found by its name."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, Environment, FileSystemLoader
from markupsafe import Markup

from bot.sandbox.page import charts, choices, mrkdwn, rich_text
from bot.sandbox.page.inline import is_safe
from bot.sandbox.page.markdown import markdown
from bot.sandbox.page.names import Names

Json = dict[str, Any]
TEMPLATES = Path(__file__).parent / "templates"
SELECTS = frozenset(
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
)
TYPED = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
PICKED = frozenset({"datepicker", "timepicker", "datetimepicker"})


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["packed"] = packed
    made.globals["hue"] = hue
    made.globals["initials"] = initials
    return made


def packed(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def hue(name: str) -> int:
    """The same person always gets the same colour."""
    return sum(ord(letter) * (at + 7) for at, letter in enumerate(name)) % 360


def initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def drawn(template: str, **values: object) -> Markup:
    return Markup(environment().get_template(template).render(**values))  # noqa: S704 - escaped by the template


@dataclass(frozen=True)
class Painter:
    """Draws for one viewer. `state` is what they typed so far, keyed by block and action.

    `scope` (a view, a message) keeps the ids of HTML apart: block ids are unique only in there.
    """

    names: Names
    state: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    scope: str = ""

    def blocks(self, blocks: Iterable[Json]) -> Markup:
        return Markup("\n").join(self.block(block) for block in blocks)

    def block(self, block: Json) -> Markup:
        name = f"blocks/{block.get('type', '')}.html"
        known = name if name in _templates() else "blocks/unknown.html"
        return drawn(known, block=block, paint=self, block_id=block.get("block_id", ""))

    def element(self, element: Json, block_id: str) -> Markup:
        values = {
            "element": element,
            "block_id": block_id,
            "entry": self.entry(element, block_id),
            "paint": self,
        }
        return drawn(f"elements/{_element_template(str(element.get('type', '')))}.html", **values)

    def entry(self, element: Json, block_id: str) -> Json | None:
        return self.state.get(block_id, {}).get(element.get("action_id", ""))

    def text(self, text: Json | str | None) -> Markup:
        """A text object; a bare string counts as `plain_text`."""
        if not isinstance(text, dict):
            return mrkdwn.plain(text or "")
        if text.get("type") == "mrkdwn":
            return mrkdwn.mrkdwn(str(text.get("text", "")), self.names, verbatim=bool(text.get("verbatim")))
        return mrkdwn.plain(str(text.get("text", "")), emoji=text.get("emoji") is not False)

    def mrkdwn(self, text: str) -> Markup:
        return mrkdwn.mrkdwn(text, self.names)

    def rich(self, block: Json) -> Markup:
        return rich_text.rich_text(block, self.names)

    def markdown(self, text: str) -> Markup:
        return markdown(text, self.names)

    def cell(self, cell: Json) -> Markup:
        if cell.get("type") == "rich_text":
            return self.rich(cell)
        if cell.get("type") == "raw_number":
            return mrkdwn.plain(str(cell.get("text") or cell.get("value", "")), emoji=False)
        return mrkdwn.plain(str(cell.get("text", "")))

    def chart(self, block: Json) -> charts.Chart:
        return charts.chart(block)

    def groups(self, element: Json) -> list[choices.Group]:
        return choices.groups(element, self.names)

    def chosen(self, element: Json, entry: Json | None) -> list[choices.Choice]:
        return choices.chosen(element, entry, self.names)

    def current(self, element: Json, entry: Json | None) -> object:
        return choices.current(element, entry)

    def confirm(self, confirm: Json) -> str:
        """The confirm object with its texts rendered, for the script to put into its dialog."""
        parts = {"title": "Are you sure?", "text": "", "confirm": "Yes", "deny": "No"}
        shown = {name: str(self.text(confirm.get(name) or words)) for name, words in parts.items()}
        return packed(shown | {"style": confirm.get("style", "")})

    def safe(self, url: str | None) -> str:
        """An address that is fit for `href` and `src`, else nothing."""
        return url if url and is_safe(url) else ""


@cache
def _templates() -> frozenset[str]:
    return frozenset(environment().list_templates())


def _element_template(kind: str) -> str:
    if kind in SELECTS:
        return "select"
    if kind in TYPED:
        return "typed"
    if kind in PICKED:
        return "picker"
    return kind if f"elements/{kind}.html" in _templates() else "unknown"
