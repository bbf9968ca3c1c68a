"""Frozen read models: what a card shows, free of Slack and SQL.

Times are aware and in UTC; sizes are bytes.
"""

from bot.views.audit import AuditLine, AuditPage
from bot.views.channels import (
    AlertCard,
    ChannelCard,
    CredentialCard,
    Dismissal,
    Expired,
    Handled,
    IncidentCard,
    IncidentRef,
    IncidentRetried,
)
from bot.views.digests import DigestCard, DigestCause, DigestPart
from bot.views.handling import AlertState, Decided, Deeded, Dismissable
from bot.views.history import (
    DismissalEntry,
    FirstFailure,
    HistoryEntry,
    HistoryList,
    LastGood,
    RetryEntry,
    RunDay,
    RunEntry,
)
from bot.views.mailboxes import (
    CardKind,
    CardModel,
    CardRef,
    CauseGroup,
    Choice,
    ErrorList,
    FailingMailbox,
    FailureGroups,
    FailureLine,
    MailboxList,
    MailboxRow,
    Overview,
    RetryStarted,
    SearchResult,
    StatusCard,
    Suggestions,
)
from bot.views.narrowing import (
    EVERYTHING,
    CauseChoice,
    Choices,
    ErrorOrder,
    FolderChoice,
    Narrowing,
)
from bot.views.paging import Page
from bot.views.policies import PolicyBadge, PolicyLine, PolicyList, PolicySwitched
from bot.views.refs import MailboxRef
from bot.views.routing import Muted
from bot.views.under_way import NOTHING, CauseProgress, RetryProgress, RunProgress, UnderWay

__all__ = [
    "EVERYTHING",
    "NOTHING",
    "AlertCard",
    "AlertState",
    "AuditLine",
    "AuditPage",
    "CardKind",
    "CardModel",
    "CardRef",
    "CauseChoice",
    "CauseGroup",
    "CauseProgress",
    "ChannelCard",
    "Choice",
    "Choices",
    "CredentialCard",
    "Decided",
    "Deeded",
    "DigestCard",
    "DigestCause",
    "DigestPart",
    "Dismissable",
    "Dismissal",
    "DismissalEntry",
    "ErrorList",
    "ErrorOrder",
    "Expired",
    "FailingMailbox",
    "FailureGroups",
    "FailureLine",
    "FirstFailure",
    "FolderChoice",
    "Handled",
    "HistoryEntry",
    "HistoryList",
    "IncidentCard",
    "IncidentRef",
    "IncidentRetried",
    "LastGood",
    "MailboxList",
    "MailboxRef",
    "MailboxRow",
    "Muted",
    "Narrowing",
    "Overview",
    "Page",
    "PolicyBadge",
    "PolicyLine",
    "PolicyList",
    "PolicySwitched",
    "RetryEntry",
    "RetryProgress",
    "RetryStarted",
    "RunDay",
    "RunEntry",
    "RunProgress",
    "SearchResult",
    "StatusCard",
    "Suggestions",
    "UnderWay",
]
