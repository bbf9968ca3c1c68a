"""Errors as a file: for whoever asks, with what that person may see, all pages, and noted."""

import pytest
from structlog.testing import capture_logs

from bot.config import SubjectsFor
from bot.domain.access import Asker
from bot.domain.values import MailboxId
from bot.errors import CannotUpload, DeliveryFailed, NotAllowed, StaleButton
from bot.services import exporting
from bot.services.exporting import Exporting
from bot.views import EVERYTHING
from tests.unit.blocks.examples import ALICE, errors, line
from tests.unit.services.fakes import (
    NOBODY,
    NOON,
    OPERATOR,
    VIEWER,
    FakeAudit,
    FakeClock,
    FakeDetails,
    FakeFiles,
    access,
)

SECRET = "Salary of Bob"
MANY = errors(*(line(n, subject=SECRET, message=SECRET, last_retry_detail=SECRET) for n in range(1, 2_502)))


def desk(files: FakeFiles, audit: FakeAudit, *, there: bool = True) -> Exporting:
    details = FakeDetails(error_list=MANY if there else None)
    return Exporting(details, files, access(SubjectsFor.OPERATORS), audit, FakeClock())


async def test_all_pages_are_sent_each_failure_once() -> None:
    files, audit = FakeFiles(), FakeAudit()
    sheet = await desk(files, audit).errors(ALICE.id, EVERYTHING, Asker(OPERATOR))
    assert files.sent == [(OPERATOR, sheet)]
    assert [each.id for each in sheet.lines] == [each.id for each in MANY.lines]
    assert (sheet.total, sheet.as_of, sheet.mailbox) == (2_501, NOON, ALICE)
    [(actor, _, event, message)] = audit.lines
    assert (actor, event) == (OPERATOR, "errors exported")
    assert message == "alice@contoso.com: 2501 failures as CSV, with subjects"


async def test_who_may_not_see_subjects_is_sent_none() -> None:
    files, audit = FakeFiles(), FakeAudit()
    sheet = await desk(files, audit).errors(ALICE.id, EVERYTHING, Asker(VIEWER))
    assert not sheet.with_subjects
    assert SECRET not in str(sheet)
    assert audit.lines[0][3].endswith("without subjects")


async def test_more_than_fit_into_one_file_are_cut_off_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST", 2_000)
    sheet = await desk(FakeFiles(), FakeAudit()).errors(ALICE.id, EVERYTHING, Asker(VIEWER))
    assert (len(sheet.lines), sheet.total) == (2_000, 2_501)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("missing_scope", "files:write"),
        ("file_uploads_disabled", "allows no file uploads"),
        ("ratelimited", "Try it again"),
    ],
)
async def test_a_refusal_of_slack_names_what_to_do_and_the_command_that_gives_the_same(
    reason: str, said: str
) -> None:
    audit, files = FakeAudit(), FakeFiles(trouble=DeliveryFailed(reason, retry_after=None))
    with capture_logs() as logs, pytest.raises(CannotUpload, match=said) as refused:
        await desk(files, audit).errors(ALICE.id, EVERYTHING, Asker(VIEWER))
    assert "`syncbot errors alice@contoso.com --csv`" in refused.value.sentence
    assert audit.lines == []
    assert logs[0]["reason"] == reason
    assert ALICE.source not in str(logs)


async def test_nobody_without_a_role_and_no_mailbox_that_is_gone_gets_a_file() -> None:
    files, audit = FakeFiles(), FakeAudit()
    with pytest.raises(NotAllowed):
        await desk(files, audit).errors(ALICE.id, EVERYTHING, Asker(NOBODY))
    with pytest.raises(StaleButton):
        await desk(files, audit, there=False).errors(MailboxId(9), EVERYTHING, Asker(VIEWER))
    assert files.sent == []
