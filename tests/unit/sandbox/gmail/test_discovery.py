"""What the stand-in knows and says is what Google's discovery document says."""

import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.sandbox.gmail import NEW, OLD, GmailStandIn
from bot.sandbox.gmail.fields import RESPONSES, SHAPES
from bot.sandbox.gmail.params import PARAMETERS
from bot.sandbox.gmail.reading import MODIFY_FIELDS
from bot.sandbox.gmail.routes import BASE, SCOPES, UPLOADABLE, UPLOADS, route
from bot.sandbox.gmail.rules import MAX_MESSAGE
from tests.unit.sandbox.gmail.clients import ANN, Client, mail

ADD_ON = "gmail.addons"


@pytest.fixture(scope="module")
def discovery() -> dict[str, Any]:
    spec = importlib.util.find_spec("googleapiclient")
    if spec is None or spec.origin is None:
        missing = "google-api-python-client, which holds the discovery document, is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    path = Path(spec.origin).parent / "discovery_cache" / "documents" / "gmail.v1.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def described(discovery: dict[str, Any], name: str) -> dict[str, Any]:
    users = discovery["resources"]["users"]
    if "." not in name:
        found = users["methods"][name]
    else:
        resource, method = name.split(".")
        found = users["resources"][resource]["methods"][method]
    return dict(found)


def validator(discovery: dict[str, Any], schema: str) -> jsonschema.Draft4Validator:
    """The document's schemas, as JSON Schema that forbids members which they do not name."""

    def closed(node: Any) -> Any:
        if isinstance(node, list):
            return [closed(each) for each in node]
        if not isinstance(node, dict):
            return node
        made = {
            key: closed(value) for key, value in node.items() if key not in {"id", "description", "required"}
        }
        if isinstance(node.get("$ref"), str):
            return {"$ref": f"#/definitions/{node['$ref']}"}
        if isinstance(node.get("id"), dict):
            made["id"] = closed(node["id"])
        return made | ({"additionalProperties": False} if node.get("type") == "object" else {})

    definitions = {}
    for name, node in discovery["schemas"].items():
        properties = {key: closed(value) for key, value in node.get("properties", {}).items()}
        definitions[name] = {"type": "object", "properties": properties, "additionalProperties": False}
    return jsonschema.Draft4Validator({"$ref": f"#/definitions/{schema}", "definitions": definitions})


@pytest.mark.parametrize("name", sorted(SCOPES))
def test_every_method_has_the_path_the_parameters_and_the_scopes_of_the_document(
    discovery: dict[str, Any], name: str
) -> None:
    method = described(discovery, name)
    path = "/" + method["path"].replace("{userId}", "me").replace("{id}", "19a")
    assert route(method["httpMethod"], path).method == name
    known = {key for key, value in method["parameters"].items() if value["location"] == "query"}
    assert set(PARAMETERS.get(name, {})) == known
    assert SCOPES[name] == {scope for scope in method["scopes"] if ADD_ON not in scope}
    assert RESPONSES.get(name) == method.get("response", {}).get("$ref")


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_parameters_take_the_values_of_the_document(discovery: dict[str, Any], name: str) -> None:
    for key, known in PARAMETERS[name].items():
        documented = described(discovery, name)["parameters"][key]
        assert known.repeated == documented.get("repeated", False)
        assert all(known.holds(value) for value in documented.get("enum", []))
        assert known.holds("nonsense") == ("enum" not in documented and documented["type"] == "string")


def test_uploads_are_where_and_as_large_as_the_document_says(discovery: dict[str, Any]) -> None:
    for name in UPLOADABLE:
        upload = described(discovery, name)["mediaUpload"]
        paths = {each["path"].replace("{userId}", "me") for each in upload["protocols"].values()}
        assert {route("POST", path).method for path in paths} == {name}
        assert (int(upload["maxSize"]), upload["accept"]) == (MAX_MESSAGE, ["message/*"])
    assert BASE not in UPLOADS


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_masks_know_the_fields_of_the_document(discovery: dict[str, Any], name: str) -> None:
    assert set(SHAPES[name]) == set(discovery["schemas"][name]["properties"])


def test_a_change_of_labels_knows_the_fields_of_the_document(discovery: dict[str, Any]) -> None:
    assert set(discovery["schemas"]["ModifyMessageRequest"]["properties"]) == MODIFY_FIELDS


def test_every_method_has_its_price_in_both_tables() -> None:
    assert set(NEW.costs) == set(OLD.costs) == set(SCOPES)


async def test_answers_have_the_shapes_of_the_document(
    discovery: dict[str, Any], gmail: GmailStandIn, ann: Client
) -> None:
    color = {"textColor": "#000000", "backgroundColor": "#ffffff"}
    label = await ann.post("labels", {"name": "A", "color": color})
    added = await ann.add(mail(), ["INBOX", label.json["id"]])
    id_ = added.json["id"]
    answers = [
        ("Label", label),
        ("Label", await ann.get(f"labels/{label.json['id']}")),
        ("ListLabelsResponse", await ann.get("labels")),
        ("Message", added),
        *[
            ("Message", await ann.get(f"messages/{id_}?format={each}"))
            for each in ("full", "raw", "metadata")
        ],
        ("Message", await ann.post(f"messages/{id_}/modify", {"addLabelIds": ["STARRED"]})),
        ("ListMessagesResponse", await ann.get("messages?maxResults=1")),
        ("Profile", await ann.get("profile")),
        ("Message", await ann.post(f"messages/{id_}/trash")),
    ]
    for schema, answer in answers:
        assert answer.status == 200
        validator(discovery, schema).validate(answer.json)
    assert len(gmail.world.messages(ANN)) == 1


def test_the_schemas_would_notice_a_drift(discovery: dict[str, Any]) -> None:
    for wrong in ({"id": 1}, {"id": "1", "surprise": True}, {"labelIds": "INBOX"}):
        with pytest.raises(jsonschema.ValidationError):
            validator(discovery, "Message").validate(wrong)
