"""Errors as CSV: one line each, nothing that a spreadsheet computes, and no more than the reader may see."""

import csv
import io
from dataclasses import replace

from blocks import errors_sheet
from bot.domain.values import RetryOutcome
from bot.views.exports import ErrorSheet
from tests.unit.blocks import examples as a
from tests.unit.blocks.reading import texts

FORMULA = '=HYPERLINK("https://evil.example")'


def told(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_each_failure_is_one_line_with_all_that_is_known() -> None:
    line = a.line(7, retry_at=a.NOON, heals_by_itself=True, last_retry=RetryOutcome.FAILED)
    (row,) = told(errors_sheet.csv([line], with_subjects=True))
    assert row == {
        "failure": "7",
        "source": "alice@contoso.com",
        "destination": "alice@contoso.net",
        "service": "email",
        "item": "item-7",
        "folder": "Inbox",
        "received": "2026-11-23T12:00:00+00:00",
        "size_bytes": "39845888",
        "code": "dest_too_large",
        "cause": "larger than Gmail takes",
        "remedy": "share the attachment through Drive, then dismiss",
        "attempts": "3",
        "first_failed": "2026-11-23T11:00:00+00:00",
        "last_failed": "2026-11-23T12:00:00+00:00",
        "heals_by_itself": "yes",
        "next_try": "2026-11-23T12:00:00+00:00",
        "state": "open",
        "last_retry": "failed",
        "subject": "Q3 <numbers>",
        "sender": "Bob <bob@example.com>",
        "message": "413 Request Entity Too Large",
        "last_retry_detail": "",
    }


def test_without_subjects_there_are_no_columns_for_them() -> None:
    (row,) = told(errors_sheet.csv([a.line()], with_subjects=False))
    assert {"subject", "sender", "message", "last_retry_detail"}.isdisjoint(row)
    assert "Q3" not in str(row)


def test_nothing_that_somebody_else_wrote_is_a_formula() -> None:
    line = a.line(subject=FORMULA, sender="@SUM(1)", folder="-2+3", message="+1", item="\t=1")
    (row,) = told(errors_sheet.csv([line], with_subjects=True))
    assert [value for value in row.values() if value[:1] in {"=", "+", "-", "@", "\t"}] == []
    assert row["subject"] == f"'{FORMULA}"


def test_a_sync_that_failed_as_a_whole_has_no_item() -> None:
    (row,) = told(errors_sheet.csv([a.run_line()], with_subjects=False))
    assert (row["item"], row["folder"], row["size_bytes"]) == ("whole sync", "", "")


def test_an_empty_sheet_has_its_head() -> None:
    assert errors_sheet.csv([], with_subjects=False).startswith("failure,source,destination")


def test_the_message_with_the_file_says_what_is_in_it() -> None:
    sheet = ErrorSheet(a.ALICE, (a.line(),), 3, with_subjects=False, as_of=a.NOON)
    said = texts(errors_sheet.message(sheet).blocks)
    assert "1 unresolved failure of alice@contoso.com as CSV. The first of 3." in said
    assert "Without subjects" in said
    whole = texts(errors_sheet.message(replace(sheet, total=1, with_subjects=True)).blocks)
    assert "The first of" not in whole
    assert "keep it to yourself" in whole
    assert errors_sheet.filename(sheet) == "sync-errors-20261123-1200.csv"
