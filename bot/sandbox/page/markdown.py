"""The `markdown` block as HTML: the common part of Markdown, mapped on what mrkdwn already renders.

https://docs.slack.dev/reference/block-kit/blocks/markdown-block
"""

import re

from markupsafe import Markup

from bot.sandbox.page.mrkdwn import mrkdwn
from bot.sandbox.page.names import Names

HEADING = re.compile(r"^(#{1,6}) +(.+)$")
BULLET = re.compile(r"^\s*(?:[-*+]|\d+\.) +")
LINK = re.compile(r"\[([^\]\n]+)\]\(((?:https?|mailto):[^)\s]+)\)")
BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
STRIKE = re.compile(r"~~([^~\n]+)~~")


def markdown(text: str, names: Names) -> Markup:
    return Markup("").join(
        mrkdwn(piece, names) if at % 2 else Markup("").join(_line(line, names) for line in piece.split("\n"))
        for at, piece in enumerate(re.split(r"(```.+?```)", text, flags=re.DOTALL))
    )


def _line(line: str, names: Names) -> Markup:
    if heading := HEADING.match(line):
        return Markup('<p class="md-heading">{}</p>').format(_inline(heading[2], names))
    if BULLET.match(line):
        return Markup('<p class="md-item">{}</p>').format(_inline(BULLET.sub("", line), names))
    return Markup("<p>{}</p>").format(_inline(line, names)) if line.strip() else Markup("")


def _inline(text: str, names: Names) -> Markup:
    text = LINK.sub(r"<\2|\1>", text)
    return mrkdwn(STRIKE.sub(r"~\1~", BOLD.sub(r"*\1*", text)), names)
