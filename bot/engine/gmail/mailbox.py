"""One Gmail mailbox as the engine's destination."""

import json
from collections.abc import Collection
from http import HTTPStatus
from urllib.parse import quote

from yarl import URL

from bot.engine.fault import Fault
from bot.engine.gmail import answers
from bot.engine.gmail.adding import Adding
from bot.engine.gmail.calls import JSON, Calls, Request
from bot.engine.gmail.pacing import (
    CHANGE_LABEL,
    GET_MESSAGE,
    LIST_LABELS,
    LIST_MESSAGES,
    MODIFY,
    TRASH,
)
from bot.engine.sides import Label, Mime

_FIELDS = "fields=id,name,type"


class Mailbox:
    """Fills the protocol Destination. `url` is where the API is, without the user."""

    __slots__ = ("_adding", "_calls", "_url")

    def __init__(self, calls: Calls, adding: Adding, url: str) -> None:
        self._calls = calls
        self._adding = adding
        self._url = url

    async def labels(self) -> tuple[Label, ...]:
        url = self._at("labels?fields=labels(id,name,type)")
        answer = await self._calls.succeed(Request("GET", url, LIST_LABELS))
        return tuple(label.told() for label in answers.read(answers.Labels, answer.body).labels)

    async def create_label(self, name: str) -> Label:
        """The label that has this name, in any spelling, if there is one already."""
        wanted = {"name": name, "labelListVisibility": "labelShow", "messageListVisibility": "show"}
        url = self._at(f"labels?{_FIELDS}")
        answer = await self._calls.send(Request("POST", url, CHANGE_LABEL, _dumped(wanted), JSON))
        if answer.status == HTTPStatus.CONFLICT:
            return await self._spelled(name, Fault("dest_label_conflict", str(answer.fault())))
        if not answer.is_success:
            raise answer.fault()
        return answers.read(answers.Label, answer.body).told()

    async def rename_label(self, label: str, name: str) -> Label:
        url = self._at(f"labels/{_quoted(label)}?{_FIELDS}")
        answer = await self._calls.send(Request("PATCH", url, CHANGE_LABEL, _dumped({"name": name}), JSON))
        if answer.status == HTTPStatus.NOT_FOUND:
            raise Fault("dest_label_gone", str(answer.fault()))
        if answer.status == HTTPStatus.CONFLICT:
            raise Fault("dest_label_conflict", str(answer.fault()))
        if not answer.is_success:
            raise answer.fault()
        return answers.read(answers.Label, answer.body).told()

    async def delete_label(self, label: str) -> None:
        await self._unless_gone(Request("DELETE", self._at(f"labels/{_quoted(label)}"), CHANGE_LABEL))

    async def put(self, mime: Mime, labels: Collection[str], *, is_sent: bool) -> tuple[str, int]:
        return await self._adding.add(mime, labels, is_sent=is_sent)

    async def find(self, message_id: str) -> tuple[str, ...]:
        """Gmail does not say how soon after an import a message is found."""
        query = _quoted(f"rfc822msgid:{message_id.strip().removeprefix('<').removesuffix('>')}")
        path = f"messages?includeSpamTrash=true&fields=messages/id,nextPageToken&q={query}"
        found: list[str] = []
        page: str | None = ""
        while page is not None:
            url = self._at(path + (f"&pageToken={_quoted(page)}" if page else ""))
            answer = await self._calls.succeed(Request("GET", url, LIST_MESSAGES))
            listed = answers.read(answers.Found, answer.body)
            found += (message.id for message in listed.messages)
            page = listed.next_page
        return tuple(found)

    async def labels_of(self, message: str) -> frozenset[str]:
        url = self._at(f"messages/{_quoted(message)}?format=minimal&fields=labelIds")
        answer = await self._calls.send(Request("GET", url, GET_MESSAGE))
        if answer.status == HTTPStatus.NOT_FOUND:
            return frozenset()
        if not answer.is_success:
            raise answer.fault()
        return frozenset(answers.read(answers.Labelled, answer.body).label_ids)

    async def modify(self, message: str, *, add: Collection[str], remove: Collection[str]) -> None:
        """A message that is gone has nothing to be adjusted. Gmail refuses a change without any label."""
        if not add and not remove:
            return
        change = {"addLabelIds": list(add), "removeLabelIds": list(remove)}
        url = self._at(f"messages/{_quoted(message)}/modify?fields=id")
        await self._unless_gone(Request("POST", url, MODIFY, _dumped(change), JSON))

    async def trash(self, message: str) -> None:
        url = self._at(f"messages/{_quoted(message)}/trash?fields=id")
        await self._unless_gone(Request("POST", url, TRASH))

    async def _unless_gone(self, request: Request) -> None:
        answer = await self._calls.send(request)
        if answer.is_success:
            return
        fault = answer.fault()
        is_gone = answer.status == HTTPStatus.NOT_FOUND and fault.cause.code != "dest_label_gone"
        if not is_gone:
            raise fault

    async def _spelled(self, name: str, conflict: Fault) -> Label:
        wanted = name.casefold()
        found = next((each for each in await self.labels() if each.name.casefold() == wanted), None)
        if found is None:
            raise conflict
        return found

    def _at(self, path: str) -> URL:
        return URL(f"{self._url}/gmail/v1/users/me/{path}", encoded=True)


def _dumped(document: object) -> bytes:
    return json.dumps(document).encode()


def _quoted(text: str) -> str:
    return quote(text, safe="")
