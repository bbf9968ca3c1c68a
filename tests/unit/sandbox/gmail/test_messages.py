"""Messages that are there: list, get, modify, trash, delete, threads."""

import base64

import pytest

from bot.sandbox.gmail import GmailStandIn
from tests.unit.sandbox.gmail.clients import ANN, Client, Clock, mail

METADATA = "https://www.googleapis.com/auth/gmail.metadata"
FULL = "https://mail.google.com/"


async def added(ann: Client, number: int = 1, labels: list[str] | None = None, extra: str = "") -> str:
    return str((await ann.add(mail(number, extra=extra), labels)).json["id"])


async def test_a_list_goes_page_by_page_newest_first(ann: Client, clock: Clock) -> None:
    made = []
    for number in range(5):
        clock.advance(minutes=1)
        answer = await ann.add(mail(number), query="&internalDateSource=receivedTime")
        made.append(answer.json["id"])
    first = (await ann.get("messages?maxResults=3")).json
    second = (await ann.get(f"messages?maxResults=3&pageToken={first['nextPageToken']}")).json
    assert [each["id"] for each in first["messages"] + second["messages"]] == made[::-1]
    assert (first["resultSizeEstimate"], "nextPageToken" in second) == (5, False)


async def test_an_empty_list_has_no_messages_at_all(ann: Client) -> None:
    assert (await ann.get("messages")).json == {"resultSizeEstimate": 0}


async def test_a_list_is_narrowed_by_labels_and_hides_spam_and_trash(ann: Client) -> None:
    inbox = await added(ann, 1, ["INBOX", "UNREAD"])
    await added(ann, 2, ["INBOX"])
    spam = await added(ann, 3, ["SPAM"])
    unread = (await ann.get("messages?labelIds=INBOX&labelIds=UNREAD")).json
    asked = (await ann.get("messages?labelIds=SPAM")).json
    everything = (await ann.get("messages?includeSpamTrash=true")).json
    assert [each["id"] for each in unread["messages"]] == [inbox]
    assert [each["id"] for each in asked["messages"]] == [spam]
    assert len((await ann.get("messages")).json["messages"]) == 2
    assert len(everything["messages"]) == 3


@pytest.mark.parametrize("q", ["rfc822msgid:1@example.org", "rfc822msgid:%3C1@example.org%3E"])
async def test_a_message_is_found_by_its_message_id(ann: Client, q: str) -> None:
    first, second = await added(ann, 1), await added(ann, 1)
    await added(ann, 2)
    found = (await ann.get(f"messages?q={q}")).json["messages"]
    assert {each["id"] for each in found} == {first, second}
    assert set(found[0]) == {"id", "threadId"}


@pytest.mark.parametrize(
    "query",
    [
        "q=subject:Hello",
        "q=rfc822msgid:a+rfc822msgid:b",
        "maxResults=501",
        "maxResults=-1",
        "labelIds=Label_9",
        "pageToken=next",
        "labels=INBOX",
        "includeSpamTrash=1",
    ],
)
async def test_a_list_refuses_what_it_cannot_answer(ann: Client, query: str) -> None:
    assert (await ann.get(f"messages?{query}")).status == 400


async def test_a_message_is_got_in_each_format(ann: Client) -> None:
    id_ = await added(ann, labels=["INBOX"])
    raw, minimal, metadata, full = [
        (await ann.get(f"messages/{id_}?format={each}")).json
        for each in ("raw", "minimal", "metadata", "full")
    ]
    assert base64.urlsafe_b64decode(raw["raw"]) == mail()
    assert (minimal["labelIds"], "payload" in minimal, "raw" in minimal) == (["INBOX"], False, False)
    assert minimal["internalDate"] == "1767319445000"
    assert {"name": "Subject", "value": "Hello"} in metadata["payload"]["headers"]
    assert base64.urlsafe_b64decode(full["payload"]["body"]["data"]) == b"Text\r\n"


async def test_metadata_can_be_narrowed_to_some_headers(ann: Client) -> None:
    id_ = await added(ann)
    path = f"messages/{id_}?format=metadata&metadataHeaders=subject&metadataHeaders=Message-ID"
    headers = (await ann.get(path)).json["payload"]["headers"]
    assert {each["name"] for each in headers} == {"Subject", "Message-ID"}


async def test_full_shows_the_parts(ann: Client) -> None:
    body = (
        "--m\r\nContent-Type: text/plain\r\n\r\nHi\r\n"
        "--m\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nAA\r\n--m--\r\n"
    )
    extra = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n"
    id_ = (await ann.add(mail(extra=extra, body=body))).json["id"]
    payload = (await ann.get(f"messages/{id_}")).json["payload"]
    text, attachment = payload["parts"]
    assert (payload["mimeType"], text["partId"], attachment["partId"]) == ("multipart/mixed", "0", "1")
    assert (attachment["filename"], attachment["body"]["attachmentId"]) == ("a.pdf", "attachment-1")


