"""What an admin is told when nothing can be delivered to a channel any more."""

from datetime import datetime

from blocks.kit import context, section, stack
from blocks.surface import Message
from blocks.text import foreign, place, when

_MENDED = {
    "is_archived": ("it is archived", "Unarchive it, or subscribe another channel"),
    "not_in_channel": ("syncbot is not a member", "Invite it there: `/invite @syncbot`"),
    "channel_not_found": (
        "it does not exist, or syncbot was removed from it",
        "Invite syncbot there, or subscribe another channel",
    ),
    "missing_scope": ("syncbot lacks a permission", "Install the app again with the current manifest"),
}
_REVOKED = ("Slack refuses syncbot's token", "Install the app again, and give syncbot the new token")
_REFUSED = (
    "Slack refuses messages there",
    "See what the channel's and the workspace's settings allow, or subscribe another channel",
)


def message(channel: str, reason: str, since: datetime, *, is_whole: bool = True) -> Message:
    """`reason` is Slack's own word, or the kind of trouble. Unless it `is_whole`, some messages arrive."""
    if not is_whole:
        return _of_some(channel, reason, since)
    why, remedy = explained(reason)
    told = f"Alerts cannot be delivered to {place(channel)}: {why}. {remedy}."
    kept = "Nothing is lost: what is still wrong by then is posted as soon as it works again."
    return Message.of(told, stack(section(told), context(f"since {when(since)}", _word(reason), kept)))


def _of_some(channel: str, reason: str, since: datetime) -> Message:
    told = f"Some alerts cannot be delivered to {place(channel)}, though others are: Slack refuses them."
    act = "They are tried again. The log says more; if it lasts, report it to whoever makes syncbot."
    return Message.of(told, stack(section(told), context(f"since {when(since)}", _word(reason), act)))


def explained(reason: str) -> tuple[str, str]:
    """Why, and what to do."""
    token = reason.startswith("token_") or reason in {"account_inactive", "invalid_auth", "not_authed"}
    return _MENDED.get(reason) or (_REVOKED if token else _REFUSED)


def _word(reason: str) -> str:
    return f"`{foreign(reason, 60)}`"
