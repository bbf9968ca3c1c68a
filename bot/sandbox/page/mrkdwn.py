"""Slack's mrkdwn as HTML: https://docs.slack.dev/messaging/formatting-message-text."""

import re
from collections.abc import Callable
from itertools import groupby

from markupsafe import Markup, escape

from bot.sandbox.page import inline
from bot.sandbox.page.emoji import with_emoji
from bot.sandbox.page.names import Names

FENCE = re.compile(r"\n?```\n?(.+?)\n?```\n?", re.DOTALL)
QUOTE = re.compile(r"^(?:>|&gt;) ?")
TOKEN = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<angle>[^<>\n]+)>"
    r"|(?P<emoji>:[a-z0-9_+\-]{1,64}:)"
    r"|(?P<mark>[*_~])"
    r"|(?P<url>https?://[^\s<>|*`]+)",
)
TAGS = {"*": "b", "_": "i", "~": "s"}
BREAK = Markup("<br>")
NO_NAMES = Names()


def plain(text: str, *, emoji: bool = True) -> Markup:
    """A `plain_text` object: no markup, yet line breaks, emoji names and the three entities."""
    decoded = inline.decoded(text)
    return BREAK.join((with_emoji(decoded) if emoji else decoded).split("\n"))


def mrkdwn(text: str, names: Names = NO_NAMES, *, verbatim: bool = False) -> Markup:
    """Safe HTML, in time linear in the length. `verbatim` leaves bare addresses unlinked."""
    return Markup("").join(
        Markup("<pre>{}</pre>").format(inline.decoded(piece))
        if at % 2
        else _lines(piece, names, verbatim=verbatim)
        for at, piece in enumerate(FENCE.split(text))
    )


def _lines(text: str, names: Names, *, verbatim: bool) -> Markup:
    html = Markup("")
    for quoted, lines in groupby(text.split("\n"), key=lambda line: QUOTE.match(line) is not None):
        shown = BREAK.join(
            _line(QUOTE.sub("", line) if quoted else line, names, verbatim=verbatim) for line in lines
        )
        html += Markup("<blockquote>{}</blockquote>").format(shown) if quoted else shown
    return html


def _line(text: str, names: Names, *, verbatim: bool) -> Markup:
    line = _Line()
    at = 0
    for match in TOKEN.finditer(text):
        line.text(text[at : match.start()])
        at = match.end()
        if match["mark"]:
            line.mark(match["mark"], before=text[match.start() - 1 : match.start()], after=text[at : at + 1])
        else:
            line.pieces.append(_atom(match, names, verbatim=verbatim))
    line.text(text[at:])
    return Markup("").join(line.pieces)


class _Line:
    """The pieces of one line; `open` remembers where a style may have begun."""

    def __init__(self) -> None:
        self.pieces: list[Markup] = []
        self.open: dict[str, int] = {}

    def text(self, text: str) -> None:
        if text:
            self.pieces.append(escape(inline.decoded(text)))

    def mark(self, mark: str, *, before: str, after: str) -> None:
        """Styles begin and end at the edge of a word, so that `snake_case_names` stay as they are."""
        start = self.open.get(mark, len(self.pieces))
        if start < len(self.pieces) - 1 and not before.isspace() and not after.isalnum():
            self._close(mark, start)
            return
        if not before.isalnum() and after and not after.isspace():
            self.open[mark] = len(self.pieces)
        self.pieces.append(escape(mark))

    def _close(self, mark: str, start: int) -> None:
        tag = TAGS[mark]
        self.pieces[start] = Markup(f"<{tag}>")  # noqa: S704 - from the table above
        self.pieces.append(Markup(f"</{tag}>"))  # noqa: S704 - as above
        self.open = {other: at for other, at in self.open.items() if at < start}


def _atom(match: re.Match[str], names: Names, *, verbatim: bool) -> Markup:
    if match["code"]:
        return Markup("<code>{}</code>").format(inline.decoded(match["code"]))
    if match["angle"]:
        return _angle(match["angle"], names)
    if match["emoji"]:
        return escape(with_emoji(match["emoji"]))
    return escape(match["url"]) if verbatim else _bare(inline.decoded(match["url"]))


def _bare(url: str) -> Markup:
    """The full stop after an address belongs to the sentence."""
    address = url.rstrip(".,;:!?)'\"")
    return inline.link(address) + escape(url[len(address) :])


def _angle(body: str, names: Names) -> Markup:
    target, _, label = body.partition("|")
    read = READERS.get(target[0], _link) if target else _literal
    return read(target, inline.decoded(label), names)


def _literal(target: str, label: str, names: Names) -> Markup:  # noqa: ARG001 - one shape for all readers
    return escape(inline.decoded(f"<{target}|{label}>" if label else f"<{target}>"))


def _link(target: str, label: str, names: Names) -> Markup:
    if not inline.is_safe(target):
        return _literal(target, label, names)
    return inline.link(inline.decoded(target), with_emoji(label) if label else None)


def _user(target: str, label: str, names: Names) -> Markup:
    return inline.user(target[1:], names, label or None)


def _channel(target: str, label: str, names: Names) -> Markup:
    return inline.channel(target[1:], names, label or None)


def _special(target: str, label: str, names: Names) -> Markup:
    name, *rest = target[1:].split("^")
    if name in inline.BROADCASTS:
        return inline.broadcast(name)
    if name == "subteam" and rest:
        return inline.group(rest[0], names, label or None)
    if name == "date" and len(rest) > 1:
        url = inline.decoded(rest[2]) if len(rest) > 2 else None  # noqa: PLR2004 - epoch, format, link
        return inline.date(rest[0], inline.decoded(rest[1]), url, label)
    return escape(label) if label else _literal(target, label, names)


READERS: dict[str, Callable[[str, str, Names], Markup]] = {"@": _user, "#": _channel, "!": _special}
