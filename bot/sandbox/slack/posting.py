"""What an app may post with a response URL or in the answer to a slash command.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.identify import identified
from bot.sandbox.slack.model import Json, Message
from bot.sandbox.slack.validate import check_blocks
from bot.sandbox.slack.validate.measure import units
from bot.sandbox.slack.webhooks import ResponseUrl
from bot.sandbox.slack.world import World

KNOWN = frozenset(
    {
        "text",
        "blocks",
        "attachments",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
        "metadata",
        "mrkdwn",
        "link_names",
        "parse",
    }
)
RESPONSE_TYPES = ("ephemeral", "in_channel")


def _checked(body: Json, text_limit: int) -> None:
    text, blocks = body.get("text", ""), body.get("blocks") or []
    if not isinstance(text, str) or not isinstance(blocks, list) or not set(body) <= KNOWN:
        raise SlackError("invalid_payload")
    if not _plain_attachments(body.get("attachments") or []):
        raise SlackError("invalid_attachments")
    if body.get("response_type", "ephemeral") not in RESPONSE_TYPES:
        raise SlackError("invalid_payload")
    if units(text) > text_limit:
        raise SlackError("msg_too_long")
    faults = check_blocks(blocks, "message")
    if faults:
        raise SlackError("invalid_blocks", [str(fault) for fault in faults])


def _plain_attachments(attachments: object) -> bool:
    """Blocks in attachments are left to `chat.*`."""
    if not isinstance(attachments, list):
        return False
    return all(isinstance(one, dict) and "blocks" not in one for one in attachments)


class Poster:
    def __init__(self, world: World, text_limit: int) -> None:
        self._world = world
        self._text_limit = text_limit

    def respond(self, url: ResponseUrl, body: object) -> None:
        """Raises SlackError where Slack would answer with that word.

        A command has no original, so that replacing it posts anew: slackapi/bolt-python#1268.
        """
        if not isinstance(body, dict):
            raise SlackError("invalid_payload")
        _checked(body, self._text_limit)
        original = self._original(url)
        if body.get("delete_original"):
            self._delete(original)
        elif body.get("replace_original") and original:
            self._replace(original, body)
        else:
            self._post(url, body)

    def _original(self, url: ResponseUrl) -> Message | None:
        return self._world.message(url.original.channel, url.original.ts) if url.original else None

    def _delete(self, original: Message | None) -> None:
        if original is None:
            raise SlackError("invalid_payload")
        self._world.delete(original)

    def _replace(self, original: Message, body: Json) -> None:
        fields = self._content(body)
        self._world.edit(original, **fields)

    def _content(self, body: Json) -> Json:
        if not (body.get("text") or body.get("blocks") or body.get("attachments")):
            raise SlackError("no_text")
        blocks = identified(body.get("blocks") or [], self._world.mint)
        attachments = body.get("attachments") or []
        return {"text": body.get("text", ""), "blocks": blocks, "attachments": attachments}

    def _post(self, url: ResponseUrl, body: Json) -> None:
        """Ephemeral unless it says otherwise, and also where the app is no member."""
        self._world.post(
            url.channel,
            self._world.bot_user.id,
            **self._content(body),
            thread_ts=body.get("thread_ts") or url.thread_ts,
            ephemeral_for=None if body.get("response_type") == "in_channel" else url.user,
            bot_id=self._world.bot_id,
        )
