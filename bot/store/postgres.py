"""PostgreSQL as we use it: one engine for all, READ COMMITTED, rows locked where they are decided upon."""

from sqlalchemy import URL, Connection, Engine, create_engine, text

_LOCK = text("SELECT pg_advisory_xact_lock(7396, :number)")
"""The first number keeps our locks apart from those of other programs in the same database."""

MIGRATION = 1
PARKING = 2


def engines(url: URL, threads: int) -> tuple[Engine, Engine]:
    """The same engine twice: PostgreSQL needs no writer of its own, but threads of both kinds use it."""
    engine = create_engine(
        url, pool_size=2 * threads, max_overflow=0, pool_pre_ping=True, hide_parameters=True
    )
    return engine, engine


def take_turns(connection: Connection, lock: int) -> None:
    """Wait for others that hold `lock`, until the transaction ends. On SQLite the writer is alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"number": lock})
