"""What goes wrong between the bot and Slack, and time, as steps of a history."""

from dataclasses import dataclass

from bot.sandbox.slack.faults import Fault, TokenState
from tests.histories.stage import CHANNELS, Stage


@dataclass(frozen=True)
class SlackFails:
    method: str
    fault: Fault
    times: int

    async def play(self, stage: Stage) -> None:
        stage.fails(self.method, self.fault, self.times)


@dataclass(frozen=True)
class Archive:
    channel: int
    is_archived: bool

    async def play(self, stage: Stage) -> None:
        stage.scene.slack.world.channels[CHANNELS[self.channel]].is_archived = self.is_archived


@dataclass(frozen=True)
class Membership:
    channel: int
    is_member: bool

    async def play(self, stage: Stage) -> None:
        world = stage.scene.slack.world
        members = world.channels[CHANNELS[self.channel]].members
        (members.add if self.is_member else members.discard)(world.bot_user.id)


@dataclass(frozen=True)
class Token:
    state: TokenState

    async def play(self, stage: Stage) -> None:
        stage.scene.slack.faults.token = self.state


@dataclass(frozen=True)
class Mends:
    async def play(self, stage: Stage) -> None:
        stage.mend()


@dataclass(frozen=True)
class Restarts:
    async def play(self, stage: Stage) -> None:
        stage.start()


@dataclass(frozen=True)
class Dies:
    """Before it can write down what it posts or edits next."""

    async def play(self, stage: Stage) -> None:
        stage.scene.bot.dies_when_posted()


@dataclass(frozen=True)
class SweepTogether:
    async def play(self, stage: Stage) -> None:
        await stage.sweep_together()


@dataclass(frozen=True)
class Passes:
    """Seconds, with a sweep after each of them."""

    seconds: tuple[float, ...]

    async def play(self, stage: Stage) -> None:
        await stage.passes(self.seconds)


@dataclass(frozen=True)
class Rests:
    async def play(self, stage: Stage) -> None:
        await stage.rest()
