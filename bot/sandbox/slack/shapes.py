"""The objects as Slack sends them: messages, users, channels, views.

https://docs.slack.dev/reference/objects
"""

import copy

from bot.sandbox.slack.model import Channel, File, Json, Message, User, View
from bot.sandbox.slack.world import World


def message(held: Message, world: World) -> Json:
    shape: Json = {"type": "message", "user": held.user, "text": held.text, "ts": held.ts}
    shape["team"] = world.users[held.user].team_id
    if held.bot_id:
        shape |= {"bot_id": held.bot_id, "app_id": world.app_id}
    optional = {"blocks": held.blocks, "attachments": held.attachments, "metadata": held.metadata}
    shape |= {name: copy.deepcopy(value) for name, value in optional.items() if value}
    if held.files:
        shape["files"] = [file(one) for one in held.files]
    if held.thread_ts:
        shape["thread_ts"] = held.thread_ts
    if held.edited_ts:
        shape["edited"] = {"user": held.user, "ts": held.edited_ts}
    return shape


def file(held: File) -> Json:
    """https://docs.slack.dev/reference/objects/file-object"""
    return {"id": held.id, "name": held.name, "title": held.title, "size": held.length, "mode": "hosted"}


def user(person: User, world: World) -> Json:
    """`is_stranger` is told of people of other workspaces alone.

    https://docs.slack.dev/reference/objects/user-object
    """
    outside = {} if person.team_id == world.team_id else {"is_stranger": not _shares_channel(person, world)}
    return outside | {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": False,
        "real_name": person.real_name,
        "tz": person.tz,
        "profile": {"real_name": person.real_name, "display_name": person.name, "team": person.team_id},
        "is_admin": False,
        "is_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 0,
    }


def _shares_channel(person: User, world: World) -> bool:
    """Any channel that the app sees as well."""
    return any({person.id, world.bot_user.id} <= channel.members for channel in world.channels.values())


def user_with_email(person: User, world: World) -> Json:
    """Only with the scope `users:read.email`: https://docs.slack.dev/reference/scopes/users.read.email"""
    shape = user(person, world)
    shape["profile"]["email"] = person.email
    return shape


def channel(held: Channel, world: World) -> Json:
    if held.im_user:
        return {"id": held.id, "is_im": True, "user": held.im_user, "is_archived": held.is_archived}
    return {
        "id": held.id,
        "name": held.name,
        "name_normalized": held.name,
        "is_channel": True,
        "is_im": False,
        "is_private": False,
        "is_archived": held.is_archived,
        "is_member": world.bot_user.id in held.members,
        "num_members": len(held.members),
        "context_team_id": world.team_id,
    }


# Keys of a view that Slack always sends, whether the app gave them or not.
VIEW_DEFAULTS: Json = {
    "private_metadata": "",
    "callback_id": "",
    "clear_on_close": False,
    "notify_on_close": False,
    "close": None,
    "submit": None,
    "external_id": "",
}


def view(held: View, world: World) -> Json:
    """https://docs.slack.dev/reference/objects/view-object"""
    return {
        **VIEW_DEFAULTS,
        **copy.deepcopy(held.payload),
        "id": held.id,
        "team_id": world.team_id,
        "type": held.type,
        "state": {"values": copy.deepcopy(held.state)},
        "hash": held.hash,
        "previous_view_id": held.previous_id,
        "root_view_id": held.root_id,
        "app_id": world.app_id,
        "app_installed_team_id": world.team_id,
        "bot_id": world.bot_id,
    }
