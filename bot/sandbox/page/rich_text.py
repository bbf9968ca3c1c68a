"""The `rich_text` block as HTML: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block."""

from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup, escape

from bot.sandbox.page import inline
from bot.sandbox.page.emoji import EMOJI
from bot.sandbox.page.names import Names

Json = dict[str, Any]
STYLES = {"bold": "b", "italic": "i", "strike": "s", "underline": "u", "code": "code"}


def rich_text(block: Json, names: Names) -> Markup:
    """Also takes a bare list of inline elements, as `rich_text_title` of a container may hold."""
    elements: list[Json] = block.get("elements") or []
    if elements and not str(elements[0].get("type")).startswith("rich_text"):
        return _inline(elements, names)
    return Markup("").join(_part(element, names) for element in elements)


def _part(element: Json, names: Names) -> Markup:
    read = PARTS.get(element.get("type", ""), _section)
    return read(element, names)


def _section(element: Json, names: Names) -> Markup:
    return Markup('<div class="rich-section" dir="auto">{}</div>').format(
        _inline(element.get("elements", []), names)
    )


def _quote(element: Json, names: Names) -> Markup:
    return Markup("<blockquote>{}</blockquote>").format(_inline(element.get("elements", []), names))


def _preformatted(element: Json, names: Names) -> Markup:
    return Markup("<pre>{}</pre>").format(_inline(element.get("elements", []), names))


def _list(element: Json, names: Names) -> Markup:
    items = Markup("").join(
        Markup("<li>{}</li>").format(_part(item, names)) for item in element.get("elements", [])
    )
    tag = "ol" if element.get("style") == "ordered" else "ul"
    indent, offset = int(element.get("indent", 0)), int(element.get("offset", 0))
    start = Markup(' start="{}"').format(offset + 1) if tag == "ol" and offset else ""
    return Markup('<{0} class="rich-list indent-{1}"{2}>{3}</{0}>').format(tag, indent, start, items)


def _inline(elements: Iterable[Json], names: Names) -> Markup:
    return Markup("").join(_styled(_leaf(element, names), element.get("style")) for element in elements)


def _leaf(element: Json, names: Names) -> Markup:
    read = LEAVES.get(element.get("type", ""), _text)
    return read(element, names)


def _styled(html: Markup, style: object) -> Markup:
    wanted = style if isinstance(style, dict) else {}
    for name, tag in STYLES.items():
        if wanted.get(name):
            html = Markup(f"<{tag}>{{}}</{tag}>").format(html)  # noqa: S704 - from the table above
    return html


def _text(element: Json, names: Names) -> Markup:  # noqa: ARG001 - one shape for all leaves
    return escape(element.get("text", ""))


def _link(element: Json, names: Names) -> Markup:  # noqa: ARG001 - as above
    return inline.link(element.get("url", ""), element.get("text"))


def _emoji(element: Json, names: Names) -> Markup:  # noqa: ARG001 - as above
    name = element.get("name", "")
    return escape(EMOJI.get(name, f":{name}:"))


def _user(element: Json, names: Names) -> Markup:
    return inline.user(element.get("user_id", ""), names)


def _channel(element: Json, names: Names) -> Markup:
    return inline.channel(element.get("channel_id", ""), names)


def _group(element: Json, names: Names) -> Markup:
    return inline.group(element.get("usergroup_id", ""), names)


def _broadcast(element: Json, names: Names) -> Markup:  # noqa: ARG001 - as above
    return inline.broadcast(element.get("range", "channel"))


def _date(element: Json, names: Names) -> Markup:  # noqa: ARG001 - as above
    epoch, form = str(element.get("timestamp", "")), element.get("format", "{date_short_pretty} {time}")
    return inline.date(epoch, form, element.get("url"), element.get("fallback") or epoch)


def _color(element: Json, names: Names) -> Markup:  # noqa: ARG001 - as above
    return inline.color(element.get("value", ""))


Reader = Callable[[Json, Names], Markup]
PARTS: dict[str, Reader] = {
    "rich_text_section": _section,
    "rich_text_list": _list,
    "rich_text_quote": _quote,
    "rich_text_preformatted": _preformatted,
}
LEAVES: dict[str, Reader] = {
    "text": _text,
    "link": _link,
    "emoji": _emoji,
    "user": _user,
    "channel": _channel,
    "usergroup": _group,
    "broadcast": _broadcast,
    "date": _date,
    "color": _color,
}
