"""Keeps everything in SQLite or PostgreSQL: short transactions, frozen views out, no ORM."""

from bot.store.adapters import (
    SqlAlerts,
    SqlAudit,
    SqlDetails,
    SqlGauges,
    SqlMailboxes,
    SqlRecorder,
    SqlRetries,
    SqlWatches,
)
from bot.store.database import Database
from bot.store.mail_adapters import SqlConnections
from bot.store.prune import Pruning

__all__ = [
    "Database",
    "Pruning",
    "SqlAlerts",
    "SqlAudit",
    "SqlConnections",
    "SqlDetails",
    "SqlGauges",
    "SqlMailboxes",
    "SqlRecorder",
    "SqlRetries",
    "SqlWatches",
]
