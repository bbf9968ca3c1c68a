"""What a person can see and reach: the checks before every gesture."""

from bot.sandbox.slack.elements import Placed, find
from bot.sandbox.slack.errors import GestureError
from bot.sandbox.slack.model import Channel, Json, Message, MessageRef, User, View, ViewRef, Where
from bot.sandbox.slack.world import World


class Sight:
    def __init__(self, world: World) -> None:
        self._world = world

    def person(self, user: str) -> User:
        found = self._world.users.get(user)
        if found is None or found.is_bot:
            raise GestureError(f"no person {user}")
        return found

    def caller(self, user: str, *, outsiders: bool) -> User:
        """For commands and shortcuts: no source says that people of other workspaces have them."""
        found = self.person(user)
        if found.team_id != self._world.team_id and not outsiders:
            raise GestureError(f"{user} is of another workspace: see Gestures.outsiders_may_call")
        return found

    def channel(self, user: str, channel: str) -> Channel:
        found = self._world.channels.get(channel)
        if found is None or not self._world.is_member(found, user):
            raise GestureError(f"{user} is not in {channel}")
        if found.is_archived:
            raise GestureError(f"{channel} is archived")
        return found

    def message(self, user: str, channel: str, ts: str) -> Message:
        self.channel(user, channel)
        found = self._world.message(channel, ts)
        if found is None or found.ephemeral_for not in {None, user}:
            raise GestureError(f"{user} sees no message {ts}")
        return found

    def view(self, user: str, view_id: str) -> View:
        """A Home tab, or the uppermost modal: what lies under it cannot be reached."""
        found = self._world.view(view_id)
        if found is None or found.user != user:
            raise GestureError(f"{user} sees no view {view_id}")
        if found.type == "modal" and self._world.views(user)[-1] is not found:
            raise GestureError(f"{view_id} lies under another view")
        return found

    def modal(self, user: str, view_id: str) -> View:
        found = self.view(user, view_id)
        if found.type != "modal":
            raise GestureError("a Home tab is not submitted or closed")
        return found

    def place(self, user: str, where: Where) -> Message | View:
        if isinstance(where, MessageRef):
            return self.message(user, where.channel, where.ts)
        return self.view(user, where.view_id)

    def element(self, place: Message | View, block_id: str, action_id: str) -> Placed:
        found = find(blocks_of(place), block_id, action_id)
        if found is None:
            raise GestureError(f"nothing to use at {block_id} {action_id}")
        return found


def blocks_of(place: Message | View) -> list[Json]:
    if isinstance(place, View):
        return list(place.payload["blocks"])
    attached = [block for attachment in place.attachments for block in attachment.get("blocks", [])]
    return [*place.blocks, *attached]


def ref(place: Message | View) -> Where:
    return ViewRef(place.id) if isinstance(place, View) else MessageRef(place.channel, place.ts)
