"""Payloads of forms, as Slack sends them."""

from typing import Any

Json = dict[str, Any]


def submitted(view: Json, user: str = "U0ADA") -> Json:
    return {
        "type": "view_submission",
        "user": {"id": user, "team_id": "T1"},
        "team": {"id": "T1"},
        "trigger_id": "T-1",
        "view": {"id": "V1", "hash": "hash-0", **view},
    }
