"""What an app offers for an external select.

https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
"""

from typing import Any

from bot.sandbox.slack.model import Json
from bot.sandbox.slack.validate.fault import Fault


def check_offer(body: Json) -> list[Fault]:
    del body
    return []


def offered(body: Json) -> tuple[list[Json], str | None]:
    """The options, and what is wrong with them if something is."""
    faults = check_offer(body)
    if faults:
        return [], "; ".join(str(fault) for fault in faults)
    groups: list[Any] = body.get("option_groups", [])
    return [*body.get("options", []), *(option for group in groups for option in group["options"])], None
