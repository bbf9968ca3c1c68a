"""The ids that tie a control to its handler. They live in posted messages: never rename one."""

import re
from enum import StrEnum


class Action(StrEnum):
    FAILURE_RETRY = "failure.retry"
    MAILBOX_RETRY_ALL = "mailbox.retry_all"
    MAILBOX_SYNC = "mailbox.sync"
    MAILBOX_CHOOSE = "mailbox.choose"
    STATUS_VIEW = "status.view"
    ERRORS_VIEW = "errors.view"
    HISTORY_VIEW = "history.view"
    HOME_REFRESH = "home.refresh"
    HISTORY_DETAILS = "history.details"
    CARD_REFRESH = "card.refresh"
    CARD_SHARE = "card.share"
    CARD_OPEN = "card.open"
    PAGE_PREVIOUS = "page.previous"
    PAGE_NEXT = "page.next"
    FAILURE_DISMISS = "failure.dismiss"
    FAILURE_RESTORE = "failure.restore"
    MAILBOX_DISMISS = "mailbox.dismiss"
    ERRORS_SHOW = "errors.show"
    ERRORS_CAUSE = "errors.cause"
    ERRORS_FOLDER = "errors.folder"
    ERRORS_ORDER = "errors.order"
    ERRORS_RETRY = "errors.retry"
    ERRORS_EXPORT = "errors.export"
    ERRORS_REPORT = "errors.report"
    ALERT_HANDLE = "alert.handle"
    DISMISS_ITEMS = "dismiss.items"
    DISMISS_REASON = "dismiss.reason"
    INCIDENT_RETRY = "incident.retry"
    INCIDENT_VIEW = "incident.view"
    LOOKUP_ADDRESS = "lookup.address"
    LOOKUP_MAILBOX = "lookup.mailbox"
    CARD_SWITCH = "card.switch"
    SUBSCRIPTION_EDIT = "subscription.edit"
    SUBSCRIPTION_REMOVE = "subscription.remove"
    SUBSCRIPTION_POLICIES = "subscription.policies"
    SUBSCRIPTION_DOMAINS = "subscription.domains"
    SUBSCRIPTION_MAILBOXES = "subscription.mailboxes"
    SUBSCRIPTION_CAUSES = "subscription.causes"
    SUBSCRIPTION_LEAST = "subscription.least"
    SUBSCRIPTION_MODE = "subscription.mode"
    SUBSCRIPTION_QUIET = "subscription.quiet"
    SUBSCRIPTION_QUIET_FROM = "subscription.quiet_from"
    SUBSCRIPTION_QUIET_TO = "subscription.quiet_to"
    SUBSCRIPTION_BREAKS = "subscription.breaks"
    SUBSCRIPTION_PERSON = "subscription.person"
    SUBSCRIPTION_GROUP = "subscription.group"
    SUBSCRIPTION_DIGEST = "subscription.digest"
    SUBSCRIPTION_DIGEST_AT = "subscription.digest_at"
    SUBSCRIPTION_ZONE = "subscription.zone"
    MUTE_END = "mute.end"
    POLICY_SWITCH = "policy.switch"


class Callback(StrEnum):
    """What modals and shortcuts are called."""

    LOOKUP_SUBMIT = "lookup.submit"
    DISMISS_SUBMIT = "dismiss.submit"
    CARD_VIEW = "card.view"
    SUBSCRIPTION_SAVE = "subscription.save"
    SYNC_CHECK_STATUS = "sync.check_status"
    MAILBOX_LOOK_UP = "mailbox.look_up"


def action_pattern(action: Action) -> re.Pattern[str]:
    """Matches the id alone and with a number: `mailbox.choose`, `mailbox.choose:2`."""
    return re.compile(rf"^{re.escape(action)}(?::[1-9][0-9]*)?$")
