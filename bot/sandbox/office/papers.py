"""The files that syncbot is set up with: tenant.yaml, and the secrets that it names."""

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.sandbox.office.cast import FABRIKAM, NORTHWIND, Person

TENANTS = ("5f1c7a52-0d4b-4c37-9a51-6b2f0f5f0a11", "c2b07d3e-8f16-4f0e-b1c5-2f6a9d3e7b22")
CLIENTS = ("0b7f9c1e-33a4-4f5d-8d52-91c6b7a0e4d1", "7d2a4e90-6c5b-4a1f-9e38-f05b8c7d1a62")
"""Of Northwind and of Fabrikam, which has a directory of its own."""

_TENANT = """# Northwind moves to Google Workspace, together with Fabrikam, which it bought.
connections:
  northwind:
    kind: microsoft365
    tenant_id: {tenants[0]}
    client_id: {clients[0]}
    secret: file:northwind.secret
  fabrikam:
    kind: microsoft365
    tenant_id: {tenants[1]}
    client_id: {clients[1]}
    secret: file:fabrikam.secret
  workspace:
    kind: google_workspace
    key: file:workspace.json

policies:
  executives:
    name: Executives, hourly
    description: Board and management
    source: northwind
    destination: workspace
    every: 1 hour
    removals: trash
  fabrikam:
    name: Fabrikam, hourly
    description: Everybody at Fabrikam
    source: fabrikam
    destination: workspace
    every: 1 hour
    removals: trash

mailboxes:
{mailboxes}
"""


class Papers:
    """Each file is for its owner alone from its first byte on, and never half written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.tenant = folder / "tenant.yaml"

    def new_northwind(self) -> str:
        return self._new_secret("northwind.secret")

    def renew_fabrikam(self) -> str:
        return self._new_secret("fabrikam.secret")

    def write_key(self, key: dict[str, str]) -> None:
        self._write(self._folder / "workspace.json", json.dumps(key, indent=2))

    def write_tenant(self) -> None:
        lines = (*_mailboxes(NORTHWIND, "executives"), *_mailboxes(FABRIKAM, "fabrikam"))
        text = _TENANT.format(tenants=TENANTS, clients=CLIENTS, mailboxes="\n".join(lines))
        self._write(self.tenant, text)

    def _new_secret(self, name: str) -> str:
        made = secrets.token_urlsafe(24)
        self._write(self._folder / name, f"{made}\n")
        return made

    def _write(self, path: Path, text: str) -> None:
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.write(text)
        part.replace(path)


def _mailboxes(people: Iterable[Person], policy: str) -> Iterator[str]:
    for person in people:
        yield f"  - {{source: {person.source}, destination: {person.destination}, policy: {policy}}}"
