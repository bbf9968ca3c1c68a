"""HTML for the small things inside a line: links, mentions, dates; everything foreign is escaped here."""

from markupsafe import Markup, escape

from bot.sandbox.page.names import Names

SAFE_SCHEMES = ("http://", "https://", "mailto:", "tel:", "slack://")
BROADCASTS = ("here", "channel", "everyone")


def decoded(text: str) -> str:
    """Slack knows three entities and no others: https://docs.slack.dev/messaging/formatting-message-text."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def is_safe(url: str) -> bool:
    return url.lower().startswith(SAFE_SCHEMES)


def link(url: str, label: Markup | str | None = None) -> Markup:
    shown = url.removeprefix("mailto:") if label is None else label
    if not is_safe(url):
        return escape(shown)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, shown)


def user(user_id: str, names: Names, label: str | None = None) -> Markup:
    shown = names.users.get(user_id) or label or user_id
    own = " mention-own" if user_id == names.viewer else ""
    return Markup('<span class="mention{}" data-user="{}"><bdi>@{}</bdi></span>').format(own, user_id, shown)


def channel(channel_id: str, names: Names, label: str | None = None) -> Markup:
    if channel_id not in names.channels:
        return Markup('<span class="mention">#{}</span>').format(label or "private-channel")
    href = f"/page/c/{channel_id}?as={names.viewer}"
    return Markup('<a class="mention" href="{}">#{}</a>').format(href, names.channels[channel_id])


def group(group_id: str, names: Names, label: str | None = None) -> Markup:
    shown = names.groups.get(group_id) or (label or group_id).removeprefix("@")
    own = " mention-own" if group_id in names.viewer_groups else ""
    return Markup('<span class="mention{}">@{}</span>').format(own, shown)


def broadcast(which: str) -> Markup:
    """Marked strongly: it would have rung everybody."""
    return Markup('<span class="mention mention-all" title="This notifies many people">@{}</span>').format(
        which
    )


def date(epoch: str, form: str, url: str | None, fallback: str) -> Markup:
    """The reader's browser fills this in, in its own time zone; without script the fallback shows."""
    if not epoch.lstrip("-").isdecimal() or len(epoch) > len("99999999999"):
        return escape(fallback)
    shown = Markup('<time class="date" data-epoch="{}" data-format="{}">{}</time>').format(
        epoch, form, fallback
    )
    return link(url, shown) if url else shown


def color(value: str) -> Markup:
    return Markup('<span class="color"><i style="background:{}"></i>{}</span>').format(value, value)
