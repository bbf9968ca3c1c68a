"""What a refused message means: wait, or somebody has to act; and when to try again."""

from datetime import datetime, timedelta

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)

_OF_CHANNEL = frozenset(
    {
        "is_archived",
        "not_in_channel",
        "channel_not_found",
        "channel_is_limited_access",
        "is_inactive",
        "messages_tab_disabled",
        "not_in_workspace",
        "posting_to_general_channel_denied",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
    }
)
_OF_WORKSPACE = frozenset(
    {
        "access_denied",
        "account_inactive",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "team_not_found",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
"""https://docs.slack.dev/reference/methods/chat.postMessage#errors"""


def is_dead(reason: str) -> bool:
    """Nothing at all can be delivered to the channel until somebody acts."""
    return reason in _OF_CHANNEL or reason in _OF_WORKSPACE


def next_try(since: datetime, now: datetime) -> datetime:
    """After as long again as it has lasted already, within limits."""
    return now + min(max(now - since, FIRST_PAUSE), LONGEST_PAUSE)
