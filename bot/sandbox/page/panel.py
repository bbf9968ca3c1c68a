"""A place in the side bar for what stands around Slack, such as the mailboxes of the demo company."""

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Panel:
    """Shown as a frame around `url`, else as `html`, which its maker has escaped."""

    title: str
    html: Markup | None = None
    url: str | None = None
