"""The written reference names every key, and its examples can be applied."""

import re
from pathlib import Path

import pytest

from bot.tenant.loading import load_tenant
from bot.tenant.schema import (
    KINDS,
    AccessPart,
    ListPart,
    MailboxPart,
    Part,
    PolicyPart,
    SlackPart,
    TenantPart,
)
from tests.unit.tenant.files import written

DOCS = Path(__file__).parents[3] / "docs"
TEXT = (DOCS / "reference" / "tenant.md").read_text("utf-8")
HOW_TO = (DOCS / "how-to" / "engine-setup.md").read_text("utf-8")
SECTIONS: dict[str, type[Part]] = {
    "## The file": TenantPart,
    **{f"### `{kind}`": part for kind, part in KINDS.items()},
    "## Policies": PolicyPart,
    "## Mailboxes": MailboxPart,
    "## Lists of mailboxes": ListPart,
    "## Slack": SlackPart,
    "### `access`": AccessPart,
}


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    section = TEXT.split(f"\n{heading}\n")[1].split("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith(("| `", "| **`"))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("heading", list(SECTIONS))
def test_every_key_is_documented_and_no_other(heading: str) -> None:
    documented = [(cells[0].strip("*`"), cells[0].startswith("**")) for cells in rows(heading)]
    fields = SECTIONS[heading].model_fields.items()
    assert documented == [(name, field.is_required()) for name, field in fields]


@pytest.mark.parametrize("heading", list(SECTIONS))
def test_every_default_is_documented_as_it_is(heading: str) -> None:
    for name, _, default in rows(heading):
        field = SECTIONS[heading].model_fields[name.strip("*`")]
        if re.fullmatch(r"`.+`", default):
            assert default.strip("`") == str(field.default).lower(), name
        else:
            assert bool(default) != field.is_required(), name


def test_the_example_can_be_applied(tmp_path: Path) -> None:
    written(tmp_path, "source,destination\nbo@contoso.com,bo@contoso.org\n", "staff.csv")
    (example,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    tenant = load_tenant(written(tmp_path, example))
    assert len(tenant.mailboxes) == 2
    assert tenant.settings.alert_channel


def test_the_examples_of_the_how_to_can_be_applied(tmp_path: Path) -> None:
    written(tmp_path, "source,destination\nbo@contoso.com,bo@contoso.org\n", "staff.csv")
    first, more = re.findall(r"```yaml\n(.*?)```", HOW_TO, re.DOTALL)
    assert len(load_tenant(written(tmp_path, first + more)).mailboxes) == 2