async def test_the_metadata_scope_neither_searches_nor_reads_bodies(gmail: GmailStandIn, ann: Client) -> None:
    id_ = await added(ann)
    ann.token = gmail.token(ANN, METADATA)
    assert (await ann.get("messages?q=rfc822msgid:1@example.org")).status == 403
    assert (await ann.get(f"messages/{id_}?format=raw")).status == 403
    assert (await ann.get(f"messages/{id_}?format=metadata")).status == 200


async def test_an_unknown_message_is_not_found_and_a_strange_id_is_invalid(ann: Client) -> None:
    unknown, strange = await ann.get("messages/19a0000000000ff"), await ann.get("messages/xyz")
    assert (unknown.status, unknown.reason, unknown.error["status"]) == (404, "notFound", "NOT_FOUND")
    assert (strange.status, strange.error["message"]) == (400, "Invalid id value")


async def test_modify_adds_and_removes_labels(gmail: GmailStandIn, ann: Client) -> None:
    id_ = await added(ann, labels=["INBOX", "UNREAD"])
    changed = await ann.post(
        f"messages/{id_}/modify", {"addLabelIds": ["STARRED"], "removeLabelIds": ["UNREAD"]}
    )
    assert changed.json["labelIds"] == ["INBOX", "STARRED"]
    assert gmail.world.messages(ANN)[0].label_ids == ["INBOX", "STARRED"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "No label add or removes specified"),
        ({"addLabelIds": ["Label_9"]}, "Invalid label: Label_9"),
        ({"addLabelIds": ["SENT"]}, "Invalid label: SENT"),
        ({"removeLabelIds": ["DRAFT"]}, "Invalid label: DRAFT"),
        ({"addLabelIds": ["INBOX"] * 101}, "Request contains an invalid argument."),
        ({"addLabelIds": "INBOX"}, "Invalid value at 'addLabelIds'"),
    ],
)
async def test_modify_refuses_what_it_cannot_do_and_changes_nothing(
    gmail: GmailStandIn, ann: Client, body: object, message: str
) -> None:
    id_ = await added(ann, labels=["STARRED"])
    refused = await ann.post(f"messages/{id_}/modify", body)
    assert (refused.status, refused.error["message"]) == (400, message)
    assert gmail.world.messages(ANN)[0].label_ids == ["STARRED"]


async def test_a_message_gets_one_place_at_a_time(gmail: GmailStandIn, ann: Client) -> None:
    id_ = await added(ann, labels=["INBOX"])
    both = {"addLabelIds": ["SPAM", "TRASH"]}
    assert (await ann.post(f"messages/{id_}/modify", both)).status == 400
    assert (await ann.add(mail(2), ["INBOX", "TRASH"])).status == 400
    gmail.rules.one_place = False
    assert (await ann.post(f"messages/{id_}/modify", both)).status == 200


async def test_trash_hides_and_untrash_shows(ann: Client) -> None:
    id_ = await added(ann, labels=["INBOX", "STARRED"])
    assert (await ann.post(f"messages/{id_}/trash")).json["labelIds"] == ["STARRED", "TRASH"]
    assert await ann.found(1) == []
    assert (await ann.post(f"messages/{id_}/untrash")).json["labelIds"] == ["STARRED"]
    assert await ann.found(1) == [id_]


async def test_delete_is_for_good(gmail: GmailStandIn, ann: Client) -> None:
    id_ = await added(ann)
    ann.token = gmail.token(ANN, FULL)
    assert (await ann.send("DELETE", f"messages/{id_}")).status == 204
    assert (await ann.send("DELETE", f"messages/{id_}")).status == 404
    assert (gmail.world.messages(ANN), await ann.found(1)) == ([], [])


async def test_an_answer_joins_the_thread_of_its_question_if_the_subjects_match(ann: Client) -> None:
    question = (await ann.add(mail(1, subject="Plan"))).json
    answer = (await ann.add(mail(2, subject="Re: plan", extra="In-Reply-To: <1@example.org>\r\n"))).json
    other = (await ann.add(mail(3, subject="New", extra="References: <1@example.org>\r\n"))).json
    assert answer["threadId"] == question["threadId"]
    assert other["threadId"] == other["id"]


async def test_a_profile_counts_messages_and_threads(ann: Client) -> None:
    await added(ann, 1)
    before = (await ann.get("profile")).json
    await added(ann, 2, extra="References: <1@example.org>\r\n")
    after = (await ann.get("profile")).json
    assert (after["emailAddress"], after["messagesTotal"], after["threadsTotal"]) == (ANN, 2, 1)
    assert int(after["historyId"]) > int(before["historyId"])


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "/"),
        ("GET", "threads"),
        ("POST", "messages/send"),
        ("PUT", "labels"),
        ("GET", "messages/1/trash"),
        ("POST", "/upload/gmail/v1/users/me/labels"),
        ("GET", "/gmail/v2/users/me/labels"),
    ],
)
async def test_what_the_stand_in_does_not_have_is_not_found(ann: Client, verb: str, path: str) -> None:
    assert (await ann.send(verb, path)).status == 404
