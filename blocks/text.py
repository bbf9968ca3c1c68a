"""Text that is safe to show: foreign text inert, clipped on whole characters, times in the reader's zone."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Final

DASH: Final = "\N{EN DASH}"
ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"

_ZWJ = "\N{ZERO WIDTH JOINER}"
_NEWLINES = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_FORMATTING = str.maketrans(
    {"*": "\N{ASTERISK OPERATOR}", "~": "\N{TILDE OPERATOR}", "`": "\N{MODIFIER LETTER GRAVE ACCENT}"}
)
_LOW_LINE = "\N{MODIFIER LETTER LOW MACRON}"
_LOOSE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_SPACE = re.compile(r"\s+")
_USER = re.compile(r"[UW][A-Z0-9]{2,20}")
_GROUP = re.compile(r"S[A-Z0-9]{2,20}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}")
_BROKEN_TOKEN = re.compile(r"(<[^<>]*|&[a-z]{0,4})\Z")
_FOREIGN_EXCESS = 10
"""How much longer than its limit foreign text is looked at: the rest can only be cut."""


def units(text: str) -> int:
    """Length as Slack's limits may count it: UTF-16 units, so that an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Drop what is invisible but acts: control characters, direction overrides, lone surrogates."""
    return _CONTROLS.sub("", _NEWLINES.sub("\n", text))


def is_blank(text: str) -> bool:
    return all(unicodedata.category(c)[0] in "ZC" for c in text)


_STYLES = "`*"
"""The signs that our own words are styled with; foreign text holds none."""


def clip(text: str, limit: int) -> str:
    """At most `limit` units, ending with an ellipsis where something was cut off."""
    return text if units(text) <= limit else _whole(text, _fitting(text, limit - 1)) + ELLIPSIS


def clip_markup(text: str, limit: int) -> str:
    """As `clip`, for mrkdwn: never in an entity or between angle brackets, and what is bold or code ends."""
    if units(text) <= limit:
        return text
    cuts = (_cut(text, limit - 1 - spare) for spare in range(len(_STYLES) + 1))
    kept, ends = next((kept, ends) for kept, ends in cuts if units(kept + ends) < limit)
    return kept + ELLIPSIS + ends


def _cut(text: str, limit: int) -> tuple[str, str]:
    """What is left, and the signs that end what it leaves styled."""
    kept = _BROKEN_TOKEN.sub("", _whole(text, _fitting(text, max(limit, 0)))).rstrip()
    return kept, "".join(sign for sign in _STYLES if kept.count(sign) % 2)


def one_line(text: str, limit: int) -> str:
    """Foreign text for plain_text: inert, on one line, a dash if there is nothing to see."""
    line = _SPACE.sub(" ", clean(text[: limit * _FOREIGN_EXCESS])).strip()
    return DASH if is_blank(line) else clip(line, limit)


def foreign(text: str, limit: int = 200) -> str:
    """Foreign text for mrkdwn, on one line. The only way in for what somebody else wrote.

    Slack knows no escape for signs that format: each gives way to one that only looks like it. Underscores
    between letters stay, as in addresses, since they format nothing.
    https://docs.slack.dev/messaging/formatting-message-text#basic-formatting
    """
    return escape(_LOOSE_UNDERSCORE.sub(_LOW_LINE, one_line(text, limit).translate(_FORMATTING)))


def ours(text: str, limit: int) -> str:
    """A sentence of ours, on one line, which may quote what its reader typed: it keeps its formatting."""
    return escape(one_line(text, limit))


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def person(actor: str) -> str:
    """A mention of a Slack user; anything else, such as System, as text."""
    return f"<@{actor}>" if _USER.fullmatch(actor) else foreign(actor, 80)


def holder(who: str) -> str:
    """A mention of a user or a user group."""
    return f"<!subteam^{who}>" if _GROUP.fullmatch(who) else person(who)


def place(channel: str) -> str:
    """A channel by its name, which Slack fills in."""
    return f"<#{channel}>" if _CHANNEL.fullmatch(channel) else foreign(channel, 80)


def people(actors: tuple[str, ...]) -> str:
    """Everybody by name, up to five."""
    names = [person(actor) for actor in actors[:5]]
    if len(actors) > len(names):
        names.append(f"{len(actors) - len(names):,} more")
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def when(at: datetime) -> str:
    """A time in the zone of the reader, for mrkdwn."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{utc(at)}>"


def utc(at: datetime) -> str:
    """A time for places that take no markup."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def day(at: datetime) -> str:
    """A day that is the same for every reader, as `31 January 2027`."""
    return f"{at.day} {at:%B %Y}"


def _fitting(text: str, limit: int) -> int:
    """How many characters fit into `limit` units."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore"))


def _whole(text: str, end: int) -> str:
    """The first `end` characters, or fewer: no cut inside what a reader sees as one character."""
    while 0 < end < len(text) and _joined(text, end):
        end -= 1
    return text[:end].rstrip()


def _joined(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    return _ZWJ in (before, after) or _extends(after) or (_is_flag(after) and _odd_flags(text, at))


def _extends(char: str) -> bool:
    """Combining marks and variation selectors; skin tones; tags of subdivision flags."""
    return (
        unicodedata.category(char)[0] == "M"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _odd_flags(text: str, at: int) -> bool:
    """Flags are pairs: an odd number of halves before the cut means that it splits one."""
    start = at
    while start > 0 and _is_flag(text[start - 1]):
        start -= 1
    return (at - start) % 2 == 1
