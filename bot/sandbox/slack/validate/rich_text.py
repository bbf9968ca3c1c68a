"""Rich text: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block"""

from collections.abc import Mapping

from bot.sandbox.slack.validate.objects import URL
from bot.sandbox.slack.validate.rule import Rule, by_type, flag, listing, one_of, shape, string, whole

LONGEST = 13_000
ID = string(255)
STYLES = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), flag))
MANY = 1_000


def _span(kind: str, required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    return shape({"type": one_of(kind), **required}, {"style": STYLES, **(optional or {})})


TEXT = _span("text", {"text": string(LONGEST)})
LINK = _span("link", {"url": string(URL)}, {"text": string(LONGEST), "unsafe": flag})
SPANS: Mapping[str, Rule] = {
    "text": TEXT,
    "link": LINK,
    "emoji": _span("emoji", {"name": string(255)}, {"unicode": string(255), "skin_tone": whole(1, 6)}),
    "user": _span("user", {"user_id": ID}),
    "usergroup": _span("usergroup", {"usergroup_id": ID}),
    "channel": _span("channel", {"channel_id": ID}),
    "team": _span("team", {"team_id": ID}),
    "broadcast": _span("broadcast", {"range": one_of("here", "channel", "everyone")}),
    "color": _span("color", {"value": string(9)}),
    "date": _span(
        "date",
        {"timestamp": whole(0, 10**11), "format": string(255)},
        {"url": string(URL), "fallback": string(LONGEST)},
    ),
}

_SPANS = listing(by_type(SPANS, "rich text element"), MANY)
_BORDER = {"border": whole(0, 1)}
SECTION = shape({"type": one_of("rich_text_section"), "elements": _SPANS})
PARTS: Mapping[str, Rule] = {
    "rich_text_section": SECTION,
    "rich_text_list": shape(
        {
            "type": one_of("rich_text_list"),
            "style": one_of("bullet", "ordered"),
            "elements": listing(by_type({"rich_text_section": SECTION}, "list item"), MANY),
        },
        {"indent": whole(0, 8), "offset": whole(0, MANY), **_BORDER},
    ),
    "rich_text_quote": shape({"type": one_of("rich_text_quote"), "elements": _SPANS}, _BORDER),
    "rich_text_preformatted": shape(
        {
            "type": one_of("rich_text_preformatted"),
            "elements": listing(by_type({"text": TEXT, "link": LINK}, "preformatted element"), MANY),
        },
        {**_BORDER, "language": string(255)},
    ),
}

BLOCK_ID = {"block_id": string(255)}
RICH_TEXT = shape(
    {"type": one_of("rich_text"), "elements": listing(by_type(PARTS, "rich text part"), MANY)}, BLOCK_ID
)
# A title has one line: https://docs.slack.dev/reference/block-kit/blocks/container-block
ONE_LINE = shape(
    {
        "type": one_of("rich_text"),
        "elements": listing(by_type({"rich_text_section": SECTION}, "title part"), 1),
    },
    BLOCK_ID,
)
