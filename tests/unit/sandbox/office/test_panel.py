"""The panel: both sides of a mailbox, what keeps mail from Gmail, and what its buttons do."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from html import unescape

import aiohttp
import pytest
import pytest_asyncio

from bot.sandbox.gmail import mail
from bot.sandbox.gmail.rules import Rules
from bot.sandbox.graph.model import Message
from bot.sandbox.office import Office
from bot.sandbox.office.cast import Person
from bot.sandbox.office.sides import Row, Shelf, sides

ANNA = "anna.lindqvist"


@pytest_asyncio.fixture
async def http(office: Office) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser whose script sends the forms."""
    async with aiohttp.ClientSession(office.url, headers={"Accept": "application/json"}) as session:
        yield session


def person(office: Office, key: str = ANNA) -> Person:
    return office.staff.people[key]


def newest(office: Office, key: str = ANNA) -> Message:
    inbox = office.staff.source(person(office, key)).well_known["inbox"]
    return max(inbox.messages.values(), key=lambda each: each.received_at)


def copy(office: Office, message: Message, labels: list[str], key: str = ANNA) -> None:
    """As if syncbot had brought it over."""
    gmail = office.staff.destination(person(office, key))
    at = datetime(2026, 3, 9, tzinfo=UTC)
    gmail.store(mail.read(message.mime, Rules()), labels, at, at)


def row_of(office: Office, message: Message, key: str = ANNA) -> Row:
    shelves = sides(office, person(office, key)).source.shelves
    return next(row for shelf in shelves for row in shelf.rows if row.id == message.id)


def test_a_message_lacks_at_gmail_until_a_copy_is_there(still: Office) -> None:
    message = newest(still)
    assert row_of(still, message).why == "the next sync brings it"
    before = len(sides(still, person(still)).missing)
    copy(still, message, ["INBOX", *([] if message.is_read else ["UNREAD"])])
    assert row_of(still, message).why is None
    shown = sides(still, person(still))
    assert len(shown.missing) == before - 1
    [inbox] = [shelf for shelf in shown.destination.shelves if shelf.name == "Inbox"]
    assert [row.subject for row in inbox.rows] == [message.envelope.subject]


@pytest.mark.parametrize(
    ("key", "trouble", "why"),
    [
        ("priya.raman", "encrypted", "it is encrypted, and Exchange cannot export it"),
        ("lena.brandt", "too-large", "it is larger than Gmail takes"),
        ("noor.haddad", "gmail-off", "Gmail is switched off for this user"),
        ("sofia.reyes", "secret", "the client secret of Fabrikam's connection has expired"),
    ],
)
def test_what_is_missing_says_why(still: Office, key: str, trouble: str, why: str) -> None:
    found = still.troubles[trouble]
    message = found.message or newest(still, key)
    assert row_of(still, message, key).why == why
    found.end()
    assert row_of(still, message, key).why == "the next sync brings it"


def test_marks_that_differ_are_on_their_way(still: Office) -> None:
    message = newest(still)
    still.graph.world.set_read(message)
    copy(still, message, ["INBOX", "UNREAD"])
    assert row_of(still, message).lags
    still.graph.world.set_read(message, is_read=False)
    assert not row_of(still, message).lags


def test_each_copy_is_shown_under_one_label(still: Office) -> None:
    gmail = still.staff.destination(person(still))
    own = gmail.add_label("Projects/Plant move")
    places = {
        "Inbox": ["INBOX"],
        "Projects/Plant move": [own.id],
        "Sent": ["SENT"],
        "Archived": [],
        "Bin": ["TRASH", own.id],
    }
    messages = list(still.staff.source(person(still)).messages.values())
    for message, labels in zip(messages, places.values(), strict=False):
        copy(still, message, labels)
    shown = sides(still, person(still)).destination
    assert {shelf.name: shelf.total for shelf in shown.shelves} == dict.fromkeys(places, 1)
    assert shown.total == 5


def test_a_long_folder_shows_its_newest_and_counts_the_others(still: Office) -> None:
    inbox = still.staff.source(person(still)).well_known["inbox"]
    for _ in range(10):
        still.staff.put(inbox, still.staff.writer.letter(person(still), still.graph.world.now()))
    shelf: Shelf = sides(still, person(still)).source.shelves[0]
    assert (len(shelf.rows), shelf.rest) == (7, len(inbox.messages) - 7)


