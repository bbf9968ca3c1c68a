"""The use cases for whoever may read the database, without Slack, the web or an engine of its own."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.clock import SystemClock
from bot.config import Settings, SubjectsFor
from bot.domain.access import Asker, Grants
from bot.domain.standing import Membership, Person
from bot.domain.values import MailboxId, Outcome, Role
from bot.errors import EngineUnreachable
from bot.ports import AuditTrail, Clock, Mailboxes, RetryRequest
from bot.ports.batches import Batches
from bot.services.access import Access
from bot.services.cards import Cards
from bot.services.retries import RetryDesk
from bot.store import Database, SqlAudit, SqlDetails, SqlGrantBook, SqlMailboxes, SqlRetries
from bot.store.batches import SqlBatches
from bot.views import EVERYTHING, ErrorList, HistoryList, Narrowing

ENTRIES_AT_ONCE = 100
FAILURES_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Desk:
    """`asker` may do everything: access to the database was the question, and it is answered."""

    asker: Asker
    mailboxes: Mailboxes
    cards: Cards
    retries: RetryDesk
    batches: Batches
    audit: AuditTrail
    clock: Clock


class _LongPages(SqlDetails):
    """A terminal has room for more than a message in Slack."""

    async def history(
        self, mailbox: MailboxId, *, page: int, size: int, outcome: Outcome | None = None
    ) -> HistoryList | None:
        long = max(size, ENTRIES_AT_ONCE)
        return await super().history(mailbox, page=page, size=long, outcome=outcome)

    async def errors(
        self, mailbox: MailboxId, *, page: int, size: int, narrowing: Narrowing = EVERYTHING
    ) -> ErrorList | None:
        long = max(size, FAILURES_AT_ONCE)
        return await super().errors(mailbox, page=page, size=long, narrowing=narrowing)


class _Nobody:
    """No groups, no addresses, and nobody whose membership matters: Slack is not asked."""

    async def groups_of(self, user: str, groups: Collection[str]) -> frozenset[str]:  # noqa: ARG002 - the port's
        return frozenset()

    async def email_of(self, user: str) -> str | None:  # noqa: ARG002 - the port's
        return None

    async def person(self, user: str) -> Person:  # noqa: ARG002 - the port's
        return Person(Membership.MEMBER)

    async def handles(self) -> None:
        return None


class _RowsAlone:
    """Neither rings nor sends: a bot or worker that runs finds the rows at its next tick."""

    def ring(self) -> None: ...

    async def request_retry(self, request: RetryRequest) -> None:
        raise EngineUnreachable(f"{request.key} is sent by a bot that runs, not from here.")


@asynccontextmanager
async def open_desk(settings: Settings, actor: str, *, subjects: bool) -> AsyncIterator[Desk]:
    """The desk of `actor`, who sees subjects and senders only by asking for them.

    Raises:
        BadSettings: the database cannot be used.
    """
    database = Database(settings.database_url)
    try:
        await database.migrate()
        yield _desk(settings, database, Asker(actor), subjects=subjects)
    finally:
        await database.close()


def _desk(settings: Settings, database: Database, asker: Asker, *, subjects: bool) -> Desk:
    clock, rows, mailboxes = SystemClock(), _RowsAlone(), SqlMailboxes(database)
    seen_by = SubjectsFor.OPERATORS if subjects else SubjectsFor.NEVER
    grants, audit = Grants.of({Role.ADMIN: {asker.user}}), SqlAudit(database)
    access = Access(grants, seen_by, _Nobody(), audit, clock, SqlGrantBook(database))
    return Desk(
        asker,
        mailboxes,
        Cards(mailboxes, _LongPages(database), access, clock, settings.support_contact),
        RetryDesk(SqlRetries(database), rows, access, rows, clock, settings.retry_patience),
        SqlBatches(database),
        audit,
        clock,
    )
