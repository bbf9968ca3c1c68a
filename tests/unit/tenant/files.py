"""A small tenant file, and what is wrong with others."""

from pathlib import Path

import pytest

from bot.tenant.faults import BadTenant
from bot.tenant.loading import load_tenant

CLIENT = "11111111-2222-3333-4444-555555555555"
CONNECTIONS = f"""connections:
  source: {{kind: microsoft365, tenant_id: contoso.onmicrosoft.com, client_id: {CLIENT}, secret: env:M365}}
  target: {{kind: google_workspace, key: file:secrets/google.json}}
"""
POLICIES = """policies:
  standard: {source: source, destination: target, every: 6 hours}
"""
MAILBOXES = """mailboxes:
  - {source: ana@contoso.com, destination: ana@contoso.org, policy: standard}
"""
SMALL = CONNECTIONS + POLICIES + MAILBOXES


def written(folder: Path, text: str | bytes, name: str = "tenant.yaml") -> Path:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def mistakes(folder: Path, text: str | bytes) -> list[str]:
    """Everything that is wrong, as `LINE:COLUMN: reason`, with the files' folder left out."""
    with pytest.raises(BadTenant) as refused:
        load_tenant(written(folder, text))
    said = [str(fault).replace(f"{folder}/", "") for fault in refused.value.faults]
    return [line.removeprefix("tenant.yaml:") for line in said]
