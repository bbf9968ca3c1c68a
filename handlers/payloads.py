"""What Slack sends, checked and narrowed to what we use.

Shapes: docs.slack.dev, "Slash commands", "Interaction payloads" and "View submission payloads".
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class SlashCommand(_Payload):
    user_id: str
    team_id: str | None = None
    channel_id: str
    response_url: str
    trigger_id: str
    text: str = ""


class Person(_Payload):
    id: str
    team_id: str | None = None


class Team(_Payload):
    id: str


class Container(_Payload):
    """Where a control was: the ts of its message, where it was in one."""

    type: str
    is_ephemeral: bool = False
    message_ts: str | None = None


class SelectedOption(_Payload):
    value: str = ""


class Pressed(_Payload):
    action_id: str
    value: str | None = None
    selected_option: SelectedOption | None = None

    @property
    def carried(self) -> str:
        """What the control carries: a button's value, or that of the option that was chosen."""
        return self.value or (self.selected_option.value if self.selected_option else "")


class Entered(_Payload):
    """What somebody typed or chose in one input of a modal.

    docs.slack.dev, "View submission payloads": the key depends on the kind of input.
    """

    value: str | None = None
    selected_option: SelectedOption | None = None
    selected_options: list[SelectedOption] = []
    selected_users: list[str] = []
    selected_time: str | None = None


class ViewState(_Payload):
    values: dict[str, dict[str, Entered]] = {}

    def entered(self, name: str) -> Entered:
        """What an input of this action id holds: each has one of its own."""
        return next((inputs[name] for inputs in self.values.values() if name in inputs), Entered())


class OpenView(_Payload):
    """`hash` names the view's present content; an update that carries an older one is refused."""

    id: str
    type: str = "modal"
    hash: str | None = None
    callback_id: str = ""
    private_metadata: str = ""
    previous_view_id: str | None = None
    """Of the modal that this one stands upon."""
    state: ViewState = ViewState()


class Channel(_Payload):
    id: str


class SlackMessage(_Payload):
    """The message of a message shortcut. `user` is its author, where it is a person."""

    ts: str
    user: str | None = None
    bot_id: str | None = None
    text: str = ""
    blocks: list[dict[str, Any]] = []
    attachments: list[dict[str, Any]] = []


class Interaction(_Payload):
    type: str
    user: Person
    team: Team | None = None
    trigger_id: str = ""
    response_url: str | None = None
    callback_id: str = ""
    channel: Channel | None = None
    container: Container | None = None
    view: OpenView | None = None
    message: SlackMessage | None = None
    actions: list[Pressed] = Field(default_factory=list)


class HomeOpened(_Payload):
    """docs.slack.dev, "app_home_opened event": sent for the Messages tab as well."""

    user: str
    tab: str = "home"


class HomeEvent(_Payload):
    event: HomeOpened


class Suggestion(_Payload):
    """Somebody types into a select whose options we are asked for. `value` is what they typed so far.

    docs.slack.dev, "block_suggestion payload".
    """

    type: str
    user: Person
    team: Team | None = None
    action_id: str
    value: str = ""
    view: OpenView | None = None
