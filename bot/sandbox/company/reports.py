"""What the company tells the bot: CloudEvents, as the bot's published events API describes them."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

from bot.sandbox.company.world import Condition, Item, Mailbox, Policy, Run

Event = dict[str, Any]
SERVICE = "email"


class Reporter:
    """Makes events and hands them to `emit`. `epoch` keeps the ids of two starts apart."""

    def __init__(self, emit: Callable[[Event], None], source: str, epoch: str) -> None:
        self._emit = emit
        self._source = source
        self._epoch = epoch
        self._serial = count(1)

    def _tell(self, kind: str, at: datetime, data: dict[str, Any]) -> None:
        self._emit(
            {
                "specversion": "1.0",
                "id": f"{self._epoch}-{next(self._serial)}",
                "source": self._source,
                "type": kind,
                "time": stamp(at),
                "datacontenttype": "application/json",
                "data": {name: value for name, value in data.items() if value is not None},
            }
        )

    def policy(self, policy: Policy, at: datetime) -> None:
        self._tell(
            "policy.upserted",
            at,
            {
                "policy": policy.key,
                "name": policy.name,
                "description": policy.description,
                "active": policy.active,
                "services": [SERVICE],
                "frequency": {"every": policy.every, "unit": policy.unit},
                "deletion_delay_days": policy.deletion_delay_days,
            },
        )

    def mailbox(self, mailbox: Mailbox, at: datetime) -> None:
        self._tell(
            "mailbox.upserted",
            at,
            {
                "mailbox": mailbox.key,
                "source": mailbox.source,
                "destination": mailbox.destination,
                "policy": mailbox.policy.key,
                "next_sync_at": stamp(mailbox.next_sync_at),
            },
        )

    def started(self, mailbox: Mailbox, run: Run, trigger: str) -> None:
        self._tell(
            "sync.started",
            run.started_at,
            {
                "mailbox": mailbox.key,
                "run": run.key,
                "kind": run.kind,
                "trigger": trigger,
                "retry_id": run.retry_id,
            },
        )

    def progress(self, mailbox: Mailbox, run: Run, at: datetime) -> None:
        data = {"mailbox": mailbox.key, "run": run.key, "done": run.done, "total": run.total}
        self._tell("sync.progress", at, data)

    def item_failed(
        self, mailbox: Mailbox, item: Item, why: Condition, at: datetime, answers: dict[str, str | None]
    ) -> None:
        """`answers` holds the `run` that tried it, or the `retry_id` of the request."""
        self._tell(
            "item.failed",
            at,
            {
                "mailbox": mailbox.key,
                "service": SERVICE,
                "item": item.key,
                "code": why.code,
                "message": why.message,
                "folder": item.folder,
                "subject": item.subject,
                "sender": item.sender,
                "received_at": stamp(item.received_at),
                "size": item.size,
                "attempts": item.attempts,
                "retry_at": stamp(why.heals_at),
                **answers,
            },
        )

    def item_synced(self, mailbox: Mailbox, item: Item, at: datetime, answers: dict[str, str | None]) -> None:
        data = {"mailbox": mailbox.key, "service": SERVICE, "item": item.key, **answers}
        self._tell("item.synced", at, data)

    def completed(
        self, mailbox: Mailbox, run: Run, at: datetime, counts: dict[str, int], still_failing: list[str]
    ) -> None:
        data = _end(mailbox, run) | {"services": [{"service": SERVICE, **counts}]}
        self._tell("sync.completed", at, data | {"still_failing": still_failing})

    def failed(self, mailbox: Mailbox, run: Run, at: datetime, why: Condition) -> None:
        data = _end(mailbox, run) | {"code": why.code, "message": why.message}
        self._tell("sync.failed", at, data)


def _end(mailbox: Mailbox, run: Run) -> dict[str, Any]:
    return {
        "mailbox": mailbox.key,
        "run": run.key,
        "kind": run.kind,
        "started_at": stamp(run.started_at),
        "next_sync_at": stamp(mailbox.next_sync_at),
        "retry_id": run.retry_id,
    }


def stamp(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
