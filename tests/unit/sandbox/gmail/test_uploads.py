"""messages.import and messages.insert in one request."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.gmail import GmailStandIn
from tests.unit.sandbox.gmail.clients import ANN, BOUNDARY, IMPORT, START, Client, Clock, mail, parts

INSERT = "/upload/gmail/v1/users/me/messages"
RELATED = f'multipart/related; boundary="{BOUNDARY}"'
SENT_AT = datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)


async def test_an_import_keeps_the_bytes_the_labels_and_the_date(gmail: GmailStandIn, ann: Client) -> None:
    label = gmail.world.add_label(ANN, "A")
    raw = mail(body="odd \x00 \udcff line\n.\r\n".encode("utf-8", "surrogatepass").decode("latin-1"))
    added = (await ann.add(raw, ["INBOX", label.id])).json
    [message] = gmail.world.messages(ANN)
    assert (message.id, message.thread_id) == (added["id"], added["threadId"])
    assert (message.raw, message.label_ids) == (raw, ["INBOX", label.id])
    assert (message.internal_date, message.stored_at) == (SENT_AT, START)


async def test_the_date_is_that_of_arrival_where_asked_or_not_valid(gmail: GmailStandIn, ann: Client) -> None:
    await ann.add(mail(1), query="&internalDateSource=receivedTime")
    await ann.add(mail(2).replace(b"Fri, 02 Jan", b"Someday"))
    await ann.add(mail(3), path=INSERT)
    await ann.add(mail(4), path=INSERT, query="&internalDateSource=dateHeader")
    assert [each.internal_date for each in gmail.world.messages(ANN)] == [START, START, START, SENT_AT]


async def test_parts_may_be_divided_by_bare_line_feeds(gmail: GmailStandIn, ann: Client) -> None:
    data = parts({"labelIds": ["INBOX"]}, mail(), line="\n")
    answer = await ann.send("POST", f"{IMPORT}?uploadType=multipart", data=data, Content_Type=RELATED)
    assert (answer.status, gmail.world.messages(ANN)[0].raw) == (200, mail())


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (parts({}, mail()), "multipart/form-data; boundary=x"),
        (parts({}, mail()), "multipart/related"),
        (parts({}, mail()), "multipart/related; boundary=other"),
        (parts({}, mail())[:-4], RELATED),
        (b"preamble\r\n" + parts({}, mail()), RELATED),
        (parts({}, mail()).replace(b"--a", b"xxa", 1), RELATED),
        (parts({}, mail(), kind="text/plain"), RELATED),
        (parts({}, mail()).replace(b"application/json", b"text/plain"), RELATED),
        (parts({}, mail(body=f"\r\n--{BOUNDARY}\r\n")), RELATED),
        (parts({"labelIds": "INBOX"}, mail()), RELATED),
        (parts({"labels": []}, mail()), RELATED),
        (parts([], mail()), RELATED),
        (parts({}, b""), RELATED),
        (b"", RELATED),
    ],
)
async def test_what_is_not_two_parts_as_documented_is_refused(
    gmail: GmailStandIn, ann: Client, data: bytes, kind: str
) -> None:
    answer = await ann.send("POST", f"{IMPORT}?uploadType=multipart", data=data, Content_Type=kind)
    assert (answer.status, gmail.world.messages(ANN)) == (400, [])


async def test_the_headers_end_at_the_first_empty_line(gmail: GmailStandIn, ann: Client) -> None:
    assert (await ann.add(mail(body="From: body@example.org\n\nText\r\n"))).status == 200
    assert b"body@example.org" not in gmail.world.messages(ANN)[0].head


async def test_a_part_may_be_base64(gmail: GmailStandIn, ann: Client) -> None:
    data = parts({}, base64.encodebytes(mail())).replace(
        b"message/rfc822", b"message/rfc822\r\nContent-Transfer-Encoding: base64"
    )
    await ann.send("POST", f"{IMPORT}?uploadType=multipart", data=data, Content_Type=RELATED)
    assert gmail.world.messages(ANN)[0].raw == mail()


async def test_a_message_may_come_alone_or_inside_json(gmail: GmailStandIn, ann: Client) -> None:
    media = await ann.send("POST", f"{IMPORT}?uploadType=media", data=mail(1), Content_Type="message/rfc822")
    encoded = base64.urlsafe_b64encode(mail(2)).decode().rstrip("=")
    inside = await ann.post("messages/import", {"raw": encoded, "labelIds": ["INBOX"]})
    assert (media.status, inside.status) == (200, 200)
    assert [each.raw for each in gmail.world.messages(ANN)] == [mail(1), mail(2)]


@pytest.mark.parametrize(
    ("body", "reason"), [({}, "badRequest"), ({"raw": "*"}, "invalid"), ({"raw": 1}, "invalid")]
)
async def test_json_without_a_message_is_refused(ann: Client, body: object, reason: str) -> None:
    refused = await ann.post("messages", body)
    assert (refused.status, refused.reason) == (400, reason)


async def test_json_has_a_limit_of_its_own(gmail: GmailStandIn, ann: Client) -> None:
    gmail.rules.max_json = 100
    refused = await ann.post("messages", {"raw": base64.urlsafe_b64encode(mail()).decode()})
    assert (refused.status, refused.reason) == (400, "badRequest")


@pytest.mark.parametrize("kind", ["", "&uploadType=raw", "&uploadType=chunked"])
async def test_an_upload_says_of_which_type_it_is(ann: Client, kind: str) -> None:
    answer = await ann.send(
        "POST", f"{IMPORT}?deleted=false{kind}", data=mail(), Content_Type="message/rfc822"
    )
    assert answer.status == 400


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"no message at all", "Request contains an invalid argument."),
        (b"\r\nFrom: a@example.org\r\n\r\nText", "Request contains an invalid argument."),
        (b"Subject: no sender\r\n\r\nText", "Expected a single 'From' header"),
        (b"From: a@example.org\r\nFrom: b@example.org\r\n\r\n", "Expected a single 'From' header"),
    ],
)
async def test_what_is_no_message_is_refused(ann: Client, raw: bytes, message: str) -> None:
    refused = await ann.add(raw)
    assert (refused.status, refused.reason) == (400, "invalidArgument")
    assert refused.error["message"] == message


def attached(filename: str) -> bytes:
    attachment = (
        f'Content-Type: application/x; name="{filename}"\r\nContent-Disposition: attachment\r\n\r\nAA=='
    )
    return mail(
        extra="MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n",
        body=f"--m\r\nContent-Type: text/plain\r\n\r\nname=setup.exe\r\n--m\r\n{attachment}\r\n--m--\r\n",
    )


async def test_a_blocked_attachment_is_refused_and_its_mention_is_not(ann: Client) -> None:
    refused = await ann.add(attached("Setup.EXE"))
    assert (refused.status, refused.reason) == (400, "invalidArgument")
    assert "https://support.google.com/mail/answer/6590" in refused.error["message"]
    assert (await ann.add(attached("report.pdf"))).status == 200


async def test_a_message_above_the_limit_is_too_large(gmail: GmailStandIn, ann: Client) -> None:
    assert gmail.rules.max_message == 157_286_400
    gmail.rules.max_message = len(mail())
    assert (await ann.add(mail())).status == 200
    refused = await ann.add(mail(body="Longer text\r\n"))
    assert (refused.status, refused.reason) == (413, "uploadTooLarge")
    assert (await ann.add(mail(body="x" * 100_000))).status == 413


@pytest.mark.parametrize("label", ["Label_99", "SENT", "DRAFT", "CHAT", "inbox"])
async def test_a_label_that_cannot_be_applied_is_invalid(ann: Client, label: str) -> None:
    refused = await ann.add(mail(), [label])
    assert (refused.status, refused.error["message"]) == (400, f"Invalid label: {label}")


async def test_what_a_user_wrote_is_sent_when_it_is_inserted(gmail: GmailStandIn, ann: Client) -> None:
    own = mail().replace(b"Zoe <zoe@example.org>", f"Ann <{ANN.upper()}>".encode())
    inserted, imported = await ann.add(own, path=INSERT), await ann.add(own)
    other = await ann.add(mail(), path=INSERT)
    assert [each.json["labelIds"] for each in (inserted, imported, other)] == [["SENT"], [], []]
    gmail.rules.settable_anyhow = frozenset({"SENT"})
    assert (await ann.add(mail(), ["SENT"])).json["labelIds"] == ["SENT"]


async def test_the_same_message_twice_is_two_unless_the_rules_merge(gmail: GmailStandIn, ann: Client) -> None:
    first, second = await ann.add(mail(), ["INBOX"]), await ann.add(mail(), ["STARRED"])
    assert first.json["id"] != second.json["id"]
    gmail.rules.deduplicates = True
    third = await ann.add(mail(), ["UNREAD"])
    assert third.json == {**first.json, "labelIds": ["INBOX", "UNREAD"]}


async def test_a_full_mailbox_takes_nothing(gmail: GmailStandIn, ann: Client) -> None:
    gmail.world.user(ANN).full = True
    refused = await ann.add(mail())
    assert (refused.status, refused.reason) == (403, "storageQuotaExceeded")
    assert gmail.world.messages(ANN) == []


async def test_a_deleted_message_is_seen_by_vault_alone(gmail: GmailStandIn, ann: Client) -> None:
    added = (await ann.add(mail(), query="&deleted=true")).json
    assert gmail.world.messages(ANN)[0].deleted
    assert await ann.found(1) == []
    assert (await ann.get(f"messages/{added['id']}")).status == 404


@pytest.mark.parametrize(
    "query",
    [
        "&nevermarkspam=true",
        "&neverMarkSpam=yes",
        "&internalDateSource=header",
        "&deleted=true&deleted=false",
        "&alt=media",
        "&upload_protocol=raw",
    ],
)
async def test_a_parameter_that_the_method_does_not_know_is_refused(
    gmail: GmailStandIn, ann: Client, query: str
) -> None:
    refused = await ann.add(mail(), query=query)
    assert (refused.status, refused.error["status"]) == (400, "INVALID_ARGUMENT")
    assert gmail.world.messages(ANN) == []


async def test_insert_knows_fewer_parameters_than_import(ann: Client) -> None:
    query = "&neverMarkSpam=true&processForCalendar=false"
    assert (await ann.add(mail(), query=query)).status == 200
    assert (await ann.add(mail(), query=query, path=INSERT)).status == 400


async def test_a_mask_shortens_the_answer_and_a_wrong_one_imports_nothing(
    gmail: GmailStandIn, ann: Client
) -> None:
    assert set((await ann.add(mail(), query="&fields=id,labelIds")).json) == {"id", "labelIds"}
    assert (await ann.add(mail(), query="&fields=id,nope")).status == 400
    assert len(gmail.world.messages(ANN)) == 1


async def test_large_bodies_can_be_forgotten(gmail: GmailStandIn, ann: Client) -> None:
    gmail.rules.keep_bodies_under = 1000
    large = mail(2, body="x" * 1000)
    await ann.add(mail(1))
    await ann.add(large)
    small, forgotten = gmail.world.messages(ANN)
    assert (small.raw, small.sha256) == (mail(1), None)
    assert (forgotten.raw, forgotten.size) == (None, len(large))
    assert forgotten.sha256 == hashlib.sha256(large).hexdigest()
    assert b"Message-ID: <2@example.org>" in forgotten.head


async def test_an_upload_is_found_by_its_message_id_once_the_index_has_it(
    gmail: GmailStandIn, ann: Client, clock: Clock
) -> None:
    gmail.rules.index_lag = timedelta(seconds=30)
    added = (await ann.add(mail(7))).json["id"]
    clock.advance(seconds=29)
    assert await ann.found(7) == []
    clock.advance(seconds=1)
    assert await ann.found(7) == [added]
