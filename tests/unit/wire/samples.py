"""One good event of each type, and secrets that exist only while the tests run."""

import base64
import secrets
from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
AT = "2026-03-09T08:30:00Z"

DATA: dict[str, dict[str, Any]] = {
    "policy.upserted": {
        "policy": "pol-1",
        "name": "Staff, daily",
        "frequency": {"every": 1, "unit": "day"},
    },
    "mailbox.upserted": {
        "mailbox": "mbx-1",
        "source": "Anna@Northwind.example",
        "destination": "anna@tailspin.example",
        "policy": "pol-1",
        "next_sync_at": "2026-03-10T08:30:00+02:00",
    },
    "sync.started": {"mailbox": "mbx-1", "run": "run-1", "kind": "delta"},
    "sync.progress": {"mailbox": "mbx-1", "run": "run-1", "done": 10, "total": 40},
    "item.failed": {
        "mailbox": "mbx-1",
        "service": "email",
        "item": "AAMk-1",
        "code": "dest_too_large",
        "message": "413",
        "subject": "見積書 📷",
        "received_at": AT,
        "size": 63_963_136,
    },
    "item.synced": {"mailbox": "mbx-1", "service": "email", "item": "AAMk-1", "retry_id": "r-1"},
    "sync.completed": {
        "mailbox": "mbx-1",
        "run": "run-1",
        "services": [{"service": "email", "changes": 4, "bytes": 9000, "failed": 1}],
        "still_failing": ["AAMk-1", "AAMk-1"],
    },
    "sync.failed": {"mailbox": "mbx-1", "run": "run-1", "code": "source_auth"},
}


def event(kind: str, data: dict[str, Any] | None = None, **attributes: object) -> dict[str, Any]:
    """A good event of `kind`, with these changes to its data and its attributes."""
    return {
        "specversion": "1.0",
        "id": f"{kind}-1",
        "source": "https://engine.northwind.example",
        "type": kind,
        "time": AT,
        "data": {**DATA.get(kind, {}), **(data or {})},
        **attributes,
    }


def without(document: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != name}


def new_secret(size: int = 32) -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(size)).decode()
