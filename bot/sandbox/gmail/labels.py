"""Labels: the system's and the user's, and what a user's label may be called.

https://developers.google.com/workspace/gmail/api/guides/labels
"""

from dataclasses import dataclass
from typing import Literal

from bot.sandbox.gmail.errors import ApiError, Json
from bot.sandbox.gmail.rules import Rules

MessageVisibility = Literal["show", "hide"]
ListVisibility = Literal["labelShow", "labelShowIfUnread", "labelHide"]

APPLICABLE = (
    *("INBOX", "SPAM", "TRASH", "UNREAD", "STARRED", "IMPORTANT"),
    *("CATEGORY_PERSONAL", "CATEGORY_SOCIAL", "CATEGORY_PROMOTIONS", "CATEGORY_UPDATES", "CATEGORY_FORUMS"),
)
"""The guide's column "Can be manually applied"."""
AUTOMATIC = ("SENT", "DRAFT", "CHAT")
"""SENT and DRAFT by the guide; of CHAT, github.com/GAM-team/got-your-back/issues/135 shows the refusal."""


@dataclass
class Label:
    id: str
    name: str
    is_system: bool = False
    message_list_visibility: str | None = None
    label_list_visibility: str | None = None
    color: Json | None = None

    def document(self) -> Json:
        """As labels.list shows it; labels.get adds the counts."""
        shown: Json = {"id": self.id, "name": self.name, "type": "system" if self.is_system else "user"}
        if self.message_list_visibility:
            shown["messageListVisibility"] = self.message_list_visibility
        if self.label_list_visibility:
            shown["labelListVisibility"] = self.label_list_visibility
        return shown | ({"color": self.color} if self.color else {})


def system_labels() -> dict[str, Label]:
    return {name: Label(name, name, is_system=True) for name in (*APPLICABLE, *AUTOMATIC)}


def checked_name(name: str, rules: Rules) -> str:
    """A path of levels divided by "/". Which names are malformed is nowhere documented: refused are empty
    levels, white space around one, and control characters.
    """
    levels = name.split("/")
    if any(not level or level != level.strip() for level in levels) or not name.isprintable():
        raise ApiError("invalidLabelName")
    if len(name) > rules.label_name_length or name.lower() in rules.reserved_names:
        raise ApiError("invalidLabelName")
    return name
