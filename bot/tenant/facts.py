"""Connections, policies, mailboxes and settings in words, each fact under its label."""

from bot.domain.connections import Connection, Microsoft365
from bot.domain.values import Frequency
from bot.tenant.wanted import StoredSettings, WantedMailbox, WantedPolicy

Facts = dict[str, str]


def facts_of_connection(connection: Connection) -> Facts:
    if not isinstance(connection, Microsoft365):
        keys = {"key": connection.key, "expires": connection.key_expires}
        return {"": "Google Workspace"} | {label: str(value) for label, value in keys.items() if value}
    secrets = {
        "certificate": connection.certificate,
        "secret": connection.secret,
        "expires": connection.secret_expires,
    }
    given = {label: str(value) for label, value in secrets.items() if value}
    return {"": "Microsoft 365", "tenant": connection.tenant_id, "client": connection.client_id} | given


def facts_of_policy(policy: WantedPolicy) -> Facts:
    rules = policy.rules
    return {
        "": "active" if policy.active else "inactive",
        "named": policy.name,
        "described as": " ".join(policy.description.split()) or "nothing",
        "from": policy.source,
        "to": policy.destination,
        "every": every(policy.frequency),
        "first sync of": _days(rules.initial_days),
        "removals:": rules.removals,
        "deleted items:": rules.deleted_items,
        "junk:": rules.junk,
        "deletion delay": _days(policy.deletion_delay_days),
    }


def facts_of_mailbox(mailbox: WantedMailbox) -> Facts:
    return {"to": mailbox.destination, "policy": mailbox.policy}


def facts_of_settings(settings: StoredSettings) -> Facts:
    """Those that are given."""
    given = {
        "alert channel": settings.alert_channel,
        "support contact": settings.support_contact,
        "admins": ", ".join(settings.admins),
        "operators": ", ".join(settings.operators),
        "viewers": ", ".join(settings.viewers),
    }
    return {label: value for label, value in given.items() if value}


def every(frequency: Frequency) -> str:
    return f"{frequency.every} {frequency.unit}{'' if frequency.every == 1 else 's'}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"
