"""A tenant file becomes what is wanted, or every mistake in it is named with its place."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.connections import GoogleWorkspace, Keeper, Microsoft365, SecretRef
from bot.domain.mail import DeletedItems, Junk, MailRules, Removals
from bot.domain.values import Frequency, Unit
from bot.tenant.faults import MOST_SHOWN, BadTenant
from bot.tenant.loading import load_tenant
from bot.tenant.wanted import StoredSettings, WantedMailbox, WantedPolicy
from tests.unit.tenant.files import CLIENT, CONNECTIONS, MAILBOXES, POLICIES, SMALL, mistakes, written

FULL = f"""connections:
  m365: {{kind: microsoft365, tenant_id: {CLIENT}, client_id: {CLIENT.upper()}, certificate: file:m365.pem}}
  google: {{kind: google_workspace, key: file:/etc/syncbot/google.json, key_expires: 2027-01-31}}
policies:
  standard:
    name: Standard staff
    description: |
      Everybody
      but the board.
    source: m365
    destination: google
    every: 1 day
    active: no
    initial_days: 90
    removals: trash
    deleted_items: trash
    junk: spam
    deletion_delay_days: 7
mailboxes:
  - {{source: Ana@Contoso.com, destination: ana@contoso.org, policy: standard}}
slack:
  alert_channel: C0123
  support_contact: help@msp.example
  access:
    admins: [U1, U1, S2]
    operators: [W3]
    viewers:
