"""A modal that can be submitted: what is wrong with it, which Slack shows at the field, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.boundary import Route
from handlers.gesture import Gesture

Errors = dict[str, str]
"""What is wrong, by the block_id of an input."""


@dataclass(frozen=True, slots=True)
class Form:
    """`errors` may look at what was entered alone: it is asked before anything is acknowledged."""

    route: Route
    errors: Callable[[Gesture], Errors]
