"""What Google leaves open, or documents in more than one way: one knob each, strict by default."""

from dataclasses import dataclass, field
from datetime import timedelta

MAX_MESSAGE = 157_286_400
"""`maxSize` of import and insert in the discovery document of Gmail v1."""

RESERVED_NAMES = frozenset(
    {
        *(
            "inbox",
            "sent",
            "draft",
            "drafts",
            "spam",
            "trash",
            "bin",
            "unread",
            "starred",
            "important",
            "chat",
        ),
        *("chats", "all mail", "allmail", "muted", "snoozed", "scheduled", "archive", "archived", "migrated"),
        *("todo", "todos", "buzz", "voicemail"),
        *(
            "category_personal",
            "category_social",
            "category_promotions",
            "category_updates",
            "category_forums",
        ),
    }
)
"""System names are reserved (the guide on labels,
https://developers.google.com/workspace/gmail/api/guides/labels). Those that no document lists are refused in
the field: github.com/GAM-team/got-your-back/issues/110, /316, /350 and /pull/95, its list of reserved names,
and the README of lieer. Gmail also reserves what it calls them in the user's language: add those here."""

BLOCKED_EXTENSIONS = frozenset(
    {
        *("ade", "adp", "apk", "appx", "appxbundle", "bat", "cab", "chm", "cmd", "com"),
        *("cpl", "diagcab", "diagcfg", "diagpkg", "dll", "dmg", "ex", "ex_", "exe", "hta"),
        *("img", "ins", "iso", "isp", "jar", "jnlp", "js", "jse", "lib", "lnk"),
        *("mde", "mjs", "msc", "msi", "msix", "msixbundle", "msp", "mst", "nsh", "pif"),
        *("ps1", "scr", "sct", "shb", "sys", "vb", "vbe", "vbs", "vhd", "vxd"),
        *("wsc", "wsf", "wsh", "xll"),
    }
)
"""https://support.google.com/mail/answer/6590"""


@dataclass
class Rules:
    """May be changed while the stand-in runs.

    `index_lag` is how long a new message cannot be found by `q`: no document gives a number.
    `deduplicates` merges an upload with a message of the same Message-ID. No document says that Gmail does;
    an author of https://github.com/google/import-mailbox-to-gmail/issues/56 says so.
    `label_names_ignore_case`: https://github.com/gauteh/lieer/issues/29 suspects it, no document says so.
    `label_name_length`: Gmail's own pages refuse more than 225 characters; the API's documents are silent.
    `settable_anyhow` are labels that may be set though the guide on labels says no, such as SENT, which
    https://github.com/GAM-team/got-your-back/issues/452 shows refused.
    `one_place` refuses to add more than one of INBOX, SPAM, TRASH at once:
    https://github.com/gauteh/lieer/issues/26
    `keep_bodies_under` bytes: of a larger message the header, the size and the hash are kept; None keeps all.
    `session_lifetime`: as for https://developers.google.com/streetview/publish/resumable-uploads ; the
    guide of Gmail gives no number.
    `expired_session` is `sessionGone` (404, the guide on uploads) or `sessionExpired` (410).
    `full_mailbox` is the kind of error of an upload into a full mailbox, which Gmail does not publish.
    """

    index_lag: timedelta = timedelta(0)
    deduplicates: bool = False
    label_names_ignore_case: bool = True
    label_name_length: int = 225
    most_labels: int = 10_000
    reserved_names: frozenset[str] = RESERVED_NAMES
    settable_anyhow: frozenset[str] = field(default_factory=frozenset)
    blocked_extensions: frozenset[str] = BLOCKED_EXTENSIONS
    one_from_header: bool = True
    one_place: bool = True
    max_message: int = MAX_MESSAGE
    max_json: int = 10_485_760
    keep_bodies_under: int | None = None
    session_lifetime: timedelta = timedelta(days=7)
    expired_session: str = "sessionGone"
    full_mailbox: str = "storageQuotaExceeded"
