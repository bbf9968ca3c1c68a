"""Lists of mailboxes as spreadsheets write them."""

import tracemalloc
from pathlib import Path

import pytest

from bot.tenant.listing import MailboxList
from bot.tenant.loading import load_tenant
from bot.tenant.wanted import WantedMailbox
from tests.unit.tenant.files import CONNECTIONS, POLICIES, mistakes, written

GOOD = "source,destination\nana@contoso.com,ana@contoso.org\n"
ANA = WantedMailbox("ana@contoso.com", "ana@contoso.org", "standard")


def listed(folder: Path, text: str | bytes, policy: str | None = "standard") -> MailboxList:
    return MailboxList(written(folder, text, "staff.csv"), "staff.csv", policy)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.rstrip(),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace(",", ";"),
        b"\xef\xbb\xbf" + GOOD.encode(),
        "Destination , SOURCE\n ana@contoso.org,Ana@Contoso.com \n",
        '"source","destination"\n"ana@contoso.com","ana@contoso.org"\n',
        GOOD + "\n,\n , \n",
        "source,destination,policy\nana@contoso.com,ana@contoso.org,\n",
        "source;destination;policy\nana@contoso.com;ana@contoso.org;standard\n",
    ],
)
def test_a_list_is_read_as_spreadsheets_write_it(tmp_path: Path, text: str | bytes) -> None:
    found = listed(tmp_path, text)
    assert [mailbox for _, mailbox in found.rows()] == [ANA]
    assert found.faults == []


def test_a_row_s_own_policy_wins_over_the_list_s(tmp_path: Path) -> None:
    text = "source,destination,policy\na@x.example,a@y.example,gold\nb@x.example,b@y.example,\n"
    assert [mailbox.policy for _, mailbox in listed(tmp_path, text).rows()] == ["gold", "standard"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "1: the first line names the columns: source and destination is missing"),
        ("ana@contoso.com,ana@contoso.org\n", "1: `ana@contoso.com` is not a column here"),
        ("sorce,destination\na,b\n", "1: `sorce` is not a column here; did you mean `source`?"),
        ("source\na\n", "1: the first line names the columns: destination is missing"),
        ("source,destination,source\na,b,c\n", "1: a column stands here twice"),
        ("source,destination\n", "lists no mailbox; take its entry out of the tenant file"),
        (GOOD + "bo,bo@contoso.org\n", "3: `source` must be one e-mail address"),
        (GOOD + "bo@contoso.com\n", "3: `destination` must be one e-mail address"),
        (GOOD + "bo@contoso.com,bo@contoso.org,x\n", "3: this has 3 values, but there are 2 columns"),
        (GOOD + '"a\nb",x\n' + "bo,c@d.example\n", "5: `source` must be one e-mail address"),
        (GOOD + '"bo@contoso.com,x\n', "3: this is not CSV: unexpected end of data"),
        (
            GOOD.encode() + b"zo\xe9@contoso.com,z@contoso.org\n",
            "3: this is not UTF-8; save the file as CSV UTF-8",
        ),
        (GOOD.encode("utf-16"), "1: this is not UTF-8"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(tmp_path: Path, text: str | bytes, says: str) -> None:
    found = listed(tmp_path, text)
    list(found.rows())
    assert says in "\n".join(str(fault).removeprefix("staff.csv:") for fault in found.faults)


def test_a_row_needs_a_policy_from_somewhere(tmp_path: Path) -> None:
    found = listed(tmp_path, GOOD, policy=None)
    assert list(found.rows()) == []
    assert "2: no policy: name it in a column `policy`" in str(found.faults[0])


def test_the_good_rows_are_told_with_their_lines(tmp_path: Path) -> None:
    assert [str(place) for place, _ in listed(tmp_path, GOOD).rows()] == ["staff.csv:2"]


def test_lists_are_found_from_the_folder_of_the_tenant_file_and_checked_with_it(tmp_path: Path) -> None:
    written(tmp_path, GOOD + "ana@contoso.com,x@contoso.org\n", "staff.csv")
    entries = (
        "mailboxes_from:\n  - {file: staff.csv, policy: standard}\n  - {file: staf.csv, policy: standard}\n"
    )
    said = mistakes(tmp_path, CONNECTIONS + POLICIES + entries)
    assert said == [
        "staff.csv:3: ana@contoso.com stands in staff.csv:2 already",
        "8:12: there is no file staf.csv",
    ]


def test_an_unknown_policy_of_a_row_is_named_by_the_row_s_line(tmp_path: Path) -> None:
    written(tmp_path, "source,destination,policy\na@x.example,a@y.example,standart\n", "staff.csv")
    (said,) = mistakes(tmp_path, CONNECTIONS + POLICIES + "mailboxes_from: [{file: staff.csv}]\n")
    assert said == "staff.csv:2: the policy `standart` is unknown; did you mean `standard`?"


@pytest.mark.slow
def test_a_long_list_takes_about_a_kilobyte_a_row(tmp_path: Path) -> None:
    rows = "".join(f"user{n}@contoso.com,user{n}@contoso.org\n" for n in range(4_000))
    written(tmp_path, "source,destination\n" + rows, "staff.csv")
    file = written(
        tmp_path, CONNECTIONS + POLICIES + "mailboxes_from: [{file: staff.csv, policy: standard}]\n"
    )
    tracemalloc.start()
    try:
        tenant = load_tenant(file)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(tenant.mailboxes) == 4_000
    assert most < 4_000 * 1_500
