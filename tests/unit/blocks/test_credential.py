"""What a channel reads of a credential that expires: when, what it stops, and how it is renewed."""

import pytest

from blocks import credential, incident
from bot.domain.values import AlertId, Credential, Ending, Step
from bot.views import Expired, IncidentRef
from tests.unit.blocks import examples as a
from tests.unit.blocks.reading import texts

RENEW = (
    "*Remedy:* Make a new one, upload it in Microsoft Entra, under *Certificates &amp; secrets*, and replace "
    "the file. syncbot uses it at once; nothing needs to be restarted."
)


def test_a_certificate_tells_when_it_ends_and_what_to_do() -> None:
    message = credential.message(a.credential())
    assert texts(message.blocks) == "\n".join(
        (
            "The certificate of contoso-m365 expires within 7 days",
            f"expires {a.NOON_IN_SLACK}",
            "1,204 mailboxes need it",
            "If it is not renewed by then, syncing stops.",
            RENEW,
        )
    )
    assert message.text.startswith("The certificate of contoso-m365 expires within 7 days.\n")


@pytest.mark.parametrize(
    ("kind", "key"), [(Credential.SECRET, "secret_expires"), (Credential.KEY, "key_expires")]
)
def test_a_day_that_was_written_down_is_a_day_and_is_to_be_renewed_too(kind: Credential, key: str) -> None:
    """In the reader's zone its midnight would be the day before."""
    told = texts(credential.message(a.credential(credential=kind, is_declared=True)).blocks)
    assert "expires on 23 November 2026, as tenant.yaml says" in told
    assert f"Then write its last day into `{key}` in tenant.yaml, and run `syncbot apply`." in told


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (Step.MONTH, "expires within 30 days"),
        (Step.DAY, "expires within a day"),
        (Step.EXPIRED, "has expired"),
    ],
)
def test_its_title_says_how_near_it_is(step: Step, says: str) -> None:
    assert credential.message(a.credential(step=step)).text.startswith(
        f"The certificate of contoso-m365 {says}."
    )


def test_the_support_contact_is_named() -> None:
    told = texts(credential.message(a.credential(support_contact="help@msp.example")).blocks)
    assert "contact help@msp.example" in told


@pytest.mark.parametrize(
    ("ending", "says"),
    [
        (Ending.RENEWED, "Renewed: the certificate of contoso-m365 holds again ✅"),
        (Ending.TOLD_ANEW, "The certificate of contoso-m365 expires soon: a newer message tells it."),
        (Ending.GONE, "Until when the certificate of contoso-m365 holds is not known any more."),
    ],
)
def test_what_is_over_is_one_line(ending: Ending, says: str) -> None:
    message = credential.message(a.credential(cleared_at=a.NOON, ending=ending))
    assert message.text.splitlines()[0] == says
    assert len(message.blocks) == 2


def test_an_incident_that_tells_it_takes_over() -> None:
    card = a.credential(step=Step.EXPIRED, part_of=IncidentRef(AlertId(1), "whatever"))
    told = credential.message(card).text
    assert told.startswith("The certificate of contoso-m365 has expired: an incident tells which mailboxes")


def test_an_incident_names_the_credential_that_is_its_reason() -> None:
    certificate = Expired(Credential.CERTIFICATE, a.NOON, is_declared=False)
    told = texts(incident.message(a.incident(expired=certificate)).blocks)
    assert f"The certificate of google expired {a.NOON_IN_SLACK}." in told
    declared = Expired(Credential.KEY, a.NOON, is_declared=True)
    told = texts(incident.message(a.incident(expired=declared)).blocks)
    assert "The service account key of google expired on 23 November 2026, as tenant.yaml says." in told
