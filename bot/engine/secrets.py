"""Reads a secret where its reference says, each time anew, so that a renewed one is used at once."""

import os
from pathlib import Path

from bot.domain.connections import Keeper, SecretRef
from bot.errors import BadSettings


def secret(ref: SecretRef) -> str:
    """The secret, without surrounding white space.

    Raises:
        BadSettings: it is not there, is empty, or cannot be read; its reference is named, never its value.
    """
    found = os.environ.get(ref.name, "") if ref.keeper is Keeper.ENV else _file(ref)
    if not found.strip():
        raise BadSettings(f"The secret {ref} is not set. Set it where syncbot runs, or correct tenant.yaml.")
    return found.strip()


def _file(ref: SecretRef) -> str:
    try:
        return Path(ref.name).read_text(encoding="utf-8-sig")  # Windows' editors begin it with a mark
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"The secret {ref} cannot be read: {error}.") from error
