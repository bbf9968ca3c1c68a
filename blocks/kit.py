"""Block Kit as plain dicts. Every limit of a block is kept here, so that no card can be refused."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

from blocks import limits
from blocks.actions import Action
from blocks.text import DASH, clean, clip, clip_markup, is_blank, one_line, utc
from blocks.values import Value
from blocks.words import count

Block = dict[str, Any]
Element = dict[str, Any]
Style = Literal["primary", "danger"]
Level = Literal["default", "info", "warning", "error", "success"]
T = TypeVar("T")
Part = Block | Iterable[Block] | None


def stack(*parts: Part) -> list[Block]:
    """Blocks from top to bottom; what is None is left out."""
    blocks: list[Block] = []
    for part in parts:
        if part is not None:
            blocks += [part] if isinstance(part, dict) else list(part)
    return blocks


# Text objects


def plain(text: str, limit: int) -> Element:
    return {"type": "plain_text", "text": one_line(text, limit), "emoji": False}


def mrkdwn(text: str, limit: int) -> Element:
    """`text` is our own markup with foreign text escaped. Verbatim: Slack adds no links or mentions."""
    shown = DASH if is_blank(text) else clip_markup(text.strip(), limit)
    return {"type": "mrkdwn", "text": shown, "verbatim": True}


def field(label: str, value: str) -> str:
    return f"*{label}*\n{value}"


# Blocks that are safe everywhere


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, limits.HEADER)}


def section(text: str, accessory: Element | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text, limits.SECTION)}
    return block if accessory is None else block | {"accessory": accessory}


def fields(*texts: str | None) -> Block | None:
    """Short texts in two columns; more than ten are folded into the last one."""
    shown = folded([t for t in texts if t], limits.FIELDS, lambda n: f"and {n:,} more")
    if not shown:
        return None
    return {"type": "section", "fields": [mrkdwn(text, limits.FIELD) for text in shown]}


def context(*texts: str | None) -> Block | None:
    shown = folded([t for t in texts if t], limits.CONTEXT_ELEMENTS, lambda n: f"and {n:,} more")
    if not shown:
        return None
    return {"type": "context", "elements": [mrkdwn(text, limits.CONTEXT) for text in shown]}


def more(left: int, noun: str) -> Block | None:
    """Says how many were left out, if any."""
    return context(f"and {count(left, f'more {noun}')}") if left > 0 else None


def divider() -> Block:
    return {"type": "divider"}


def preformatted(text: str) -> Block:
    """Foreign text as it is, to be read and copied."""
    shown = clean(text[: limits.PREFORMATTED * 4])
    shown = DASH if is_blank(shown) else clip(shown.strip("\n"), limits.PREFORMATTED)
    code = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": shown}]}
    return {"type": "rich_text", "elements": [code]}


def actions(*elements: Element | None) -> Block | None:
    """A row of controls. Where one action stands several times in a row, its ids are numbered."""
    present = [e for e in elements if e is not None][: limits.ACTIONS]
    return {"type": "actions", "elements": _numbered(present)} if present else None


def text_input(
    label: str, action: Action, *, block_id: str, hint: str, placeholder: str, initial: str = ""
) -> Block:
    field_: Element = {
        "type": "plain_text_input",
        "action_id": action.value,
        "placeholder": plain(placeholder, limits.PLACEHOLDER),
    }
    if not is_blank(initial):
        field_["initial_value"] = one_line(initial, limits.INPUT_VALUE)
    return _input(label, field_, block_id=block_id, hint=hint)


def long_text_input(
    label: str, action: Action, *, block_id: str, hint: str, placeholder: str, lengths: tuple[int, int]
) -> Block:
    """Over several lines. `lengths` are the least and the most that Slack lets somebody enter."""
    block = text_input(label, action, block_id=block_id, hint=hint, placeholder=placeholder)
    least, most = lengths
    return block | {
        "element": block["element"] | {"multiline": True, "min_length": least, "max_length": most}
    }


def several_input(
    label: str,
    action: Action,
    options: Sequence[Element],
    *,
    block_id: str,
    hint: str,
    chosen: Sequence[Element] = (),
) -> Block:
    """A select that takes several of at most a hundred."""
    field_: Element = {
        "type": "multi_static_select",
        "action_id": action.value,
        "options": list(options[: limits.OPTIONS]),
    }
    if chosen:
        field_["initial_options"] = list(chosen)
    return _input(label, field_, block_id=block_id, hint=hint)


def _input(label: str, element: Element, *, block_id: str, hint: str) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, limits.INPUT_LABEL),
        "hint": plain(hint, limits.INPUT_HINT),
        "element": element,
    }


# Controls


def button(
    label: str,
    action: Action,
    value: Value,
    *,
    style: Style | None = None,
    confirm: Element | None = None,
    describe: str | None = None,
) -> Element:
    """`describe` is what a screen reader says where many buttons look alike."""
    element: Element = {
        "type": "button",
        "action_id": action.value,
        "text": plain(label, limits.BUTTON),
        "value": value.encode(),
    }
    if style:
        element["style"] = style
    if confirm:
        element["confirm"] = confirm
    if describe:
        element["accessibility_label"] = one_line(describe, limits.ACCESSIBILITY)
    return element


def option(label: str, value: str) -> Element:
    """`value` is short by its nature: Slack takes 150 characters."""
    return {"text": plain(label, limits.OPTION), "value": value}


def overflow(action: Action, options: Sequence[Element]) -> Element:
    """The menu behind three dots: at most five entries, and none of them can ask first."""
    return {
        "type": "overflow",
        "action_id": action.value,
        "options": list(options[: limits.OVERFLOW_OPTIONS]),
    }


def typeahead(action: Action, *, placeholder: str, after: int) -> Element:
    """A select that asks the bot for its options while somebody types, from the letter `after` on.

    https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
    """
    return {
        "type": "external_select",
        "action_id": action.value,
        "placeholder": plain(placeholder, limits.PLACEHOLDER),
        "min_query_length": after,
        "focus_on_load": True,
    }


def confirmation(title: str, text: str, agree: str) -> Element:
    return {
        "title": plain(title, limits.CONFIRM_TITLE),
        "text": plain(text, limits.CONFIRM_TEXT),
        "confirm": plain(agree, limits.CONFIRM_BUTTON),
        "deny": plain("Cancel", limits.CONFIRM_BUTTON),
    }


# Newer blocks, each only where Slack takes it


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Block:
    """One a message, none in a modal. Cells are plain text."""
    note = [DASH] * (len(head) - 1)
    shown = folded([head, *rows], limits.TABLE_ROWS, lambda n: [f"and {n:,} more", *note])
    return {"type": "table", "rows": [[_cell(text) for text in row[: limits.TABLE_COLUMNS]] for row in shown]}


@dataclass(frozen=True, slots=True)
class Series:
    """One value for each of a chart's labels."""

    name: str
    values: Sequence[int]


