"""What a mailbox leaves behind that is no longer synced: a run, retries and failures that nobody will end."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select, update

from bot.domain.events import PolicyUpserted, SyncFailed
from bot.domain.mail import EMAIL
from bot.domain.values import FailureState, Frequency, RetryOutcome, Unit
from bot.store.book import Held
from bot.store.chunks import chunks
from bot.store.failure_rows import Healed, Unresolved, resolve, unresolved
from bot.store.retry_rows import end_retry, retries_holding
from bot.store.run_rows import retry_of_run, run_finished
from bot.store.setting_up import policy_upserted
from bot.store.signing import SignedBook
from bot.store.tables import failure, run

NO_LONGER = "syncbot:no-longer-synced"
"""The policy of mailboxes that left: inactive, so that they are never due and never overdue. No policy of a
tenant file can have this key.
"""

_REASON = "It was taken out of tenant.yaml."
_RUN_KEY = select(run.c.key).where(run.c.id == bindparam("id"))
_DISMISS = (
    update(failure)
    .where(failure.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=FailureState.DISMISSED, reason=_REASON)
)


def upsert_no_longer(book: SignedBook) -> None:
    """The policy of those that left. It is not in the file, and may be there already."""
    if book.policy(NO_LONGER) is None:
        description = "Mailboxes that tenant.yaml named before. Their history stays."
        day = Frequency(1, Unit.DAY)
        policy_upserted(
            book,
            PolicyUpserted(book.now, NO_LONGER, "No longer synced", description, False, (EMAIL,), day, 0),  # noqa: FBT003 - inactive
        )


def end_all(book: SignedBook, held: Held) -> None:
    _end_run(book, held)
    failures = unresolved(book, held)
    for some in chunks(failures):
        _dismiss(book, held, some)
    if failures:
        count = "1 failure" if len(failures) == 1 else f"{len(failures)} failures"
        book.note("failure dismissed", f"{held.source}: {count}", at=book.now, held=held)


def _end_run(book: SignedBook, held: Held) -> None:
    """The process that works on it finds the mailbox gone and stops without a report."""
    if held.live_run_id is None:
        return
    key = book.connection.execute(_RUN_KEY, {"id": held.live_run_id}).scalar_one()
    known = run_finished(book, held, SyncFailed(book.now, held.key, key, "interrupted", _REASON))
    asked = retry_of_run(book, held, known, None) if known else None
    if asked and asked.whole:
        end_retry(book, held, asked, RetryOutcome.FAILED, _REASON)


def _dismiss(book: SignedBook, held: Held, failures: Sequence[Unresolved]) -> None:
    ids = [each.id for each in failures]
    for asked in retries_holding(book.connection, ids):
        end_retry(book, held, asked, RetryOutcome.REFUSED, _REASON)
    resolve(book, held, failures, Healed(book.now, by=book.actor))
    book.connection.execute(_DISMISS, {"ids": ids})
