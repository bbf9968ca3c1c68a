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
from bot.views.paging import Page
from bot.views.policies import PolicyBadge, PolicyLine, PolicyList, PolicySwitched
from bot.views.refs import MailboxRef
from bot.views.routing import Muted

__all__ = [
    "AlertCard",
    "AlertState",
    "AuditLine",
    "AuditPage",
    "CardKind",
    "CardModel",
    "CardRef",
    "CauseGroup",
    "ChannelCard",
    "Choice",
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
    "Expired",
    "FailingMailbox",
    "FailureGroups",
    "FailureLine",
    "FirstFailure",
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
    "Overview",
    "Page",
    "PolicyBadge",
    "PolicyLine",
    "PolicyList",
    "PolicySwitched",
    "RetryEntry",
    "RetryStarted",
    "RunDay",
    "RunEntry",
    "SearchResult",
    "StatusCard",
    "Suggestions",
]
