"""What a person picks or types in an element, in the form in which Slack sends it."""

from bot.sandbox.slack.elements import VALUE_KEYS, Placed, initial_options, options_of
from bot.sandbox.slack.errors import GestureError
from bot.sandbox.slack.model import Json

Picked = str | list[str] | None


class Offers:
    """Options that the app itself offered for an external select, at any query; only those can be picked."""

    def __init__(self) -> None:
        self._offered: dict[tuple[str, str], dict[str, Json]] = {}

    def remember(self, placed: Placed, options: list[Json]) -> None:
        """A multi-select keeps what was chosen from earlier answers."""
        known = self._offered.setdefault(placed.key, {})
        known.update((option["value"], option) for option in options)

    def of(self, placed: Placed) -> list[Json]:
        """What was chosen when it was drawn stands there, too."""
        if not placed.element["type"].endswith("external_select"):
            return options_of(placed.element)
        return [*initial_options(placed.element), *self._offered.get(placed.key, {}).values()]


def entry(placed: Placed, picked: Picked, offers: Offers) -> Json:
    """The part of an action, or of a view's state, that depends on the choice."""
    kind = placed.element["type"]
    if kind == "button":
        return {"type": kind}
    key = VALUE_KEYS.get(kind)
    if key is None:
        raise GestureError(f"nothing can be chosen in a {kind}")
    return {"type": kind, key: _value(key, placed, picked, offers)}


def _value(key: str, placed: Placed, picked: Picked, offers: Offers) -> object:
    if key == "selected_option":
        return _option(str(picked), placed, offers) if picked is not None else None
    if key == "selected_options":
        return [_option(value, placed, offers) for value in picked or []]
    if key == "selected_date_time" and picked is not None:
        return int(str(picked))
    return picked if picked != "" else None


def _option(value: str, placed: Placed, offers: Offers) -> Json:
    found = next((option for option in offers.of(placed) if option["value"] == value), None)
    if found is None:
        raise GestureError(f"{placed.key} offers no {value!r}")
    return found
