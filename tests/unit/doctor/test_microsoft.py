"""What can be wrong with a Microsoft 365 connection, each told with what to do."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.doctor.findings import State
from bot.doctor.microsoft import _judged, _roles
from bot.domain.connections import Keeper, Microsoft365, SecretRef
from bot.sandbox.graph import FOREVER
from bot.sandbox.graph.model import App, MailboxState
from tests.unit.doctor.certificates import signed
from tests.unit.doctor.company import CLIENT, M365, SECRET_NAME, SOURCE, TENANT, Company

SUBJECT = "Microsoft 365 m365"


def app(company: Company) -> App:
    found = company.graph.world.app(TENANT, CLIENT)
    assert found is not None
    return found


async def test_a_secret_that_is_not_set_is_named(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET_NAME)
    found = await company.examined()
    assert f"The secret env:{SECRET_NAME} is not set." in found.told(SUBJECT, "secret")
    assert found.wrong == [(SUBJECT, "secret")]
    assert found.state(SUBJECT, "mailbox") is State.SKIPPED


async def test_a_wrong_secret_is_told_with_its_number_and_never_itself(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET_NAME, "another-secret-of-entra")
    told = (await company.examined()).told(SUBJECT, "token")
    assert "AADSTS7000215" in told
    assert "copy the *value* of the client secret, not its id" in told
    assert "another-secret" not in told


async def test_an_expired_secret_is_to_be_made_anew(company: Company) -> None:
    company.graph.world.expire_secret(app(company))
    told = (await company.examined()).told(SUBJECT, "token")
    assert "AADSTS7000222" in told
    assert "make a new one in Microsoft Entra" in told


async def test_an_app_that_is_unknown_is_told_with_its_setting(company: Company) -> None:
    await company.apply(replace(M365, client_id=TENANT), company.google)
    assert "Check `client_id`" in (await company.examined()).told(SUBJECT, "token")


async def test_a_tenant_that_is_unknown_is_told_with_its_setting(company: Company) -> None:
    await company.apply(replace(M365, tenant_id=CLIENT), company.google)
    assert "Check `tenant_id`" in (await company.examined()).told(SUBJECT, "token")


async def test_a_certificate_that_entra_does_not_have_is_to_be_uploaded(
    company: Company, tmp_path: Path
) -> None:
    await company.apply(certified(tmp_path), company.google)
    found = await company.examined()
    assert found.told(SUBJECT, "certificate").startswith("fine\n")
    assert found.state(SUBJECT, "token") is State.WRONG
    assert "PRIVATE KEY" not in found.text


async def test_a_certificate_that_expires_is_noticed_before(company: Company, tmp_path: Path) -> None:
    await company.apply(certified(tmp_path, timedelta(days=3)), company.google)
    assert "days are left" in (await company.examined()).told(SUBJECT, "certificate")


async def test_a_sign_in_that_is_down_passes_by_itself(company: Company) -> None:
    company.graph.faults.on_sign_in("serviceNotAvailable", FOREVER)
    told = (await company.examined()).told(SUBJECT, "token")
    assert told.startswith("wrong\nExchange is busy or down: ")
    assert "run `syncbot doctor` again" in told


# What the token allows


async def test_without_permissions_for_the_tenant_exchange_decides(company: Company) -> None:
    company.graph.world.revoke_consent()
    told = (await company.examined()).told(SUBJECT, "permissions")
    assert told.startswith("fine\nNone for the whole tenant")


async def test_mail_read_for_the_whole_tenant_is_noted(company: Company) -> None:
    told = (await company.examined()).told(SUBJECT, "permissions")
    assert "Mail.Read: consented for the whole tenant, which opens every mailbox" in told
    assert "More than is needed" not in told


async def test_more_than_mail_read_is_noted(company: Company) -> None:
    app(company).permissions = frozenset({"Mail.Read", "Mail.ReadWrite", "User.Read.All"})
    told = (await company.examined()).told(SUBJECT, "permissions")
    assert told.startswith("fine\n")
    assert "More than is needed: Mail.ReadWrite, User.Read.All." in told


@pytest.mark.parametrize("token", ["opaque", "a.b.c", "a.e30.c.d", "a.W10.c", "é.é.é"])
def test_a_token_that_is_none_of_the_known_shape_is_not_read(token: str) -> None:
    assert _roles(token) is None


def test_a_token_without_roles_has_none() -> None:
    assert _roles("a.e30.c") == ()
    assert _judged(()).state is State.FINE


# The mailbox


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("forbidden", "Test-ServicePrincipalAuthorization"),
        ("missing", "Check the address in Microsoft Entra."),
        ("disabled", "License or restore it, or take the user out of the policy."),
        ("moving", "run `syncbot doctor` again"),
    ],
)
async def test_a_mailbox_that_cannot_be_read_is_told_with_its_remedy(
    company: Company, state: MailboxState, told: str
) -> None:
    company.graph.world.set_state(SOURCE, state)
    found = await company.examined()
    assert found.wrong == [(SUBJECT, "mailbox")]
    assert SOURCE in found.told(SUBJECT, "mailbox")
    assert told in found.told(SUBJECT, "mailbox")


async def test_one_small_request_is_made_to_the_mailbox(company: Company) -> None:
    paths: list[str] = []
    company.graph.before(lambda call: paths.append(call.path))
    await company.examined()
    assert [each for each in paths if SOURCE in each] == [f"/v1.0/users/{SOURCE}/mailFolders/inbox"]


async def test_without_a_mailbox_none_is_tried(company: Company) -> None:
    await company.apply(mailboxes={})
    found = await company.examined()
    assert found.wrong == []
    assert "No mailbox is synced by this connection yet." in found.told(SUBJECT, "mailbox")


async def test_a_connection_that_breaks_is_a_matter_of_the_network(company: Company) -> None:
    company.graph.faults.on_user(SOURCE, "dropped", FOREVER)
    told = (await company.examined()).told(SUBJECT, "mailbox")
    assert told.startswith("wrong\nThe network failed on the way: Microsoft Graph cannot be reached")
    assert "firewall" in told


def certified(folder: Path, lasts: timedelta = timedelta(days=365)) -> Microsoft365:
    file = folder / "m365.pem"
    file.write_text(signed(SystemClock().now() - timedelta(hours=1), lasts).both, encoding="utf-8")
    return replace(M365, secret=None, certificate=SecretRef(Keeper.FILE, str(file)))
