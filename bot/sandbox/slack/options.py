"""What an app offers for an external select.

https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
"""

from bot.sandbox.slack.model import Json
from bot.sandbox.slack.validate.objects import OPTION_GROUPS, PLAIN_OPTION
from bot.sandbox.slack.validate.rule import exactly_one, listing, shape

# No option at all is an answer too: "no result".
OFFER = shape(
    {},
    {"options": listing(PLAIN_OPTION, 100, least=0), "option_groups": OPTION_GROUPS},
    exactly_one("options", "option_groups"),
)


def offered(body: Json) -> tuple[list[Json], str | None]:
    """The options, and what is wrong with them if something is."""
    faults = list(OFFER(body, ""))
    if faults:
        return [], "; ".join(str(fault) for fault in faults)
    grouped = [option for group in body.get("option_groups", []) for option in group["options"]]
    return [*body.get("options", []), *grouped], None
