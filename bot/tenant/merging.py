"""Slack settings from both places: the environment's, and those of the tenant file."""

from dataclasses import fields

from bot.config import Settings
from bot.domain.access import Grants
from bot.domain.standing import Source
from bot.domain.values import Role
from bot.tenant.wanted import StoredSettings

SHARED = tuple(each.name for each in fields(StoredSettings))
"""Settings that may stand in both places, under the same names."""


def merged(settings: Settings, stored: StoredSettings) -> Settings:
    """Each setting from the environment where it is set there, else as the tenant file has it."""
    missing = {name: getattr(stored, name) for name in SHARED if not getattr(settings, name)}
    return settings.model_copy(update=missing)


def fixed_grants(settings: Settings, stored: StoredSettings) -> Grants:
    """Which roles the two places give, by the same rule: the tenant file's where no setting names anybody."""
    own = settings.grants
    set_here = {holding.role for holding in own.holdings}
    filed = {role: stored.holders(role) for role in Role if role not in set_here}
    return own.with_more(Grants.of(filed, Source.FILE).holdings)
