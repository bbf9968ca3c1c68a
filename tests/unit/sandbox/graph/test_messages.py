"""One message: its properties, its MIME, and the two kinds of its id."""

import itertools

import pytest

from bot.sandbox.graph import Folder, GraphStandIn, Mailbox, RepeatedMime
from tests.unit.sandbox.graph.clients import USER, Client, Starter

MIME = (
    b"From: =?utf-8?q?J=C3=BCrgen?= <juergen@example.com>\r\n"
    b"To: Ann <ann@contoso.example>, bob@example.com\r\n"
    b"Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\nDate: Mon, 02 Mar 2026 09:00:00 +0100\r\n"
    b"Message-ID: <1@example.com>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x--\r\n"
)


async def test_the_mime_is_what_was_delivered(client: Client, inbox: Folder) -> None:
    message = client.graph.world.deliver(inbox, MIME)
    got = await client.get(f"/messages/{message.id}/$value")
    assert (got.status, got.body, got.headers["Content-Type"]) == (200, MIME, "text/plain")
    assert got.headers["request-id"]


async def test_the_properties_are_read_from_the_mime(client: Client, inbox: Folder) -> None:
    message = client.graph.world.deliver(inbox, MIME, is_read=True, is_flagged=True)
    got = (await client.get(f"/messages/{message.id}")).json
    expected = {
        "id": message.id,
        "subject": "Grüße",
        "internetMessageId": "<1@example.com>",
        "from": {"emailAddress": {"name": "Jürgen", "address": "juergen@example.com"}},
        "sentDateTime": "2026-03-02T08:00:00Z",
        "receivedDateTime": "2026-03-02T08:00:00Z",
        "hasAttachments": True,
        "isRead": True,
        "isDraft": False,
        "flag": {"flagStatus": "flagged"},
        "parentFolderId": inbox.id,
    }
    assert {name: got[name] for name in expected} == expected
    assert len(got["toRecipients"]) == 2


async def test_a_selection_is_kept_to(client: Client, inbox: Folder) -> None:
    message = client.graph.world.deliver(inbox, b"Subject: x\r\n\r\n", is_draft=True)
    got = (await client.get(f"/messages/{message.id}?$select=subject,internetMessageId,isDraft")).json
    assert {name: value for name, value in got.items() if name[0] != "@"} == {
        "id": message.id,
        "subject": "x",
        "internetMessageId": None,
        "isDraft": True,
    }
    assert (await client.get(f"/messages/{message.id}?$expand=attachments")).status == 400


async def test_large_mime_is_streamed_and_whole(client: Client, inbox: Folder) -> None:
    source = RepeatedMime(b"Subject: large\r\n\r\n", 5_000_000)
    message = client.graph.world.deliver(inbox, source)
    got = await client.get(f"/messages/{message.id}/$value")
    assert (len(got.body), got.body.startswith(source.head), message.size) == (5_000_000, True, 5_000_000)
    assert "Content-Length" not in got.headers


async def test_an_immutable_id_needs_its_preference(client: Client, inbox: Folder) -> None:
    message = client.graph.world.deliver(inbox, MIME)
    got = await client.get(f"/messages/{message.id}", prefer=None)
    assert (got.status, got.code) == (400, "ErrorInvalidIdMalformed")
    assert (await client.get(f"/messages/{message.mutable_id}", prefer=None)).json["id"] == message.mutable_id


async def test_an_immutable_id_can_go_without_its_preference(standing: Starter) -> None:
    async with standing(immutable_id_needs_preference=False) as client:
        mailbox = client.graph.world.mailbox(USER)
        assert mailbox
        message = client.graph.world.deliver(mailbox.folder("inbox"), MIME)
        assert (await client.get(f"/messages/{message.id}", prefer=None)).status == 200


