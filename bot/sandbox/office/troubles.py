"""What is wrong at the office: states of the stand-ins, which somebody can end or bring back."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.sandbox.gmail.mailbox import Mailbox as GmailMailbox
from bot.sandbox.graph import FOREVER, GraphStandIn, Mailbox, Message
from bot.sandbox.graph.model import App
from bot.sandbox.graph.throttle import Meter
from bot.sandbox.office.cast import Person
from bot.sandbox.office.letters import Letter

THROTTLED_FOR = timedelta(seconds=45)


@dataclass(frozen=True)
class Words:
    """`why` ends the sentence that begins with "Not at Gmail:"; `end` and `begin` are on the buttons."""

    title: str
    why: str
    end: str
    begin: str


@dataclass(eq=False)
class Trouble(ABC):
    """`message` is None where whole mailboxes suffer."""

    key: str
    words: Words
    people: tuple[Person, ...]
    message: Message | None = field(default=None, kw_only=True)

    @property
    @abstractmethod
    def holds(self) -> bool: ...

    @abstractmethod
    def begin(self) -> None: ...

    @abstractmethod
    def end(self) -> None: ...


@dataclass(eq=False)
class Unreadable(Trouble):
    """Exchange refuses the content of one message. `kind` is an error code of Graph."""

    kind: str
    graph: GraphStandIn
    letter: Message
    _holds: bool = False

    @property
    def holds(self) -> bool:
        return self._holds

    def begin(self) -> None:
        self.graph.faults.lift_value(self.letter)
        self.graph.faults.on_value(self.letter, self.kind, FOREVER)
        self._holds = True

    def end(self) -> None:
        """Whoever opens and saves a message changes it."""
        self.graph.faults.lift_value(self.letter)
        self._holds = False
        _save(self.graph, self.letter)


@dataclass(eq=False)
class Attached(Trouble):
    """Gmail does not take a message for its attachment: `bad` is the message with it, `good` without."""

    graph: GraphStandIn
    letter: Message
    bad: Letter
    good: Letter

    @property
    def holds(self) -> bool:
        return self.letter.source == self.bad

    def begin(self) -> None:
        self._put(self.bad)

    def end(self) -> None:
        self._put(self.good)

    def _put(self, letter: Letter) -> None:
        self.letter.source = letter
        _save(self.graph, self.letter)


@dataclass(eq=False)
class GmailOff(Trouble):
    gmail: GmailMailbox

    @property
    def holds(self) -> bool:
        return self.gmail.service_off

    def begin(self) -> None:
        self.gmail.service_off = True

    def end(self) -> None:
        self.gmail.service_off = False


@dataclass(eq=False)
class SecretExpired(Trouble):
    """`renew` makes a new secret and puts it where syncbot reads it."""

    graph: GraphStandIn
    app: App
    renew: Callable[[], str]

    @property
    def holds(self) -> bool:
        expires_at = self.app.expires_at
        return expires_at is not None and expires_at <= self.graph.world.now()

    def begin(self) -> None:
        """At once also for tokens that were given already, which in life are good for up to an hour."""
        self.graph.world.expire_secret(self.app)
        self.graph.expire_access_tokens()

    def end(self) -> None:
        self.graph.world.renew_secret(self.app, self.renew())


@dataclass(eq=False)
class Throttled(Trouble):
    """All calls to a mailbox that the ten minutes allow are spent. It passes as they leave that window."""

    graph: GraphStandIn
    app: App
    mailbox: Mailbox
    _until: datetime | None = None

    @property
    def holds(self) -> bool:
        return self._until is not None and self.graph.world.now() < self._until

    def begin(self) -> None:
        limits, now = self.graph.throttle.limits, self.graph.world.now()
        self._until = now + THROTTLED_FOR
        spent, at = self._renewed(), (self._until - limits.window).timestamp()
        for _ in range(limits.requests):
            spent.count(limits, at)

    def end(self) -> None:
        self._until = None
        self._renewed()

    def _renewed(self) -> Meter:
        made = self.graph.throttle.meters[self.app.client_id, self.mailbox.id] = Meter()
        return made


def without_attachment(letter: Letter, instead: str) -> Letter:
    return replace(letter, attachment=None, text=f"{letter.text}\n{instead}\n")


def _save(graph: GraphStandIn, message: Message) -> None:
    """Saving makes a new version of a message, though it looks the same in the list."""
    if not message.is_gone:
        graph.world.set_read(message, is_read=message.is_read)
