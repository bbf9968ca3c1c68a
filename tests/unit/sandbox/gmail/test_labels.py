"""Labels: names, conflicts, limits."""

import pytest

from bot.sandbox.gmail import GmailStandIn
from tests.unit.sandbox.gmail.clients import ANN, BEN, Client, mail


async def test_a_new_mailbox_has_the_system_labels(ann: Client) -> None:
    labels = (await ann.get("labels")).json["labels"]
    assert {"INBOX", "SENT", "DRAFT", "SPAM", "TRASH", "UNREAD", "STARRED"} <= {each["id"] for each in labels}
    assert {each["type"] for each in labels} == {"system"}


async def test_a_created_label_is_found_again_with_its_looks(ann: Client) -> None:
    looks = {"messageListVisibility": "hide", "labelListVisibility": "labelShowIfUnread"}
    made = (await ann.post("labels", {"name": "Clients/Acme"} | looks)).json
    assert made == {"id": made["id"], "name": "Clients/Acme", "type": "user"} | looks
    assert made in (await ann.get("labels")).json["labels"]


async def test_a_label_counts_its_messages(ann: Client) -> None:
    label = (await ann.post("labels", {"name": "A"})).json["id"]
    await ann.add(mail(1), [label, "UNREAD"])
    await ann.add(mail(2), [label])
    got = (await ann.get(f"labels/{label}")).json
    assert (got["messagesTotal"], got["messagesUnread"], got["threadsTotal"], got["threadsUnread"]) == (
        2,
        1,
        2,
        1,
    )


@pytest.mark.parametrize(
    "name", ["Inbox", "TRASH", "drafts", "Muted", "a//b", "/a", "a/", " a", "a/ b", "a\nb"]
)
async def test_a_reserved_or_malformed_name_is_invalid(ann: Client, name: str) -> None:
    refused = await ann.post("labels", {"name": name})
    assert (refused.status, refused.reason) == (400, "invalidArgument")
    assert refused.error["message"] == "Invalid label name"


async def test_a_reserved_name_may_be_a_level_below_another(ann: Client) -> None:
    assert (await ann.post("labels", {"name": "Old/Inbox"})).status == 200


async def test_a_name_has_225_characters_at_most(ann: Client) -> None:
    assert (await ann.post("labels", {"name": "a" * 225})).status == 200
    assert (await ann.post("labels", {"name": "b" * 226})).error["message"] == "Invalid label name"


async def test_a_name_is_taken_in_every_spelling(gmail: GmailStandIn, ann: Client) -> None:
    await ann.post("labels", {"name": "Reports"})
    refused = await ann.post("labels", {"name": "REPORTS"})
    assert (refused.status, refused.reason, refused.error["status"]) == (409, "aborted", "ABORTED")
    gmail.rules.label_names_ignore_case = False
    assert (await ann.post("labels", {"name": "reports"})).status == 200


async def test_names_are_each_users_own(gmail: GmailStandIn, ann: Client) -> None:
    gmail.world.add_label(BEN, "Reports")
    assert (await ann.post("labels", {"name": "Reports"})).status == 200


async def test_there_are_not_more_labels_than_the_limit(gmail: GmailStandIn, ann: Client) -> None:
    assert gmail.rules.most_labels == 10_000
    gmail.rules.most_labels = 1
    await ann.post("labels", {"name": "A"})
    assert (await ann.post("labels", {"name": "B"})).status == 400


async def test_a_patch_changes_what_it_names(gmail: GmailStandIn, ann: Client) -> None:
    label = gmail.world.add_label(ANN, "A")
    gmail.world.add_label(ANN, "B")
    renamed = await ann.send("PATCH", f"labels/{label.id}", body={"name": "C"})
    hidden = await ann.send("PATCH", f"labels/{label.id}", body={"labelListVisibility": "labelHide"})
    assert (renamed.json["name"], hidden.json["name"]) == ("C", "C")
    assert (await ann.send("PATCH", f"labels/{label.id}", body={"name": "b"})).status == 409
    assert (await ann.send("PATCH", f"labels/{label.id}", body={"name": "c"})).status == 200
    assert (await ann.post("labels", {"name": "A"})).status == 200


async def test_a_put_wants_the_whole_label(gmail: GmailStandIn, ann: Client) -> None:
    label = gmail.world.add_label(ANN, "A")
    assert (await ann.send("PUT", f"labels/{label.id}", body={"name": "B"})).status == 400
    assert (await ann.send("PUT", f"labels/{label.id}", body={"id": label.id, "name": "B"})).json[
        "name"
    ] == "B"


async def test_a_deleted_label_leaves_its_messages(gmail: GmailStandIn, ann: Client) -> None:
    label = gmail.world.add_label(ANN, "A")
    await ann.add(mail(), [label.id, "INBOX"])
    assert (await ann.send("DELETE", f"labels/{label.id}")).status == 204
    [message] = gmail.world.messages(ANN)
    assert message.label_ids == ["INBOX"]
    assert (await ann.get(f"labels/{label.id}")).reason == "notFound"
    assert (await ann.post("labels", {"name": "A"})).status == 200


async def test_system_labels_cannot_be_changed(ann: Client) -> None:
    assert (await ann.send("DELETE", "labels/INBOX")).status == 400
    assert (await ann.send("PATCH", "labels/INBOX", body={"name": "In"})).status == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": 5},
        {"name": "A", "colour": "red"},
        {"name": "A", "labelListVisibility": "shown"},
        {"name": "A", "color": {"textColor": "#000000"}},
        {"name": "A", "type": "system"},
        ["A"],
    ],
)
async def test_a_body_against_the_schema_creates_nothing(
    gmail: GmailStandIn, ann: Client, body: object
) -> None:
    assert (await ann.post("labels", body)).status == 400
    assert gmail.world.label_named(ANN, "A") is None


async def test_a_body_must_be_json_and_say_so(ann: Client) -> None:
    form = await ann.send("POST", "labels", data=b"name=A", Content_Type="application/x-www-form-urlencoded")
    broken = await ann.send("POST", "labels", data=b"{", Content_Type="application/json")
    assert (form.status, broken.status) == (400, 400)


async def test_a_list_can_be_asked_for_some_fields_alone(ann: Client) -> None:
    labels = (await ann.get("labels?fields=labels(id,name)")).json["labels"]
    assert {frozenset(each) for each in labels} == {frozenset({"id", "name"})}
