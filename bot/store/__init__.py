"""Keeps everything in SQLite or PostgreSQL: short transactions, frozen views out, no ORM."""

from bot.store.adapters import (
    SqlAudit,
    SqlDetails,
    SqlHealth,
    SqlHome,
    SqlMailboxes,
    SqlRecorder,
    SqlRetries,
    SqlWatches,
)
from bot.store.alert_adapters import SqlAlertMessages, SqlAlerts, SqlChannels, SqlClicked
from bot.store.credential_adapter import SqlExpiryAlerts
from bot.store.database import Database
from bot.store.digest_adapter import SqlDigests
from bot.store.granting import SqlGrantBook
from bot.store.handling_adapter import SqlHandling, SqlToHandle
from bot.store.incident_adapter import SqlIncidents
from bot.store.mail_adapters import (
    SqlAsked,
    SqlConnections,
    SqlJournal,
    SqlSchedule,
    SqlTree,
    SqlWatchdog,
)
from bot.store.naming import SqlVocabulary
from bot.store.policies import SqlPolicyBook
from bot.store.prune import Pruning
from bot.store.subscribing_adapters import SqlMutes, SqlSubscriptions
from bot.store.tenancy import SqlTenancy

__all__ = [
    "Database",
    "Pruning",
    "SqlAlertMessages",
    "SqlAlerts",
    "SqlAsked",
    "SqlAudit",
    "SqlChannels",
    "SqlClicked",
    "SqlConnections",
    "SqlDetails",
    "SqlDigests",
    "SqlExpiryAlerts",
    "SqlGrantBook",
    "SqlHandling",
    "SqlHealth",
    "SqlHome",
    "SqlIncidents",
    "SqlJournal",
    "SqlMailboxes",
    "SqlMutes",
    "SqlPolicyBook",
    "SqlRecorder",
    "SqlRetries",
    "SqlSchedule",
    "SqlSubscriptions",
    "SqlTenancy",
    "SqlToHandle",
    "SqlTree",
    "SqlVocabulary",
    "SqlWatchdog",
    "SqlWatches",
]
