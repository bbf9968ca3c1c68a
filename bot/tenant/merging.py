"""Slack settings from both places: the environment's, and those of the tenant file."""

from dataclasses import fields

from bot.config import Settings
from bot.tenant.wanted import StoredSettings

SHARED = tuple(each.name for each in fields(StoredSettings))
"""Settings that may stand in both places, under the same names."""


def merged(settings: Settings, stored: StoredSettings) -> Settings:
    """Each setting from the environment where it is set there, else as the tenant file has it."""
    missing = {name: getattr(stored, name) for name in SHARED if not getattr(settings, name)}
    return settings.model_copy(update=missing)
