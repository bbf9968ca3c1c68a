"""What a process of the engine is told when it is started."""

from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel


class Flaw(StrEnum):
    """What an engine may leave out on purpose, to see whether that is noticed."""

    NONE = "none"
    NO_INTENT = "no intent"
    NO_SEARCH = "no search"


class Moment(StrEnum):
    """Just before a commit, or just after it."""

    BEFORE = "before"
    AFTER = "after"


class Orders(BaseModel):
    """It kills itself at its `dies_at`-th commit; never where that is 0. `index_lag` is in seconds.

    `place`: which of the processes that live side by side it is; `at_once`: mailboxes that it syncs at once.
    """

    database_url: str
    graph_url: str
    login_url: str
    gmail_url: str
    clock: Path
    log: Path
    index_lag: float
    flaw: Flaw = Flaw.NONE
    dies_at: int = 0
    place: int = 0
    at_once: int = 20
    moment: Moment = Moment.BEFORE