async def test_the_page_shows_everybody_and_every_trouble(
    office: Office, http: aiohttp.ClientSession
) -> None:
    async with http.get("/people/lena.brandt") as answer:
        page = unescape(await answer.text())
    assert answer.status == 200
    assert all(trouble.words.title in page for trouble in office.troubles.values())
    assert all(each.name in page for each in office.staff.people.values())
    assert "Posteingang" in page


async def test_nothing_is_sent_while_nothing_changes(office: Office, http: aiohttp.ClientSession) -> None:
    async with http.get(f"/people/{ANNA}/changes") as answer:
        known = (await answer.json())["version"]
    async with http.get(f"/people/{ANNA}/changes", params={"version": known}) as answer:
        assert answer.status == 204
    office.troubles["gmail-off"].end()
    async with http.get(f"/people/{ANNA}/changes", params={"version": known}) as answer:
        told = await answer.json()
    assert told["version"] != known
    assert set(told["parts"]) == {"people", "troubles", "source", "destination"}


async def test_a_mail_that_is_sent_arrives_at_the_source(office: Office, http: aiohttp.ClientSession) -> None:
    async with http.post(f"/people/{ANNA}/mail", data={"subject": " <b>Hi\r\nthere</b> "}) as answer:
        assert answer.status == 204
    assert newest(office).envelope.subject == "<b>Hi there</b>"
    async with http.get(f"/people/{ANNA}") as answer:
        assert "&lt;b&gt;Hi there&lt;/b&gt;" in await answer.text()


async def test_the_buttons_of_a_message_change_it(office: Office, http: aiohttp.ClientSession) -> None:
    message = newest(office)
    archive = office.staff.source(person(office)).well_known["archive"]

    async def press(deed: str) -> None:
        async with http.post(f"/people/{ANNA}/messages", data={deed: message.id}) as answer:
            assert answer.status == 204

    await press("read")
    await press("flag")
    assert (message.is_read, message.is_flagged) == (True, True)
    await press("unread")
    await press("unflag")
    assert (message.is_read, message.is_flagged) == (False, False)
    await press(f"move:{archive.id}")
    assert message.folder is archive
    await press("delete")
    assert message.folder.well_known == "deleteditems"


async def test_a_trouble_ends_and_begins_by_its_button(office: Office, http: aiohttp.ClientSession) -> None:
    async with http.post("/troubles/encrypted/end"):
        assert not office.troubles["encrypted"].holds
    async with http.post("/troubles/encrypted/begin"):
        assert office.troubles["encrypted"].holds


async def test_without_the_script_a_form_leads_back_to_the_page(
    office: Office, http: aiohttp.ClientSession
) -> None:
    headers = {"Accept": "text/html", "Referer": f"{office.url}/people/{ANNA}"}
    async with http.post("/troubles/secret/end", headers=headers, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, f"/people/{ANNA}")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/people/nobody"),
        ("POST", "/troubles/none/end"),
        ("POST", "/people/nobody/mail"),
    ],
)
async def test_what_does_not_exist_is_not_found(http: aiohttp.ClientSession, method: str, path: str) -> None:
    async with http.request(method, path) as answer:
        assert answer.status == 404


@pytest.mark.parametrize("deed", [{"read": "none"}, {"explode": None}, {"move:none": None}])
async def test_what_cannot_be_done_to_a_message_is_not_found(
    office: Office, http: aiohttp.ClientSession, deed: dict[str, str | None]
) -> None:
    form = {name: value or newest(office).id for name, value in deed.items()}
    async with http.post(f"/people/{ANNA}/messages", data=form) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}],
    ids=["origin", "null", "host"],
)
async def test_other_sites_change_nothing(
    office: Office, http: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    async with http.post("/troubles/encrypted/end", headers=headers) as answer:
        assert answer.status == 403
    assert office.troubles["encrypted"].holds


async def test_the_panel_may_be_framed_by_pages_of_this_machine_alone(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as answer:
        assert (
            "frame-ancestors http://127.0.0.1:* http://localhost:*"
            in (answer.headers["Content-Security-Policy"])
        )