async def test_the_immutable_id_outlives_a_move_and_the_other_does_not(
    client: Client, mailbox: Mailbox
) -> None:
    message = client.graph.world.deliver(mailbox.folder("inbox"), MIME)
    before = message.mutable_id
    client.graph.world.move(message, mailbox.folder("archive"))
    assert (await client.get(f"/messages/{message.id}/$value")).status == 200
    got = await client.get(f"/messages/{before}/$value", prefer=None)
    assert (got.status, got.code) == (404, "ErrorItemNotFound")


async def test_a_deleted_message_goes_to_the_deleted_items_and_then_for_good(
    client: Client, mailbox: Mailbox
) -> None:
    world = client.graph.world
    message = world.deliver(mailbox.folder("inbox"), MIME)
    world.delete(message)
    assert message.folder is mailbox.folder("deleteditems")
    world.delete(message)
    assert world.messages(mailbox) == []
    assert (await client.get(f"/messages/{message.id}")).code == "ErrorItemNotFound"


@pytest.mark.parametrize("asked", ["nonsense", "AAkA", "1@example.com"])
async def test_what_is_no_id_is_malformed(client: Client, asked: str) -> None:
    assert (await client.get(f"/messages/{asked}/$value")).code == "ErrorInvalidIdMalformed"


async def test_mime_below_a_folder_is_refused(client: Client, inbox: Folder) -> None:
    message = client.graph.world.deliver(inbox, MIME)
    got = await client.get(f"/mailFolders/inbox/messages/{message.id}/$value")
    assert (got.status, got.code) == (400, "ErrorInvalidRequest")


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ("disabled", 404, "MailboxNotEnabledForRESTAPI"),
        ("unsupported", 404, "MailboxNotSupportedForRESTAPI"),
        ("missing", 404, "ErrorInvalidUser"),
        ("forbidden", 403, "ErrorAccessDenied"),
        ("moving", 503, "ErrorMailboxMoveInProgress"),
    ],
)
async def test_the_state_of_a_mailbox_has_its_code(
    client: Client, mailbox: Mailbox, state: str, status: int, code: str
) -> None:
    client.graph.world.set_state(mailbox, state)  # type: ignore[arg-type]
    got = await client.get("/mailFolders/inbox")
    assert (got.status, got.code) == (status, code)


async def test_a_missing_user_has_the_code_of_the_knob(standing: Starter) -> None:
    for code in ("ErrorInvalidUser", "ResourceNotFound", "Request_ResourceNotFound"):
        async with standing(missing_user=code) as client:
            url = f"{client.graph.url}/users/nobody@contoso.example"
            assert (await client.ask("GET", f"{url}/mailFolders/inbox")).code == code
            assert (await client.ask("GET", url)).code == "Request_ResourceNotFound"


async def test_a_user_is_found_by_id_and_in_any_case(
    client: Client, graph: GraphStandIn, mailbox: Mailbox
) -> None:
    shown = {"id": mailbox.id, "mail": mailbox.address, "userPrincipalName": mailbox.address}
    for user in (mailbox.id, mailbox.address.upper()):
        got = await client.ask("GET", f"{graph.url}/users/{user}?$select=id,mail,userPrincipalName")
        assert {name: got.json[name] for name in shown} == shown


@pytest.mark.parametrize(
    ("method", "path", "status"),
    list(
        itertools.chain(
            (("GET", path, 400) for path in ("/calendar", "/mailFolders/inbox/messages", "/messages")),
            ((method, "/mailFolders/inbox", 405) for method in ("POST", "PATCH", "DELETE")),
        )
    ),
)
async def test_what_is_not_served_is_refused(
    client: Client, graph: GraphStandIn, method: str, path: str, status: int
) -> None:
    got = await client.ask(method, f"{graph.url}/users/{USER}{path}")
    assert got.status == status


async def test_an_error_has_the_ids_of_its_request(client: Client) -> None:
    got = await client.get("/messages/nonsense", **{"client-request-id": "mine"})
    inner = got.json["error"]["innerError"]
    assert inner == {
        "date": "2026-03-02T08:00:00",
        "request-id": got.headers["request-id"],
        "client-request-id": "mine",
    }
