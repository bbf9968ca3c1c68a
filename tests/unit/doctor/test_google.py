"""What can be wrong with a Google Workspace connection, each told with what to do."""

import json

import pytest

from bot.doctor.findings import State
from bot.sandbox.gmail.keys import ACCOUNT, CLIENT_ID
from tests.unit.doctor.certificates import framed
from tests.unit.doctor.company import DESTINATION, Company

SUBJECT = "Google Workspace google"
SCOPE = "https://www.googleapis.com/auth/gmail.modify"


async def test_the_account_of_the_key_and_its_client_id_are_told(company: Company) -> None:
    told = (await company.examined()).told(SUBJECT, "key")
    assert f"is the key of {ACCOUNT} (client ID {CLIENT_ID})." in told


async def test_a_key_that_is_missing_is_named(company: Company) -> None:
    company.key.unlink()
    found = await company.examined()
    assert f"The secret file:{company.key} cannot be read" in found.told(SUBJECT, "key")
    assert found.wrong == [(SUBJECT, "key")]
    assert found.state(SUBJECT, "token") is State.SKIPPED


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("no JSON, but a-secret", "."),
        (json.dumps(["a-secret"]), "."),
        (json.dumps({"type": "authorized_user", "client_email": "a-secret"}), " (type)."),
    ],
)
async def test_a_file_that_is_no_key_is_told_without_what_is_in_it(
    company: Company, content: str, place: str
) -> None:
    company.key.write_text(content, encoding="utf-8")
    found = await company.examined()
    assert f"is no key file of a service account{place}" in found.told(SUBJECT, "key")
    assert "a-secret" not in found.text


async def test_a_key_file_without_its_private_key_is_told(company: Company) -> None:
    company.write_key(private_key=framed("PRIVATE KEY", "broken-key"))
    found = await company.examined()
    assert "no key file of a service account (private_key)" in found.told(SUBJECT, "key")
    assert "broken-key" not in found.text


async def test_a_missing_delegation_is_told_with_the_client_and_the_scope(company: Company) -> None:
    company.gmail.world.delegate([])
    found = await company.examined()
    told = found.told(SUBJECT, "token")
    assert found.wrong == [(SUBJECT, "token")]
    assert "unauthorized_client" in told
    assert f"(client ID {CLIENT_ID}) needs the scope {SCOPE}." in told


async def test_a_key_that_was_revoked_is_told(company: Company) -> None:
    company.gmail.world.revoke_key()
    told = (await company.examined()).told(SUBJECT, "token")
    assert told.startswith("wrong\nGoogle refused the credentials of the connection: ")
    assert "Renew the connection." in told


async def test_a_user_who_is_missing_is_told(company: Company) -> None:
    company.gmail.world.user(DESTINATION).missing = True
    told = (await company.examined()).told(SUBJECT, "token")
    assert told.startswith("wrong\nThe destination account is missing or was renamed")
    assert "Provision the account." in told


async def test_gmail_that_is_switched_off_is_told(company: Company) -> None:
    company.gmail.world.user(DESTINATION).service_off = True
    found = await company.examined()
    told = found.told(SUBJECT, "mailbox")
    assert found.wrong == [(SUBJECT, "mailbox")]
    assert f"Gmail is switched off for the destination user: {DESTINATION}: " in told
    assert "Switch it on, or assign a licence." in told


async def test_an_app_that_is_blocked_and_an_api_that_is_off_are_told_apart(company: Company) -> None:
    company.gmail.faults.fail("accessNotConfigured", path="*gmail/v1*")
    assert "Enable the Gmail API" in (await company.examined()).told(SUBJECT, "mailbox")
    company.gmail.world.block("destination.example")
    assert "Allow the app in the Google Admin console" in (await company.examined()).told(SUBJECT, "mailbox")


async def test_a_connection_that_breaks_is_a_matter_of_the_network(company: Company) -> None:
    company.gmail.faults.drop("before", name="getProfile", times=None)
    told = (await company.examined()).told(SUBJECT, "mailbox")
    assert told.startswith("wrong\nThe network failed on the way: Gmail cannot be reached")


async def test_without_a_mailbox_there_is_nobody_to_speak_for(company: Company) -> None:
    await company.apply(mailboxes={})
    found = await company.examined()
    assert found.wrong == []
    assert "nobody to speak for" in found.told(SUBJECT, "token")


async def test_a_quota_that_cannot_be_used_is_told_and_stops_nothing_else(company: Company) -> None:
    company.settings["gmail_units_per_user"] = 30
    assert (await company.examined()).wrong == [("Settings", "Gmail"), (SUBJECT, "token")]
