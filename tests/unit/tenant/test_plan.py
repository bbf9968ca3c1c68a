"""A plan says what would change, and how it is told on a terminal."""

from dataclasses import replace

import pytest

from bot.config import Settings
from bot.domain.connections import GoogleWorkspace, Keeper, Microsoft365, SecretRef
from bot.domain.mail import MailRules, Removals
from bot.domain.values import Frequency, Unit
from bot.tenant.merging import merged
from bot.tenant.plan import Change, planned
from bot.tenant.telling import MOST_NAMES, overruled, told
from bot.tenant.wanted import StoredSettings, Tenant, WantedMailbox, WantedPolicy

M365 = Microsoft365("m365", "contoso.example", "id", certificate=SecretRef(Keeper.FILE, "/m365.pem"))
GOOGLE = GoogleWorkspace("google", SecretRef(Keeper.ENV, "GOOGLE"))
STANDARD = WantedPolicy(
    "standard",
    "Standard",
    "",
    "m365",
    "google",
    Frequency(1, Unit.HOUR),
    active=True,
    rules=MailRules(),
    deletion_delay_days=30,
)
ANA = WantedMailbox("ana@a.example", "ana@b.example", "standard")
TENANT = Tenant(
    {"m365": M365, "google": GOOGLE},
    {"standard": STANDARD},
    {ANA.source: ANA},
    StoredSettings("C1", None, ("U1",)),
)


def text(held: Tenant, wanted: Tenant) -> str:
    return "\n".join(told(planned(held, wanted), "tenant.yaml"))


def test_the_same_tenant_needs_nothing() -> None:
    assert not planned(TENANT, TENANT)
    assert text(TENANT, TENANT) == (
        "Nothing to do: everything is as tenant.yaml wants it "
        "(2 connections, 1 policy, 1 mailbox, 2 Slack settings)."
    )


def test_a_first_plan_has_counts_first_and_then_what_is_new() -> None:
    lines = text(Tenant(), TENANT).splitlines()
    assert lines[:5] == [
        "tenant.yaml would change:",
        "  connections: 2 new",
        "  policies: 1 new",
        "  mailboxes: 1 new",
        "  Slack settings: 2 new",
    ]
    assert "  + m365: Microsoft 365, tenant contoso.example, client id, certificate file:/m365.pem" in lines
    assert "  + ana@a.example: to ana@b.example, policy standard" in lines
    assert "  + alert channel: C1" in lines


def test_a_change_is_told_from_old_to_new() -> None:
    policy = replace(
        STANDARD,
        name="Staff",
        active=False,
        frequency=Frequency(6, Unit.HOUR),
        rules=MailRules(removals=Removals.TRASH),
    )
    wanted = replace(TENANT, policies={"standard": policy}, settings=StoredSettings("C2", None, ("U1",)))
    plan = planned(TENANT, wanted)
    assert plan.policies.changed == (
        Change(
            "standard",
            (
                "active -> inactive",
                "named Standard -> Staff",
                "every 1 hour -> 6 hours",
                "removals: keep -> trash",
            ),
        ),
    )
    assert "  ~ alert channel: C1 -> C2" in text(TENANT, wanted).splitlines()
    assert "  Slack settings: 1 changed, 1 as before" in text(TENANT, wanted).splitlines()


def test_what_left_the_file_is_told_with_what_becomes_of_it() -> None:
    lines = text(TENANT, Tenant()).splitlines()
    assert "  mailboxes: 1 no longer synced" in lines
    assert "Mailboxes no longer synced (history stays, open failures are dismissed):" in lines
    assert "Policies switched off (no longer in the file; mailboxes keep their history):" in lines
    assert "  - ana@a.example" in lines


def test_long_lists_are_cut_short() -> None:
    many = {
        f"u{n}@a.example": WantedMailbox(f"u{n}@a.example", "x@b.example", "standard") for n in range(500)
    }
    lines = text(Tenant(), Tenant(mailboxes=many)).splitlines()
    assert lines[1] == "  mailboxes: 500 new"
    assert lines[-1] == f"  and {500 - MOST_NAMES} more"
    assert sum(line.startswith("  + ") for line in lines) == MOST_NAMES


def settings(**given: object) -> Settings:
    return Settings.model_construct(**given)  # type: ignore[arg-type] # as the environment may have it


def test_each_setting_of_the_environment_wins_by_itself() -> None:
    stored = StoredSettings("C1", "help@msp.example", ("U1",), ("U2",), ("U3",))
    both = merged(settings(alert_channel="C9", admins=("U9",)), stored)
    assert (both.alert_channel, both.support_contact) == ("C9", "help@msp.example")
    assert (both.admins, both.operators, both.viewers) == (("U9",), ("U2",), ("U3",))


def test_without_a_file_the_environment_stands_alone() -> None:
    alone = settings(alert_channel="C9")
    assert merged(alone, StoredSettings()) == alone


@pytest.mark.parametrize(
    ("environment", "says"),
    [({"alert_channel": "C9"}, ["SYNCBOT_ALERT_CHANNEL"]), ({"support_contact": "x"}, []), ({}, [])],
)
def test_what_the_environment_overrules_is_said(environment: dict[str, str], says: list[str]) -> None:
    lines = list(overruled(settings(**environment), TENANT.settings))
    assert [line.split()[1] for line in lines] == says
