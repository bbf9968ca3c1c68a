"""PostgreSQL as we use it: one pool; writers lock what they decide upon, readers see one moment."""

from sqlalchemy import URL, Connection, Engine, create_engine, text

_LOCK = text("SELECT pg_advisory_xact_lock(7396, :number)")
"""The first number keeps our locks apart from those of other programs in the same database."""

MIGRATION = 1
PARKING = 2
STORMS = 3
ROUTING = 4
APPLYING = 5
ACCESS = 6


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
