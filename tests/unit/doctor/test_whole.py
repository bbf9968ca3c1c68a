"""Everything at once: nothing waits for another, nothing is changed, and nothing secret is told."""

from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import make_url

from bot.doctor.findings import State
from bot.domain.connections import GoogleWorkspace, Keeper, SecretRef
from tests.unit.doctor.company import APP_TOKEN, BOT_TOKEN, M365, M365_SECRET, SECRET_NAME, Company
from tests.unit.doctor.slack_wire import refusal

SIGNING, EVENTS = "a-signing-secret-of-slack", "whsec_" + "c2VjcmV0" * 4
PASSWORD = "a-password-in-an-address"


def content(company: Company) -> bytes:
    return Path(make_url(company.url).database or "").read_bytes()


async def test_where_all_is_well_nothing_is_wrong(company: Company) -> None:
    del company.slack.answers["blocks.validate"]
    found = await company.examined()
    assert found.wrong == []
    assert found.told("Database", "tenant file").startswith(
        "fine\nApplied: 2 connections, 1 policy, 1 mailbox."
    )


async def test_what_is_examined_is_not_changed(company: Company) -> None:
    before = content(company)
    verbs: set[str] = set()
    company.graph.before(lambda call: verbs.add(call.method) if "/users/" in call.path else None)
    await company.examined()
    assert content(company) == before
    assert verbs == {"GET"}
    assert {entry.method for entry in company.gmail.requests if entry.path != "/token"} == {"GET", "HEAD"}


async def test_a_service_that_hangs_keeps_no_other_from_being_examined(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.gmail.faults.stall(name="getProfile")
    monkeypatch.setattr("bot.doctor.google._TIMEOUT", aiohttp.ClientTimeout(total=0.2))
    found = await company.examined()
    assert found.wrong == [("Google Workspace google", "mailbox")]
    assert found.state("Microsoft 365 m365", "mailbox") is State.FINE


async def test_without_a_tenant_file_there_are_no_connections_to_examine(company: Company) -> None:
    company.url = company.url.replace("syncbot.db", "missing.db")
    found = await company.examined()
    assert found.wrong == [("Database", "reachable")]
    assert found.state("Database", "tenant file") is State.SKIPPED
    assert {each.subject for each in found.all} == {"Database", "Settings", "Clock", "Slack"}


async def test_an_address_that_is_none_ends_nothing_else(company: Company) -> None:
    company.settings |= {"graph_url": "https://[", "engine_url": "https://ana:a-password@["}
    company.settings["engine_secret"] = EVENTS
    found = await company.examined()
    assert ("Settings", "addresses") in found.wrong
    assert found.state("Google Workspace google", "mailbox") is State.FINE


async def test_the_tenant_files_slack_settings_count_where_no_variable_is_set(company: Company) -> None:
    company.settings["admins"] = ""
    found = await company.examined()
    assert found.wrong == [("Settings", "roles")]


async def test_a_clock_that_is_wrong_is_told_once_for_each_service(company: Company) -> None:
    company.clock.by = timedelta(minutes=-3)
    clocks = [check for subject, check in (await company.examined()).wrong if subject == "Clock"]
    assert clocks == [
        "against Slack",
        "against Microsoft Entra",
        "against Microsoft Graph",
        "against Gmail",
    ]


@pytest.mark.parametrize("is_well", [True, False])
async def test_no_secret_is_ever_told(
    company: Company, monkeypatch: pytest.MonkeyPatch, *, is_well: bool
) -> None:
    """Though services should repeat them in whatever they answer."""
    company.settings |= {"slack_signing_secret": SIGNING, "events_secrets": EVENTS, "engine_secret": EVENTS}
    private = company.gmail.key()["private_key"]
    if not is_well:
        said = f"{BOT_TOKEN} {APP_TOKEN} {SIGNING} {EVENTS} {M365_SECRET} {PASSWORD} {private}"
        for method in ("auth.test", "apps.connections.open", "blocks.validate", "conversations.info"):
            company.slack.answers[method] = refusal(said, errors=[said])
        company.settings["engine_url"] = f"https://ana:{PASSWORD}@engine.example"
        monkeypatch.setenv(SECRET_NAME, "another-secret-of-entra")
        company.gmail.world.revoke_key()
    found = await company.examined()
    lines = [line for line in private.splitlines() if not line.startswith("-----")]
    secrets = [BOT_TOKEN, APP_TOKEN, SIGNING, EVENTS, PASSWORD, *lines]
    secrets += [M365_SECRET] if is_well else ["another-secret-of-entra"]
    assert found.wrong if not is_well else not found.wrong
    assert [secret for secret in secrets if secret in found.text] == []
    assert "ya29." not in found.text
    assert "eyJ" not in found.text
    assert "a-ticket-of-slack" not in found.text


async def test_a_connection_of_each_name_is_examined(company: Company) -> None:
    second = GoogleWorkspace("another", SecretRef(Keeper.ENV, "DOCTOR_TEST_NOTHING"))
    await company.apply(M365, company.google, second)
    assert (await company.examined()).wrong == [("Google Workspace another", "key")]
