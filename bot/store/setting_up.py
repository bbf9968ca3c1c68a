"""Policies and mailboxes as engines describe them; an older description never replaces a newer one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, case, insert, literal_column, select, update

from bot.domain.events import MailboxUpserted, PolicyUpserted
from bot.domain.values import PolicyId
from bot.store.alert_tables import alert
from bot.store.book import Book, Held
from bot.store.columns import AnyRow, named
from bot.store.tables import failure, mailbox, policy
from bot.store.terms import mailboxes_named, mailboxes_renamed

_POLICY = select(policy).where(policy.c.key == bindparam("key")).with_for_update()
_UPDATE_POLICY = update(policy).where(policy.c.id == bindparam("b_id"))
_NEW_POLICY = bindparam("b_policy_id", type_=mailbox.c.policy_id.type)
_UPDATE_MAILBOX = (
    update(mailbox)
    .where(mailbox.c.id == bindparam("b_id"))
    .values(
        source=bindparam("b_source"),
        destination=bindparam("b_destination"),
        updated_at=bindparam("b_updated_at"),
        policy_id=_NEW_POLICY,
        policy_since=case(
            (mailbox.c.policy_id == _NEW_POLICY, mailbox.c.policy_since),
            else_=bindparam("b_updated_at", type_=mailbox.c.policy_since.type),
        ),
    )
)
_UNDER_POLICY = mailbox.c.policy_id == bindparam("b_id")
_BUMP_MAILBOXES = update(mailbox).where(_UNDER_POLICY).values(version=mailbox.c.version + 1)
_BUMP_ALERTS = (
    update(alert)
    .where(
        alert.c.cleared_at.is_(None),
        alert.c.mailbox_id.in_(select(mailbox.c.id).where(_UNDER_POLICY, mailbox.c.open_failures > 0)),
    )
    .values(version=alert.c.version + 1, dirty=True)
)
_BUMP_INCIDENTS = {
    of: update(alert)
    .where(
        alert.c.kind == literal_column("'incident'"),
        alert.c.cleared_at.is_(None),
        alert.c.id.in_(
            select(failure.c.incident_id)
            .join_from(failure, mailbox)
            .where(failure.c.incident_id.is_not(None), chosen)
        ),
    )
    .values(version=alert.c.version + 1, dirty=True)
    for of, chosen in (("mailbox", mailbox.c.id == bindparam("b_id")), ("policy", _UNDER_POLICY))
}
"""An incident names its mailboxes, and goes where somebody asked for them or their policies."""

_COUNTERS = {"version": 1, "open_failures": 0, "initial_done": False, "bytes": 0}


def policy_upserted(book: Book, event: PolicyUpserted) -> bool:
    """Whether the policy is new."""
    known = book.connection.execute(_POLICY, {"key": event.policy}).one_or_none()
    if known is None:
        book.connection.execute(insert(policy), _policy_row(event) | {"key": event.policy})
        book.note("policy created", event.name, at=event.at)
        return True
    if event.at >= known.updated_at:
        _update_policy(book, known, event)
    return False


def mailbox_upserted(book: Book, event: MailboxUpserted) -> bool:
    """Whether the mailbox is new. Its policy is known."""
    held = book.find(event.mailbox)
    if held is None:
        mailboxes_added(book, [event])
        book.reload(event.mailbox)
        return True
    mailboxes_changed(book, [(held, event)])
    return False


def mailboxes_added(book: Book, events: Sequence[MailboxUpserted]) -> None:
    """Insert many in one statement. None of them is known, and their policies are."""
    if events:
        book.connection.execute(insert(mailbox), [_new_mailbox(book, event) for event in events])
        mailboxes_named(book.connection, [event.mailbox for event in events])


def mailboxes_changed(book: Book, changes: Sequence[tuple[Held, MailboxUpserted]]) -> None:
    """Update many in one statement. Their policies are known."""
    newer = [(held, event) for held, event in changes if event.at >= held.updated_at]
    rows = [_mailbox_row(book, event) | {"id": held.id} for held, event in newer]
    if rows:
        values = [{f"b_{name}": value for name, value in row.items()} for row in rows]
        book.connection.execute(_UPDATE_MAILBOX, values)
        mailboxes_renamed(
            book.connection,
            [(held, row["source"], row["destination"]) for (held, _), row in zip(newer, rows, strict=True)],
        )
    for (held, event), row in zip(newer, rows, strict=True):
        if (held.source, held.policy_id) != (row["source"], row["policy_id"]):
            book.connection.execute(_BUMP_INCIDENTS["mailbox"], {"b_id": held.id})
        _keep(held, row, event)


def _policy_row(event: PolicyUpserted) -> dict[str, Any]:
    return {
        "name": event.name,
        "description": event.description,
        "active": event.active,
        "services": list(event.services),
        "every": event.frequency.every,
        "unit": event.frequency.unit,
        "deletion_delay_days": event.deletion_delay_days,
        "updated_at": event.at,
    }


def _update_policy(book: Book, known: AnyRow, event: PolicyUpserted) -> None:
    """Engines may repeat themselves: only a difference is worth redrawing, or a line in the log."""
    row = _policy_row(event)
    book.connection.execute(_UPDATE_POLICY.values(row), {"b_id": known.id})
    if _differs(known, row):
        _redraw_all(book, PolicyId(known.id))
        book.note(_what_happened(known, event), event.name, at=event.at)


def _differs(known: AnyRow, row: dict[str, Any]) -> bool:
    return any(named(known)[name] != value for name, value in row.items() if name != "updated_at")


def _what_happened(known: AnyRow, event: PolicyUpserted) -> str:
    if known.active == event.active:
        return "policy updated"
    return "policy enabled" if event.active else "policy disabled"


def _redraw_all(book: Book, policy_id: PolicyId) -> None:
    """Every card and every channel message of the policy's mailboxes shows something of it."""
    book.connection.execute(_BUMP_MAILBOXES, {"b_id": policy_id})
    book.connection.execute(_BUMP_ALERTS, {"b_id": policy_id})
    book.connection.execute(_BUMP_INCIDENTS["policy"], {"b_id": policy_id})


def _mailbox_row(book: Book, event: MailboxUpserted) -> dict[str, Any]:
    return {
        "policy_id": book.policy(event.policy),
        "source": event.source.lower(),
        "destination": event.destination.lower(),
        "updated_at": event.at,
    }


def _new_mailbox(book: Book, event: MailboxUpserted) -> dict[str, Any]:
    began = {"key": event.mailbox, "created_at": book.now, "policy_since": event.at}
    schedule = {"next_sync_at": event.next_sync_at, "next_sync_known_at": event.at}
    return _mailbox_row(book, event) | began | schedule | _COUNTERS


def _keep(held: Held, row: dict[str, Any], event: MailboxUpserted) -> None:
    """What was written, so that it is written back, and the schedule where nothing newer is known of it."""
    held.updated_at, held.policy_id = event.at, row["policy_id"]
    held.source, held.destination = row["source"], row["destination"]
    if event.at >= held.next_sync_known_at:
        held.next_sync_at, held.next_sync_known_at = event.next_sync_at, event.at
    held.touch()
