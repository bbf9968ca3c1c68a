"""The methods about the app itself."""

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.webapi.call import Call


def api_test(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/api.test : says back what it was told."""
    error = call.text("error")
    if error:
        raise SlackError(error)
    return {"args": {name: value for name, value in call.args.items() if name != "token"}}


def auth_test(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/auth.test"""
    world = call.world
    return {
        "url": call.backend.base_url,
        "team": world.team_name,
        "user": world.bot_user.name,
        "team_id": world.team_id,
        "user_id": world.bot_user.id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/apps.connections.open"""
    if not call.world.app.socket_mode:
        raise SlackError("invalid_arguments", ["Socket Mode is not enabled in the manifest"])
    return {"url": call.backend.sockets.issue()}
