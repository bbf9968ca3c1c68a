"""Users and user groups."""

from bot.sandbox.slack import shapes
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Json, User
from bot.sandbox.slack.webapi.call import Call
from bot.sandbox.slack.webapi.pages import page


def _shape(call: Call, person: User) -> Json:
    sees_address = "users:read.email" in call.world.app.scopes
    shape = shapes.user_with_email if sees_address else shapes.user
    return shape(person, call.world)


def info(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/users.info"""
    person = call.world.users.get(call.required("user"))
    if person is None:
        raise SlackError("user_not_found")
    return {"user": _shape(call, person)}


def lookup_by_email(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/users.lookupByEmail : finds members of this workspace only."""
    wanted = call.required("email").casefold()
    people = [person for person in call.world.users.values() if person.team_id == call.world.team_id]
    found = next((person for person in people if person.email.casefold() == wanted), None)
    if found is None:
        raise SlackError("users_not_found")
    return {"user": _shape(call, found)}


def list_(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/users.list"""
    people, metadata = page(call, list(call.world.users.values()))
    members = [_shape(call, person) for person in people]
    return {"members": members, "cache_ts": int(call.backend.clock()), "response_metadata": metadata}


def groups(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/usergroups.list"""
    shapes_of_groups = [_group(call, group_id) for group_id in call.world.user_groups]
    return {"usergroups": shapes_of_groups}


def _group(call: Call, group_id: str) -> Json:
    people = sorted(call.world.user_groups[group_id])
    name = group_id.removeprefix("S0").lower()
    shape: Json = {
        "id": group_id,
        "team_id": call.world.team_id,
        "is_usergroup": True,
        "name": name.capitalize(),
        "handle": name,
        "date_delete": 0,
        "user_count": len(people),
    }
    return shape | ({"users": people} if call.flag("include_users") else {})


def group_members(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/usergroups.users.list"""
    group = call.world.user_groups.get(call.required("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": sorted(group)}
