"""Each trouble is a state of a stand-in: what it does is seen from outside, and ends with its cause."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.graph.model import Message
from bot.sandbox.office import Office
from bot.sandbox.office.papers import CLIENTS, TENANTS
from bot.sandbox.office.troubles import Attached

PREFER = {"Prefer": 'IdType="ImmutableId"'}


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def secret_of(office: Office, firm: int) -> str:
    file = office.papers.tenant.parent / ("northwind.secret", "fabrikam.secret")[firm]
    return file.read_text(encoding="utf-8").strip()


async def signed_in(office: Office, http: aiohttp.ClientSession, firm: int) -> tuple[int, str]:
    """By the secret that is in the file now: the status, and the token or the reason for none."""
    form = {
        "grant_type": "client_credentials",
        "client_id": CLIENTS[firm],
        "client_secret": secret_of(office, firm),
        "scope": "https://graph.microsoft.com/.default",
    }
    async with http.post(f"{office.graph.login_url}/{TENANTS[firm]}/oauth2/v2.0/token", data=form) as answer:
        said = await answer.json()
        return answer.status, said.get("access_token") or said["error_description"]


async def content(
    office: Office, http: aiohttp.ClientSession, source: str, message: Message
) -> tuple[int, str]:
    _, token = await signed_in(office, http, 0)
    headers = PREFER | {"Authorization": f"Bearer {token}"}
    url = f"{office.graph.url}/users/{source}/messages/{message.id}/$value"
    async with http.get(url, headers=headers) as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize(
    ("key", "code"),
    [("encrypted", "ErrorMimeContentConversionFailed"), ("damaged", "ErrorItemCorrupt")],
)
async def test_a_message_cannot_be_read_until_its_cause_has_ended(
    office: Office, http: aiohttp.ClientSession, key: str, code: str
) -> None:
    trouble = office.troubles[key]
    assert trouble.message
    source = trouble.people[0].source
    before = trouble.message.version
    for _ in range(2):
        status, said = await content(office, http, source, trouble.message)
        assert (status, code in said) == (500, True)
    trouble.end()
    assert not trouble.holds
    assert trouble.message.version > before
    assert (await content(office, http, source, trouble.message))[0] == 200
    trouble.begin()
    assert trouble.holds
    assert (await content(office, http, source, trouble.message))[0] == 500


@pytest.mark.parametrize("key", ["too-large", "blocked"])
def test_an_attachment_goes_and_comes_back(still: Office, key: str) -> None:
    trouble = still.troubles[key]
    assert isinstance(trouble, Attached)
    subject = trouble.letter.envelope.subject
    trouble.end()
    assert not trouble.holds
    assert trouble.letter.size < 2_000
    assert trouble.letter.envelope.subject == subject
    trouble.begin()
    assert trouble.holds
    assert trouble.letter.size > 200_000


def test_gmail_is_switched_on_and_off(still: Office) -> None:
    trouble = still.troubles["gmail-off"]
    gmail = still.staff.destination(trouble.people[0])
    assert gmail.service_off
    trouble.end()
    assert not gmail.service_off
    trouble.begin()
    assert gmail.service_off


async def test_a_renewed_secret_is_in_the_file_that_is_read(
    office: Office, http: aiohttp.ClientSession
) -> None:
    trouble = office.troubles["secret"]
    status, said = await signed_in(office, http, 1)
    assert (status, "AADSTS7000222" in said) == (401, True)
    trouble.end()
    assert (await signed_in(office, http, 1))[0] == 200
    trouble.begin()
    assert (await signed_in(office, http, 1))[0] == 401
    assert (await signed_in(office, http, 0))[0] == 200


async def test_a_throttled_mailbox_says_when_it_will_be_over(
    office: Office, http: aiohttp.ClientSession
) -> None:
    trouble = office.troubles["throttled"]
    token = (await signed_in(office, http, 0))[1]

    async def listed(source: str) -> tuple[int, int]:
        url = f"{office.graph.url}/users/{source}/mailFolders"
        async with http.get(url, headers={"Authorization": f"Bearer {token}"}) as answer:
            return answer.status, int(answer.headers.get("Retry-After", 0))

    status, wait = await listed(trouble.people[0].source)
    assert status == 429
    assert 30 <= wait <= 46
    assert await listed("anna.lindqvist@northwind.example") == (200, 0)
    trouble.end()
    assert not trouble.holds
    assert await listed(trouble.people[0].source) == (200, 0)
