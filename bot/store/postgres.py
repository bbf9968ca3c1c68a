"""PostgreSQL as we use it: one pool; writers lock what they decide upon, readers see one moment."""

from sqlalchemy import URL, Connection, Engine, TextClause, create_engine, text

_LOCK = text("SELECT pg_advisory_xact_lock(7396, :number)")
"""The first number keeps our locks apart from those of other programs in the same database."""

MIGRATION = 1
PARKING = 2
STORMS = 3
ROUTING = 4
APPLYING = 5
ACCESS = 6


MANY = 1_000
"""Mailboxes that are added at once, or join an incident at once, from which on PostgreSQL's idea of what is
in the tables is too old.
"""

_ANALYZE_MAILBOXES = text("ANALYZE mailbox, mailbox_term")
_ANALYZE_ALERTS = text("ANALYZE alert, alert_message, failure")


def engines(url: URL, threads: int) -> tuple[Engine, Engine]:
    """The writer's and the readers' engine, over one pool.

    A card is read by several statements: under READ COMMITTED, what changed in between would tear it apart.
    """
    writer = create_engine(
        url, pool_size=2 * threads, max_overflow=0, pool_pre_ping=True, hide_parameters=True
    )
    return writer, writer.execution_options(isolation_level="REPEATABLE READ")


def take_turns(connection: Connection, lock: int) -> None:
    """Wait for others that hold `lock`, until the transaction ends. On SQLite the writer is alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"number": lock})


def mailboxes_added(connection: Connection, count: int) -> None:
    """Let PostgreSQL look at what is in the tables that mailboxes are found by.

    It does so by itself within a minute or so. Until then it plans for what was there before, and a look-up
    among 100,000 mailboxes took half a second instead of some milliseconds.
    https://www.postgresql.org/docs/current/populate.html#POPULATE-ANALYZE
    """
    _analyze(connection, _ANALYZE_MAILBOXES, count)


def mailboxes_failed(connection: Connection, count: int) -> None:
    """The same for the tables that alerts are posted by: with 10,000 mailboxes in a storm, and tables that
    were nearly empty before, each look at what is due took 7 seconds instead of some milliseconds.
    """
    _analyze(connection, _ANALYZE_ALERTS, count)


def _analyze(connection: Connection, statement: TextClause, count: int) -> None:
    if count >= MANY and connection.dialect.name == "postgresql":
        connection.execute(statement)
