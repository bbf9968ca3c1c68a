"""What the engine did or could not do, item by item, and what it reports of that."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, null, update

from bot.domain.mail import (
    Adjusted,
    GaveUp,
    Gone,
    Imported,
    ItemState,
    Labelled,
    LabelRemoved,
    Later,
    Step,
    Unlabelled,
    Untried,
    Work,
)
from bot.domain.values import MailboxId
from bot.ports.journal import Entry, Intent
from bot.store.columns import AnyRow
from bot.store.engine_tables import mail_folder, mail_item, mail_sync
from bot.store.mail_answers import about, answered
from bot.store.mail_intents import intend_all, intend_each
from bot.store.mail_leases import is_held, locked
from bot.store.mail_states import AFRESH, UNSENT, becomes, is_waiting
from bot.store.prepared import Prepared
from bot.store.recording import record_own

_FOLDER = bindparam("b_folder", type_=mail_item.c.folder.type)
_READ = bindparam("b_read", type_=mail_item.c.is_read.type)
_FLAGGED = bindparam("b_flagged", type_=mail_item.c.is_flagged.type)
_SHOWN = {"shown_folder": _FOLDER, "shown_read": _READ, "shown_flagged": _FLAGGED}
_MATCHES = becomes(folder=_FOLDER, is_read=_READ, is_flagged=_FLAGGED)
_REACHED = (mail_item.c.removed, ItemState.REMOVED), (_MATCHES, ItemState.DONE)
_IS_GONE = mail_item.c.state == ItemState.GONE, ItemState.GONE
_SETTLED = dict.fromkeys(("retry_at", "code", "message", "failed_run"), null())
_TROUBLE: dict[str, Any] = {"code": bindparam("b_code"), "message": bindparam("b_message")}
_SENDING = mail_item.c.state == ItemState.SENDING
_WAS_COUNTED = and_(
    mail_item.c.destination_id.is_(None), mail_item.c.intent_at.is_not(None), mail_item.c.attempts > 0
)

_THIS = (mail_item.c.id == bindparam("b_id"), mail_item.c.mailbox_id == bindparam("b_mailbox"))
_ITEM = update(mail_item).where(*_THIS)
_WAITING_ITEM = _ITEM.where(is_waiting())
_IMPORTED = Prepared(
    _ITEM.values(
        _SHOWN
        | _SETTLED
        | {
            "state": case(*_REACHED, else_=ItemState.CHANGED),
            "destination_id": bindparam("b_destination"),
            "intent_at": null(),
        }
    )
)
_ADJUSTED = Prepared(
    _ITEM.values(_SHOWN | _SETTLED | {"state": case(_IS_GONE, *_REACHED, else_=ItemState.CHANGED)})
)
_DELAY = _TROUBLE | {
    "retry_at": bindparam("b_retry_at"),
    "attempts": mail_item.c.attempts + bindparam("b_counts"),
}
_LATER = Prepared(_WAITING_ITEM.values(_DELAY))
_LATER_UNSENT = Prepared(
    _WAITING_ITEM.values(
        _DELAY | {"state": case((_SENDING, UNSENT), else_=mail_item.c.state), "intent_at": None}
    )
)
_UNTRIED = Prepared(
    _WAITING_ITEM.values(
        state=case((_SENDING, UNSENT), else_=mail_item.c.state),
        attempts=case((_WAS_COUNTED, mail_item.c.attempts - 1), else_=mail_item.c.attempts),
        intent_at=None,
    )
)
_FAILED: dict[str, Any] = _TROUBLE | {
    "state": ItemState.FAILED,
    "failed_run": bindparam("b_run"),
    "retry_at": None,
}
_GAVE_UP = Prepared(_WAITING_ITEM.values(_FAILED))
_GAVE_UP_UNSENT = Prepared(_WAITING_ITEM.values(_FAILED | {"intent_at": None}))
_GONE = Prepared(_ITEM.values(_SETTLED | {"state": ItemState.GONE}))
# What was put into the trash is shown nowhere any more: should it come back, everything is to be set anew. It
# may have come back while it was put there.
_TRASHED_STATE = case(
    (mail_item.c.removed, ItemState.GONE),
    (mail_item.c.destination_id.is_not(None), ItemState.CHANGED),
    else_=AFRESH,
)
_TRASHED = Prepared(
    _ITEM.values(
        _SETTLED | {"state": _TRASHED_STATE, "shown_folder": None, "shown_read": None, "shown_flagged": None}
    )
)

_FOLDER_ROW = update(mail_folder).where(
    mail_folder.c.mailbox_id == bindparam("b_mailbox"), mail_folder.c.source_id == bindparam("b_id")
)
_LABELLED = Prepared(
    _FOLDER_ROW.values(
        label=bindparam("b_label"),
        label_name=bindparam("b_name"),
        label_called=bindparam("b_called"),
        failed=None,
        failed_run=None,
    )
)
_UNLABELLED = Prepared(_FOLDER_ROW.values(failed=bindparam("b_code"), failed_run=bindparam("b_run")))

_LABEL_REMOVED = Prepared(_FOLDER_ROW.values(label=None, label_name=None, label_called=None))

_COUNT = Prepared(
    update(mail_sync)
    .where(mail_sync.c.mailbox_id == bindparam("b_mailbox"), mail_sync.c.run_key == bindparam("b_run"))
    .values(
        changes=mail_sync.c.changes + bindparam("b_changes"),
        bytes=mail_sync.c.bytes + bindparam("b_bytes"),
    )
)


@dataclass(frozen=True, slots=True)
class Change:
    """One step as a statement and its values."""

    statement: Prepared
    values: dict[str, Any]


def write(connection: Connection, entries: Sequence[Entry], intents: Sequence[Intent] = ()) -> frozenset[int]:
    """Steps, then intents; the ids of those that this call won. Raises NotAllWon: see `write_apart`."""
    if entries:
        _write(connection, entries)
    return intend_all(connection, intents)


def write_apart(
    connection: Connection, entries: Sequence[Entry], intents: Sequence[Intent]
) -> frozenset[int]:
    """The same, for when not all intents can be won."""
    if entries:
        _write(connection, entries)
    return intend_each(connection, intents)


def _write(connection: Connection, entries: Sequence[Entry]) -> None:
    """Whatever a process did is written down, even if it lost the mailbox meanwhile. What it did not do, it
    may only say while the mailbox is its own: another one may be at the same item by then.
    """
    rows = locked(connection, [entry.work.mailbox for entry in entries])
    allowed = [_allowed(entry, rows.get(entry.work.mailbox)) for entry in entries]
    events = answered(connection, allowed)
    _run_all(connection, [_change(entry.work, step) for entry in allowed for step in entry.steps])
    _count(connection, allowed)
    if events:
        record_own(connection, events, max(event.at for event in events))


def _allowed(entry: Entry, row: AnyRow | None) -> Entry:
    """Of a mailbox that was taken out meanwhile nothing is reported any more, but it may come back."""
    if row is not None and is_held(row, entry.work):
        return entry
    did = tuple(step for step in entry.steps if not isinstance(step, _UNDONE))
    return Entry(entry.work, did, entry.events if row is not None else ())


_SHOWING = (Imported, Adjusted)
_UNDONE = (Later, Untried, GaveUp, Unlabelled)


def _run_all(connection: Connection, changes: Iterable[Change]) -> None:
    """Few statements, unless two steps are about one item: those keep their order."""
    for some in _rounds(changes):
        in_turn = sorted(some, key=lambda change: id(change.statement))
        for _, alike in groupby(in_turn, key=lambda change: id(change.statement)):
            same = list(alike)
            same[0].statement.run(connection, [change.values for change in same])


def _rounds(changes: Iterable[Change]) -> Iterator[list[Change]]:
    some: list[Change] = []
    named: set[tuple[Any, Any]] = set()
    for change in changes:
        subject = change.values["b_mailbox"], change.values["b_id"]
        if subject in named:
            yield some
            some, named = [], set()
        some.append(change)
        named.add(subject)
    if some:
        yield some


def _change(work: Work, step: Step) -> Change:
    statement, values = _CHANGES[type(step)](work, step)
    return Change(statement, values | {"b_mailbox": work.mailbox, "b_id": about(step)})


def _imported(_work: Work, step: Imported) -> tuple[Prepared, dict[str, Any]]:
    return _IMPORTED, _shown(step) | {"b_destination": step.destination_id}


def _adjusted(_work: Work, step: Adjusted) -> tuple[Prepared, dict[str, Any]]:
    return _ADJUSTED, _shown(step)


def _shown(step: Imported | Adjusted) -> dict[str, Any]:
    shown = step.shown
    return {"b_folder": shown.folder, "b_read": shown.is_read, "b_flagged": shown.is_flagged}


def _later(_work: Work, step: Later) -> tuple[Prepared, dict[str, Any]]:
    trouble = {"b_code": step.code, "b_message": step.message}
    delay = {"b_retry_at": step.retry_at, "b_counts": int(step.counts)}
    return _LATER_UNSENT if step.is_certain else _LATER, trouble | delay


def _untried(_work: Work, _step: Untried) -> tuple[Prepared, dict[str, Any]]:
    return _UNTRIED, {}


def _gave_up(work: Work, step: GaveUp) -> tuple[Prepared, dict[str, Any]]:
    values = {"b_code": step.code, "b_message": step.message, "b_run": work.run}
    return _GAVE_UP_UNSENT if step.is_certain else _GAVE_UP, values


def _gone(_work: Work, step: Gone) -> tuple[Prepared, dict[str, Any]]:
    return _TRASHED if step.changed else _GONE, {}


def _labelled(_work: Work, step: Labelled) -> tuple[Prepared, dict[str, Any]]:
    return _LABELLED, {"b_label": step.label, "b_name": step.name, "b_called": step.called}


def _unlabelled(work: Work, step: Unlabelled) -> tuple[Prepared, dict[str, Any]]:
    return _UNLABELLED, {"b_code": step.code, "b_run": work.run}


def _label_removed(_work: Work, _step: LabelRemoved) -> tuple[Prepared, dict[str, Any]]:
    return _LABEL_REMOVED, {}


_CHANGES: dict[type[Step], Callable[[Work, Any], tuple[Prepared, dict[str, Any]]]] = {
    Imported: _imported,
    Adjusted: _adjusted,
    Later: _later,
    Untried: _untried,
    GaveUp: _gave_up,
    Gone: _gone,
    Labelled: _labelled,
    Unlabelled: _unlabelled,
    LabelRemoved: _label_removed,
}


def _count(connection: Connection, entries: Sequence[Entry]) -> None:
    """Work on single items belongs to no run."""
    done: dict[tuple[MailboxId, str | None], dict[str, Any]] = {}
    for entry in entries:
        work = entry.work
        for step in filter(_is_change, entry.steps if work.run is not None else ()):
            nothing = {"b_mailbox": work.mailbox, "b_run": work.run, "b_changes": 0, "b_bytes": 0}
            row = done.setdefault((work.mailbox, work.run), nothing)
            row["b_changes"] += 1
            row["b_bytes"] += step.size if isinstance(step, Imported) else 0
    if done:
        _COUNT.run(connection, list(done.values()))


def _is_change(step: Step) -> bool:
    return isinstance(step, _SHOWING) or (isinstance(step, Gone) and step.changed)