"""


CASES = [
    ("every: 6 hours", "every: 1 fortnight", "5:58: `policies.standard.every` must be a number of hours"),
    ("every: 6 hours", "every: 0 days", "5:58: `policies.standard.every` must be a number of hours"),
    ("every: 6 hours", "every: 6", "5:58: `policies.standard.every` must be a number of hours"),
    (
        "every: 6 hours",
        "evry: 6 hours",
        "5:57: `policies.standard.evry` is not a key here; did you mean `every`?",
    ),
    (", every: 6 hours", "", "5:3: `policies.standard.every` is missing"),
    ("source: source", "source: sorce", "5:22: the connection `sorce` is unknown; did you mean `source`?"),
    ("source: source", "source: target", "5:22: the source must be a connection of the kind `microsoft365`"),
    ("6 hours}", "6 hours, removals: kep}", "5:77: `policies.standard.removals` must be `keep` or `trash`"),
    ("6 hours}", "6 hours, active: perhaps}", "5:75: `policies.standard.active` must be true or false"),
    ("6 hours}", "6 hours, initial_days: 0}", "`policies.standard.initial_days` should be greater than"),
    ("6 hours}", "6 hours, initial_days: some}", "`policies.standard.initial_days` must be a whole number"),
    (
        "policy: standard",
        "policy: standrad",
        "7:5: the policy `standrad` is unknown; did you mean `standard`?",
    ),
    ("policy: standard", "policy: gold", "7:5: the policy `gold` is unknown; known are `standard`"),
    ("ana@contoso.com", "ana", "7:14: `mailboxes[1].source` must be one e-mail address"),
    ("ana@contoso.com", "ana@a.example bo@a.example", "`mailboxes[1].source` must be one e-mail address"),
    ("contoso.onmicrosoft.com", "contoso corp", "`connections.source.tenant_id` must be the directory's id"),
    (CLIENT, "12", "`connections.source.client_id` must be an id such as"),
    (
        "kind: google_workspace",
        "kind: gogle_workspace",
        "`connections.target.kind` must be `microsoft365` or",
    ),
    ("kind: google_workspace, ", "", "3:3: `connections.target.kind` is missing"),
    (", secret: env:M365", "", "2:3: `connections.source` needs a `certificate` or a `secret`"),
    ("env:M365", "env:M365, certificate: file:x", "has a certificate and a secret; give one of them"),
    ("env:M365", "env:M365, secret_expires: 2027-02-30", "`connections.source.secret_expires` must be a day"),
    ("env:M365", "env:M365, secret_expires: 31.1.2027", "must be a day such as `2027-01-31`"),
    ("secret: env:M365", "certificate: file:x, secret_expires: 2027-01-31", "remove `secret_expires`"),
    ("policies:", "polices:", "4:1: `polices` is not a key here; did you mean `policies`?"),
    ("  target:", "  tar get:", "3:3: `connections.tar get` begins with a letter or digit"),
    ("mailboxes:", "slack: {alert_channel: general}\nmailboxes:", "must be the id of a channel (C… or G…)"),
    (
        "mailboxes:",
        "slack: {access: {admins: [me]}}\nmailboxes:",
        "`slack.access.admins[1]` must be the id of a user",
    ),
    ("mailboxes:", "slack: {access: {admins: U1}}\nmailboxes:", "`slack.access.admins` must be a list"),
    (
        "mailboxes:",
        "slack: {acess: {}}\nmailboxes:",
        "`slack.acess` is not a key here; did you mean `access`?",
    ),
    ("  - {", "  - ana\n  - {", "7:5: `mailboxes[1]` must hold keys"),
]


def test_everything_that_a_file_may_say_is_understood(tmp_path: Path) -> None:
    tenant = load_tenant(written(tmp_path, FULL))
    pem = SecretRef(Keeper.FILE, str(tmp_path / "m365.pem"))
    assert tenant.connections == {
        "m365": Microsoft365("m365", CLIENT, CLIENT, certificate=pem),
        "google": GoogleWorkspace(
            "google", SecretRef(Keeper.FILE, "/etc/syncbot/google.json"), date(2027, 1, 31)
        ),
    }
    assert tenant.policies == {
        "standard": WantedPolicy(
            "standard",
            "Standard staff",
            "Everybody\nbut the board.",
            "m365",
            "google",
            Frequency(1, Unit.DAY),
            active=False,
            rules=MailRules(90, Removals.TRASH, DeletedItems.TRASH, Junk.SPAM),
            deletion_delay_days=7,
        )
    }
    assert tenant.mailboxes == {
        "ana@contoso.com": WantedMailbox("ana@contoso.com", "ana@contoso.org", "standard")
    }
    assert tenant.settings == StoredSettings("C0123", "help@msp.example", ("U1", "S2"), ("W3",))


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    policy = load_tenant(written(tmp_path, SMALL)).policies["standard"]
    assert policy == WantedPolicy(
        "standard",
        "standard",
        "",
        "source",
        "target",
        Frequency(6, Unit.HOUR),
        active=True,
        rules=MailRules(),
        deletion_delay_days=30,
    )


def test_sections_without_content_count_as_left_out(tmp_path: Path) -> None:
    tenant = load_tenant(written(tmp_path, "connections:\npolicies:\nmailboxes:\nslack:\n"))
    assert (tenant.policies, tenant.mailboxes, tenant.settings) == ({}, {}, StoredSettings())


def test_text_stays_as_it_is_written(tmp_path: Path) -> None:
    """In YAML 1.1, `no` would be false and `012` ten."""
    text = SMALL.replace("every: 6 hours", "every: 6 hours, name: no, description: 012")
    policy = load_tenant(written(tmp_path, text)).policies["standard"]
    assert (policy.name, policy.description) == ("no", "012")


def test_a_mark_that_editors_put_in_front_is_taken(tmp_path: Path) -> None:
    assert load_tenant(written(tmp_path, b"\xef\xbb\xbf" + SMALL.encode())).mailboxes


@pytest.mark.parametrize(("old", "new", "says"), CASES)
def test_a_mistake_is_named_with_its_place_and_what_was_meant(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in SMALL
    assert says in "\n".join(mistakes(tmp_path, SMALL.replace(old, new)))


def test_every_mistake_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    written(tmp_path, "source,destination\nbo,bo@contoso.org\n", "staff.csv")
    text = (
        CONNECTIONS.replace("env:M365", "hunter2")
        + POLICIES.replace("6 hours", "6 ours")
        + MAILBOXES
        + "  - {source: ana@contoso.com, destination: x@contoso.org, policy: standard}\n"
        + "  - {source: bo@contoso.com, destination: bo@contoso.org, policy: gold}\n"
        + "  - {source: cy@contoso.com}\n"
        + "mailboxes_from:\n  - {file: staff.csv, policy: standard}\n  - {file: gone.csv}\n"
    )
    said = mistakes(tmp_path, text)
    places = [line.partition(": ")[0] for line in said]
    assert places == ["staff.csv:2", "2:125", "5:58", "8:5", "9:5", "10:5", "10:5", "13:12"]


def test_a_part_that_is_wrong_is_not_called_unknown_too(tmp_path: Path) -> None:
    said = mistakes(tmp_path, SMALL.replace("6 hours", "often").replace("env:M365", "x"))
    assert [line.partition("`")[2].partition("`")[0] for line in said] == [
        "connections.source.secret",
        "policies.standard.every",
    ]


def test_a_mailbox_that_stands_in_the_file_twice_is_named_with_both_places(tmp_path: Path) -> None:
    again = "  - {source: ANA@contoso.com, destination: other@contoso.org, policy: standard}\n"
    (said,) = mistakes(tmp_path, SMALL + again)
    assert said == f"8:5: ana@contoso.com stands in {tmp_path}/tenant.yaml:7:5 already".replace(
        f"{tmp_path}/", ""
    )


def test_two_policies_with_one_name_are_refused(tmp_path: Path) -> None:
    more = "  other: {name: Standard, source: source, destination: target, every: 1 day}\n"
    (said,) = mistakes(tmp_path, CONNECTIONS + POLICIES + more)
    assert said == "6:17: the policy `standard` has the same name"


@pytest.mark.parametrize(
    "given",
    [
        "hunter2",
        "env:hunter 2",
        "'env:'",
        "'file:'",
        "'file: '",
        "ENV:X",
        "'*hunter2'",
        "{hunter2: x}",
        "[hunter2]",
    ],
)
def test_a_secret_that_stands_in_the_file_is_refused_and_not_repeated(tmp_path: Path, given: str) -> None:
    (said,) = mistakes(tmp_path, SMALL.replace("env:M365", given))
    assert "`env:NAME` or `file:PATH`" in said
    assert "hunter" not in said


@pytest.mark.parametrize(
    "given", ["*hunter2", "!hunter2 x", "'hunter2", "hunter2: x: y", "@hunter2", '"hunter2\\q"']
)
def test_a_secret_that_is_no_yaml_is_not_repeated_either(tmp_path: Path, given: str) -> None:
    assert "hunter" not in "\n".join(mistakes(tmp_path, SMALL.replace("env:M365", given)))


def test_a_file_of_a_secret_is_found_from_the_folder_of_the_tenant_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "here", SMALL)
    target = load_tenant(Path("here/tenant.yaml")).connections["target"]
    assert target == GoogleWorkspace("target", SecretRef(Keeper.FILE, f"{tmp_path}/here/secrets/google.json"))


def test_of_very_many_mistakes_the_first_are_shown_and_all_are_counted(tmp_path: Path) -> None:
    rows = "".join(
        f"  - {{source: u{n}, destination: u{n}@contoso.org, policy: standard}}\n" for n in range(200)
    )
    with pytest.raises(BadTenant) as refused:
        load_tenant(written(tmp_path, CONNECTIONS + POLICIES + "mailboxes:\n" + rows))
    lines = refused.value.sentence.splitlines()
    assert lines[0].endswith("tenant.yaml cannot be applied: 200 mistakes.")
    assert lines[-1] == f"... and {200 - MOST_SHOWN} more"
    assert len(lines) == MOST_SHOWN + 2


@pytest.mark.parametrize("name", ["gone.yaml", "."])
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadTenant, match="cannot be read"):
        load_tenant(tmp_path / name)
