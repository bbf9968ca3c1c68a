"""Delta pages are of the shape that Microsoft publishes, `@odata.*` annotations aside."""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.sandbox.graph import Folder, Mailbox
from bot.sandbox.graph.query import NOT_RENDERED
from bot.sandbox.graph.rendering import FOLDER_PROPERTIES, MESSAGE_PROPERTIES
from tests.unit.sandbox.graph.clients import Client

DATA = Path(__file__).resolve().parents[5] / "shared" / "data"


@pytest.fixture(scope="module", params=["folder", "message"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def schema(name: str) -> dict[str, Any]:
    path = DATA / f"graph-{name}-page.schema.json"
    if not path.exists():
        missing = "the JSON schemas of Graph's delta pages are not beside this checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def plain(page: dict[str, Any]) -> dict[str, Any]:
    """Without the annotations of items, which the published types leave out."""
    items = [{key: value for key, value in item.items() if key[0] != "@"} for item in page["value"]]
    return page | {"value": items}


def link_of(client: Client, name: str) -> str:
    return "/mailFolders/delta" if name == "folder" else "/mailFolders/inbox/messages/delta"


async def test_pages_are_of_the_published_shape(
    client: Client, inbox: Folder, mailbox: Mailbox, schema: dict[str, Any], name: str
) -> None:
    world = client.graph.world
    messages = world.populate(inbox, 12)
    world.deliver(inbox, b"\r\nnothing is known of this one")
    folder = world.add_folder("Travel", inbox)
    pages = [await client.get(link_of(client, name))]
    _, link = await client.round(link_of(client, name))
    world.delete(messages[0], hard=True)
    world.move(messages[1], mailbox.folder("archive"))
    world.set_flag(messages[2])
    world.remove_folder(folder)
    pages.append(await client.get(link))
    removed = [item for item in pages[-1].value if "@removed" in item]
    assert removed
    for page in pages:
        jsonschema.validate(plain(page.json), schema)
    for item in removed:
        assert set(item) - {"@odata.type"} == {"id", "@removed"}
        assert item["@removed"]["reason"] in {"deleted", "changed"}


async def test_the_schema_would_notice_a_drift(client: Client, schema: dict[str, Any], name: str) -> None:
    page = plain((await client.get(link_of(client, name))).json)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(page | {"value": [{"id": "x", "surprise": True}]}, schema)


def test_every_published_property_is_rendered_or_refused_as_left_out(
    schema: dict[str, Any], name: str
) -> None:
    types = {"folder": ("MailFolder", FOLDER_PROPERTIES), "message": ("Message", MESSAGE_PROPERTIES)}
    published, rendered = types[name]
    assert set(schema["definitions"][published]["properties"]) <= rendered | NOT_RENDERED
    assert not rendered & NOT_RENDERED
