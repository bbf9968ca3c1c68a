"""Requests of the bot: signed as Standard Webhooks, answered at once, each carried out once."""

import json
from collections import OrderedDict
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from bot.sandbox.company.company import Company
from bot.sandbox.company.world import Mailbox

_REMEMBERED = 10_000


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Inbox:
    def __init__(self, company: Company) -> None:
        self._company = company
        self._webhook = Webhook(company.requests_secret)
        self._answers: OrderedDict[str, int] = OrderedDict()

    async def receive(self, request: web.Request) -> web.Response:
        try:
            self._accept(await request.read(), dict(request.headers))
        except Refused as error:
            document = {"error": {"code": error.code, "message": error.message}}
            return web.json_response(document, status=error.status)
        return web.json_response({"accepted": True}, status=202)

    def _accept(self, body: bytes, headers: dict[str, str]) -> None:
        """The same webhook-id a second time is the same request: accepted, and not done again."""
        event = self._verified(body, headers)
        identity = next(value for name, value in headers.items() if name.lower() == "webhook-id")
        if identity in self._answers:
            return
        self._carry_out(event)
        self._answers[identity] = 202
        if len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)

    def _verified(self, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        try:
            self._webhook.verify(body, headers, json_parse=False)
        except (WebhookVerificationError, ValueError) as error:
            raise Refused(401, "bad_signature", "The signature is wrong, or too old.") from error
        try:
            document = json.loads(body)
        except ValueError as error:
            raise Refused(400, "bad_json", "The body is not JSON.") from error
        if not isinstance(document, dict) or not isinstance(document.get("data"), dict):
            raise Refused(400, "bad_event", "The body is not a CloudEvent with data.")
        return document

    def _carry_out(self, event: dict[str, Any]) -> None:
        mailbox = self._mailbox(event["data"])
        retry_id = str(event["data"].get("retry_id") or event.get("id"))
        match event.get("type"):
            case "retry.requested":
                self._retry(mailbox, event["data"].get("item"), retry_id)
            case "sync.requested":
                self._sync(mailbox, retry_id)
            case other:
                raise Refused(422, "unknown_type", f"This engine does not know {str(other)[:80]!r}.")

    def _mailbox(self, data: dict[str, Any]) -> Mailbox:
        mailbox = self._company.world.mailboxes.get(str(data.get("mailbox")))
        if not mailbox:
            raise Refused(404, "unknown_mailbox", "This engine does not sync that mailbox.")
        return mailbox

    def _retry(self, mailbox: Mailbox, key: object, retry_id: str) -> None:
        item = mailbox.items.get(str(key))
        if not item:
            raise Refused(404, "unknown_item", "This engine does not know that message any more.")
        self._company.runs.retry(mailbox, item, retry_id)

    def _sync(self, mailbox: Mailbox, retry_id: str) -> None:
        if not mailbox.policy.active:
            raise Refused(422, "policy_inactive", f"The policy {mailbox.policy.name} is inactive.")
        if not self._company.runs.start(mailbox, "manual", retry_id):
            raise Refused(409, "already_running", "A run of this mailbox goes on already.")
