"""How often Python looks for unreachable objects."""

import gc
from typing import Final

_YOUNG: Final = 20_000
"""Objects more than before, after which the young ones are looked through; by default 700. Each message that
is moved makes a few hundred, hardly any in a cycle: by default a fifth of its time would go into looking.
"""
_OLDER: Final = 20


def settle() -> None:
    """To be called once, when all that a process needs is loaded: that is never looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLDER, _OLDER)
