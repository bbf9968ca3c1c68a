"""How Slack rewrites what a person types.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re

from bot.sandbox.slack.world import World

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LINK = re.compile(r"https?://[^\s<>]+")
MENTION = re.compile(r"(?<!\S)([@#])([\w.-]+)")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_delivered(text: str, world: World) -> str:
    """Escaped, with addresses, links and mentions marked up."""
    linked = LINK.sub(lambda found: f"<{found.group()}>", escaped(text))
    addressed = ADDRESS.sub(lambda found: f"<mailto:{found.group()}|{found.group()}>", linked)
    people = {f"@{user.name}": f"<@{user.id}>" for user in world.users.values()}
    return MENTION.sub(lambda found: people.get(found.group(), found.group()), addressed)


def with_entities(text: str, world: World) -> str:
    """`should_escape` of a slash command: links, people and channels, and nothing else that Slack tells of.

    https://docs.slack.dev/interactivity/implementing-slash-commands#escape-usernames
    """
    people = {f"@{user.name}": f"<@{user.id}|{user.name}>" for user in world.users.values()}
    rooms = {
        f"#{room.name}": f"<#{room.id}|{room.name}>" for room in world.channels.values() if not room.im_user
    }
    known = people | rooms
    linked = LINK.sub(lambda found: f"<{found.group()}>", text)
    return MENTION.sub(lambda found: known.get(found.group(), found.group()), linked)
