"""Google's own Python client, which knows nothing of this stand-in, gets along with it."""

import asyncio
import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.sandbox.gmail import GmailStandIn
from bot.sandbox.gmail.uploads import CHUNK
from tests.unit.sandbox.gmail.clients import ANN, mail


@pytest.fixture
def google() -> dict[str, Any]:
    try:
        names = ("discovery", "discovery_cache", "errors", "http")
        found: dict[str, Any] = {name: importlib.import_module(f"googleapiclient.{name}") for name in names}
    except ImportError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))
    return found


@contextmanager
def messages(google: dict[str, Any], gmail: GmailStandIn) -> Iterator[Any]:
    credentials: Any = importlib.import_module("google.oauth2.credentials")
    document = google["discovery_cache"].get_static_doc("gmail", "v1")
    here = document.replace("https://gmail.googleapis.com/", f"{gmail.url}/")
    found = credentials.Credentials(gmail.token(ANN))
    service = google["discovery"].build_from_document(here, credentials=found)
    with service:
        yield service.users().messages()


@pytest.mark.parametrize("resumable", [False, True])
async def test_it_imports_a_message(gmail: GmailStandIn, google: dict[str, Any], *, resumable: bool) -> None:
    raw = mail(body="x" * (CHUNK + 10))

    def imported() -> Any:
        media = google["http"].MediaInMemoryUpload(
            raw, "message/rfc822", chunksize=CHUNK, resumable=resumable
        )
        body = {"labelIds": ["INBOX"]}
        asked = {"neverMarkSpam": True, "internalDateSource": "dateHeader", "fields": "id,labelIds"}
        with messages(google, gmail) as api:
            return api.import_(userId="me", body=body, media_body=media, **asked).execute()

    answer = await asyncio.to_thread(imported)
    [message] = gmail.world.messages(ANN)
    assert answer == {"id": message.id, "labelIds": ["INBOX"]}
    assert message.raw == raw


async def test_it_understands_a_refusal(gmail: GmailStandIn, google: dict[str, Any]) -> None:
    def refused() -> Any:
        with messages(google, gmail) as api, pytest.raises(google["errors"].HttpError) as raised:
            api.get(userId="me", id="19a").execute()
        return raised.value

    error = await asyncio.to_thread(refused)
    assert (error.status_code, error.reason) == (404, "Requested entity was not found.")
