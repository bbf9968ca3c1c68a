"""Reads the arguments and the token out of a request.

https://docs.slack.dev/apis/web-api/ : query, form or JSON; the token as a bearer, or as a form argument.
"""

import json
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Json

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
JSON = "application/json"


@dataclass(frozen=True)
class Sent:
    args: Json
    token: str | None
    is_json: bool = False


async def read(request: web.Request) -> Sent:
    """Raises SlackError for a body that Slack could not read."""
    is_json = request.content_type == JSON and request.can_read_body
    args: Json = dict(request.query) | await _body(request)
    bearer = _bearer(request)
    in_form = None if is_json else args.pop("token", None)
    return Sent(args, bearer or in_form, is_json)


def _bearer(request: web.Request) -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.casefold() == "bearer" else None


async def _body(request: web.Request) -> Json:
    if not request.can_read_body:
        return {}
    if request.content_type == JSON:
        return await _json(request)
    if request.content_type in FORMS:
        return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    raise SlackError("invalid_post_type")


async def _json(request: web.Request) -> Json:
    try:
        body = json.loads(await request.text())
    except ValueError as problem:
        raise SlackError("invalid_json") from problem
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body
