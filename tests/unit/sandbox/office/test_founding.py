"""What the office begins with, and the files that syncbot is set up with."""

from pathlib import Path

import pytest

from bot.domain.connections import Keeper, Microsoft365
from bot.domain.mail import Removals
from bot.sandbox.gmail import mail
from bot.sandbox.gmail.rules import Rules
from bot.sandbox.office import Office
from bot.sandbox.office.cast import EVERYBODY, FABRIKAM, NORTHWIND
from bot.tenant.loading import load_tenant


def subjects(office: Office) -> list[tuple[str, str]]:
    everywhere = (
        (person.key, office.staff.source(person).messages.values()) for person in office.staff.people.values()
    )
    return sorted((key, each.envelope.subject) for key, messages in everywhere for each in messages)


def test_everybody_has_weeks_of_mail_in_folders_of_their_own(still: Office) -> None:
    for person in EVERYBODY:
        source = still.staff.source(person)
        assert 24 <= len(source.messages) <= 30
        assert {each.name for each in still.staff.own_folders(person)} == {
            name for path in person.folders for name in path.split("/") if name != "inbox"
        }
        assert len({each.envelope.message_id for each in source.messages.values()}) == len(source.messages)
        assert all(each.received_at <= still.graph.world.now() for each in source.messages.values())


def test_gmail_reads_the_message_id_that_each_message_was_given(still: Office) -> None:
    for source in still.graph.world.users():
        for message in source.messages.values():
            head = next(message.source.chunks())
            assert (
                mail.read(head, Rules(blocked_extensions=frozenset())).message_id
                == message.envelope.message_id
            )


def test_a_german_mailbox_is_german(still: Office) -> None:
    [lena] = [person for person in NORTHWIND if person.language == "de"]
    assert still.staff.source(lena).well_known["inbox"].name == "Posteingang"


def test_another_seed_is_other_mail_and_the_same_seed_the_same(still: Office, tmp_path: Path) -> None:
    same, other = Office(tmp_path, seed=1), Office(tmp_path, seed=2)
    assert subjects(still) == subjects(same)
    assert subjects(still) != subjects(other)


def test_a_pace_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="between 1 and 100000"):
        Office(tmp_path, speed=0)


async def test_the_tenant_file_is_one_that_syncbot_takes(office: Office) -> None:
    tenant = load_tenant(office.papers.tenant)
    assert {key: each.destination for key, each in tenant.mailboxes.items()} == {
        person.source.lower(): person.destination for person in EVERYBODY
    }
    assert {each.policy for each in tenant.mailboxes.values()} == {"executives", "fabrikam"}
    assert all(policy.rules.removals is Removals.TRASH for policy in tenant.policies.values())
    assert len(FABRIKAM) == 3


async def test_what_is_secret_is_for_its_owner_alone(office: Office) -> None:
    folder = office.papers.tenant.parent
    files = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert files == dict.fromkeys(
        ("tenant.yaml", "northwind.secret", "fabrikam.secret", "workspace.json"), 0o600
    )
    fabrikam = load_tenant(office.papers.tenant).connections["fabrikam"]
    assert isinstance(fabrikam, Microsoft365)
    assert fabrikam.secret
    assert fabrikam.secret.keeper is Keeper.FILE
    assert Path(fabrikam.secret.name) == (folder / "fabrikam.secret").resolve()