def bar_chart(title: str, labels: Sequence[str], series: Sequence[Series]) -> Block:
    """At most two a message; messages and Home only. Its numbers must stand in words, too.

    Labels are different from one another. More than twenty are cut off at the beginning.
    https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
    """
    shown = [one_line(label, limits.CHART_LABEL) for label in labels[-limits.CHART_POINTS :]]
    chart = {
        "type": "bar",
        "series": [_series(one, shown) for one in series[: limits.CHART_SERIES]],
        "axis_config": {"categories": shown},
    }
    return {"type": "data_visualization", "title": one_line(title, limits.CHART_TITLE), "chart": chart}


def _series(series: Series, labels: Sequence[str]) -> Element:
    values = series.values[-len(labels) :]
    data = [{"label": label, "value": max(0, value)} for label, value in zip(labels, values, strict=True)]
    return {"name": one_line(series.name, limits.CHART_LABEL), "data": data}


def container(title: Element, children: Sequence[Block]) -> Block:
    """A block that opens on a click. Messages only."""
    shown = folded(list(children), limits.CONTAINER_CHILDREN, lambda n: section(f"and {n:,} more"))
    return {
        "type": "container",
        "rich_text_title": title,
        "child_blocks": shown or [section(DASH)],
        "is_collapsible": True,
        "default_collapsed": True,
    }


def dated_title(at: datetime, text: str) -> Element:
    """A time in the reader's zone, then text: for the title of a container."""
    date = {
        "type": "date",
        "timestamp": int(at.timestamp()),
        "format": "{date_short_pretty} {time}",
        "fallback": utc(at),
    }
    words = {"type": "text", "text": f" · {one_line(text, limits.CONTAINER_TITLE - 50)}"}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [date, words]}]}


def alert(text: str, level: Level) -> Block:
    """Modals only."""
    return {"type": "alert", "text": mrkdwn(text, limits.ALERT), "level": level}


def _cell(text: str) -> Element:
    return {"type": "raw_text", "text": one_line(text, limits.TABLE_CELL)}


def folded(items: Sequence[T], limit: int, more: Callable[[int], T]) -> list[T]:
    """At most `limit` items; where there are more, the last one says how many are left out."""
    if len(items) <= limit:
        return list(items)
    return [*items[: limit - 1], more(len(items) - limit + 1)]


def _numbered(elements: list[Element]) -> list[Element]:
    times = Counter(e["action_id"] for e in elements)
    seen: Counter[str] = Counter()
    numbered = []
    for element in elements:
        action = element["action_id"]
        seen[action] += 1
        numbered.append(element | {"action_id": f"{action}:{seen[action]}"} if times[action] > 1 else element)
    return numbered
