"""A Slack that only remembers, a bot on fakes, and the payloads that Slack sends."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from blocks.surface import Message, Modal
from blocks.values import CardValue
from bot.domain.routing import Subscription
from bot.domain.values import AlertId, FailureId, MailboxStatus
from bot.services.access import Access
from bot.services.cards import Cards
from bot.services.digests import DigestDesk
from bot.services.exporting import Exporting
from bot.services.following import Following
from bot.services.granting import Granting
from bot.services.handling import HandlingDesk
from bot.services.health import Health
from bot.services.muting import Muting
from bot.services.naming import Names
from bot.services.orphans import Orphans
from bot.services.pulse import Pulse
from bot.services.retries import RetryDesk
from bot.services.routing import Routing
from bot.services.storms import Storms
from bot.services.switching import Switching
from bot.views import (
    AlertState,
    CardKind,
    CardRef,
    Dismissable,
    Handled,
    HistoryList,
    IncidentRetried,
    MailboxRow,
    Overview,
    Page,
    RetryStarted,
)
from handlers import actions, commands, submissions
from handlers.boundary import Boundary
from handlers.desk import Services
from handlers.gesture import Gesture
from handlers.payloads import OpenView
from tests.unit.blocks.examples import ALICE, errors, last_good, line, run, status
from tests.unit.services.alert_fakes import (
    FakeClicked,
    FakeIncidents,
    FakeLetters,
    FakeMessenger,
    FakeSubscriptions,
)
from tests.unit.services.digest_fakes import FakeDigests
from tests.unit.services.fakes import (
    NOON,
    VIEWER,
    FakeAudit,
    FakeBell,
    FakeBook,
    FakeClock,
    FakeDetails,
    FakeDirectory,
    FakeEngine,
    FakeFiles,
    FakeMailboxes,
    FakePolicies,
    FakeRetries,
    FakeWatches,
    access,
)
from tests.unit.services.handling_fakes import FakeHandling
from tests.unit.services.health_fakes import FakeHealthRecords, no_connection
from tests.unit.services.home_fakes import FakeScreens, homes
from tests.unit.services.routing_fakes import FakeAnnouncer, FakeVocabulary, KeptMutes, KeptSubscriptions

Json = dict[str, Any]

URL = "https://slack.invalid/response/1"
MAILBOX = CardRef(CardKind.STATUS, mailbox=ALICE.id)
OVERVIEW = Overview(1, {}, {}, {}, 0, 0, 0, None, None, 0, 0, (), NOON)


@dataclass(frozen=True)
class Said:
    """One call of the Desk: how, to which URL, trigger or view, and what."""

    how: str
    where: str
    shown: Message | Modal

    @property
    def text(self) -> str:
        """All that can be read, and where it is a modal, its ids as well."""
        if isinstance(self.shown, Message):
            return f"{self.shown.text}\n{self.shown.blocks}"
        return str(self.shown.view)


@dataclass
class FakeDesk:
    """`log` takes what happened in order, the acknowledgement too. `trouble` is met by every call."""

    log: list[str] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    trouble: Exception | None = None

    async def respond(
        self, url: str, message: Message, *, replace: bool = False, in_channel: bool = False
    ) -> None:
        self._say("share" if in_channel else "replace" if replace else "respond", url, message)

    async def open_view(self, trigger_id: str, modal: Modal) -> OpenView:
        self._say("open", trigger_id, modal)
        return OpenView(id="V-opened", hash="hash-1")

    async def push_view(self, trigger_id: str, modal: Modal) -> OpenView:
        self._say("push", trigger_id, modal)
        return OpenView(id="V-pushed", hash="hash-1")

    async def update_view(self, view: OpenView, modal: Modal) -> OpenView:
        self._say("update", f"{view.id}/{view.hash}", modal)
        return replace_hash(view)

    def _say(self, how: str, where: str, shown: Message | Modal) -> None:
        self.log.append(how)
        if self.trouble:
            raise self.trouble
        self.said.append(Said(how, where, shown))

    @property
    def how(self) -> list[str]:
        return [said.how for said in self.said]

    @property
    def text(self) -> str:
        return self.said[-1].text


def replace_hash(view: OpenView) -> OpenView:
    return view.model_copy(update={"hash": "hash-2"})


@dataclass
class FakeAck:
    """Bolt's `ack`: remembers what it was called with."""

    log: list[str]
    answers: list[Json] = field(default_factory=list)

    async def __call__(self, **answer: Any) -> None:
        self.log.append("ack")
        self.answers.append(answer)


@dataclass
class Bot:
    """One mailbox, alice@contoso.com, with one failure that can be claimed."""

    desk: FakeDesk = field(default_factory=FakeDesk)
    audit: FakeAudit = field(default_factory=FakeAudit)
    directory: FakeDirectory = field(default_factory=FakeDirectory)
    book: FakeBook = field(default_factory=FakeBook)
    watches: FakeWatches = field(default_factory=FakeWatches)
    mailboxes: FakeMailboxes = field(
        default_factory=lambda: FakeMailboxes((MailboxRow(ALICE, MailboxStatus.SYNCED, "Gold", None, 1),))
    )
    details: FakeDetails = field(
        default_factory=lambda: FakeDetails(
            status(open_failures=1),
            errors(line()),
            HistoryList(ALICE, (run(),), Page(1, 10, 1)),
            last_good(),
            OVERVIEW,
        )
    )
    retries: FakeRetries = field(
        default_factory=lambda: FakeRetries(RetryStarted(ALICE, "b1", claimed=1, already_retrying=0))
    )

    incidents: FakeIncidents = field(
        default_factory=lambda: FakeIncidents(IncidentRetried("Certificate expired", 500, 9_812, NOON))
    )
    clicked: FakeClicked = field(default_factory=FakeClicked)
    health: FakeHealthRecords = field(default_factory=FakeHealthRecords)
    digests: FakeDigests = field(default_factory=FakeDigests)
    letters: FakeLetters = field(default_factory=FakeLetters)
    screens: FakeScreens = field(default_factory=FakeScreens)

    handling: FakeHandling = field(
        default_factory=lambda: FakeHandling(
            Dismissable(ALICE, (line(1), line(2)), 2, FailureId(2)),
            AlertState(AlertId(9), ALICE.source, is_cleared=False, handled=Handled("U0ADA", NOON)),
        )
    )

    subscriptions: KeptSubscriptions = field(default_factory=KeptSubscriptions)
    mutes: KeptMutes = field(default_factory=KeptMutes)
    vocabulary: FakeVocabulary = field(default_factory=FakeVocabulary)
    files: FakeFiles = field(default_factory=FakeFiles)
    policies: FakePolicies = field(default_factory=FakePolicies)
    announcer: FakeAnnouncer = field(default_factory=FakeAnnouncer)
    safe_blocks: bool = False

    @property
    def boundary(self) -> Boundary:
        asking: Access = access(directory=self.directory, audit=self.audit, book=self.book)
        clock = FakeClock()
        cards = Cards(self.mailboxes, self.details, asking, clock, None)
        retries = RetryDesk(self.retries, FakeEngine(), asking, FakeBell(), clock, timedelta(minutes=10))
        screens = homes(asking, self.details, self.screens, self.watches, clock)
        following = Following(self.watches, FakeMessenger(), cards, screens, clock)
        storms = Storms(self.incidents, asking, FakeBell(), clock, timedelta(minutes=10))
        orphans = Orphans(self.clicked, self.letters, FakeBell())
        digests = DigestDesk(FakeSubscriptions(), self.digests, FakeBell(), clock)
        health = Health(self.health, FakeSubscriptions(), Pulse(clock), clock, no_connection)
        granting = Granting(asking, clock)
        handling = HandlingDesk(self.handling, self.handling, asking, self.directory, FakeBell(), clock)
        services = Services(
            asking,
            cards,
            retries,
            following,
            self.directory,
            storms,
            orphans,
            digests,
            health,
            handling,
            screens,
            self.routing(asking),
            granting,
            Switching(self.policies, self.routing(asking).muting.names, asking, FakeBell(), clock),
            Exporting(self.details, self.files, asking, self.audit, clock),
            safe_blocks=self.safe_blocks,
        )
        return Boundary(self.desk, services)

    def routing(self, asking: Access) -> Routing:
        clock, bell = FakeClock(), FakeBell()
        names = Names(self.vocabulary, self.mailboxes, self.directory)
        muting = Muting(self.mutes, names, bell, clock)
        return Routing(
            self.subscriptions, names, muting, self.announcer, asking, bell, clock, Subscription("C0ALERTS")
        )

    def ack(self) -> FakeAck:
        return FakeAck(self.desk.log)


def with_lines(bot: Bot, count: int) -> Bot:
    bot.details = replace(bot.details, error_list=errors(*(line(n) for n in range(1, count + 1))))
    return bot


def command(text: str, user: str = VIEWER) -> Json:
    return {
        "command": "/sync",
        "text": text,
        "user_id": user,
        "channel_id": "C0GENERAL",
        "response_url": URL,
        "trigger_id": "T-1",
    }


def click(
    action_id: str,
    value: str,
    user: str = VIEWER,
    *,
    ephemeral: bool = True,
    team: str = "T1",
    message_ts: str | None = None,
) -> Json:
    return {
        "type": "block_actions",
        "user": {"id": user, "team_id": team},
        "team": {"id": "T1"},
        "trigger_id": "T-1",
        "response_url": URL,
        "channel": {"id": "C0GENERAL"},
        "container": {"type": "message", "is_ephemeral": ephemeral, "message_ts": message_ts},
        "actions": [{"action_id": action_id, "value": value}],
    }


def view_click(action_id: str, value: str, user: str = VIEWER, ref: CardRef = MAILBOX) -> Json:
    view = {
        "type": "modal",
        "id": "V1",
        "hash": "hash-0",
        "callback_id": "card.view",
        "private_metadata": CardValue(ref=ref).encode(),
    }
    return {
        "type": "block_actions",
        "user": {"id": user, "team_id": "T1"},
        "team": {"id": "T1"},
        "trigger_id": "T-1",
        "container": {"type": "view"},
        "view": view,
        "actions": [{"action_id": action_id, "value": value}],
    }


def view_choice(action_id: str, value: str, user: str = VIEWER, ref: CardRef = MAILBOX) -> Json:
    """Of a select in a modal."""
    body = view_click(action_id, value, user, ref)
    chosen = {"type": "static_select", "action_id": action_id, "selected_option": {"value": value}}
    return body | {"actions": [chosen]}


def home_click(action_id: str, value: str, user: str = VIEWER) -> Json:
    body = view_click(action_id, value, user)
    return body | {"view": {"type": "home", "id": "VH", "hash": "hash-0", "callback_id": ""}}


def home_opened(user: str = VIEWER, tab: str = "home") -> Json:
    event = {"type": "app_home_opened", "user": user, "channel": "D1", "tab": tab, "event_ts": "1.5"}
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}


def shortcut(message: Json, user: str = VIEWER, callback_id: str = "sync.check_status") -> Json:
    return {
        "type": "message_action",
        "user": {"id": user, "team_id": "T1"},
        "team": {"id": "T1"},
        "trigger_id": "T-1",
        "response_url": URL,
        "callback_id": callback_id,
        "message": {"ts": "17.5", **message},
    }


def global_shortcut(callback_id: str, user: str = VIEWER) -> Json:
    return {
        "type": "shortcut",
        "user": {"id": user, "team_id": "T1"},
        "team": {"id": "T1"},
        "trigger_id": "T-1",
        "callback_id": callback_id,
    }


def submission(typed: str | None, user: str = VIEWER, callback_id: str = "lookup.submit") -> Json:
    state = {"values": {"lookup": {"lookup.address": {"type": "plain_text_input", "value": typed}}}}
    return {
        "type": "view_submission",
        "user": {"id": user, "team_id": "T1"},
        "team": {"id": "T1"},
        "trigger_id": "T-1",
        "view": {"type": "modal", "id": "V1", "hash": "hash-0", "callback_id": callback_id, "state": state},
    }


async def submitted(bot: Bot, body: Json) -> Json:
    """The acknowledgement of a form."""
    ack = bot.ack()
    await bot.boundary.submissions(submissions.route, submissions.faults)(ack, body)
    (answer,) = ack.answers
    return answer


def closed(user: str = VIEWER) -> Json:
    return {
        "type": "view_closed",
        "user": {"id": user, "team_id": "T1"},
        "team": {"id": "T1"},
        "view": {"type": "modal", "id": "V1", "hash": "hash-0", "callback_id": "card.view"},
    }


def suggestion(action_id: str, typed: str, user: str = VIEWER, team: str = "T1") -> Json:
    return {
        "type": "block_suggestion",
        "user": {"id": user, "team_id": team},
        "team": {"id": "T1"},
        "container": {"type": "view"},
        "view": {"type": "modal", "id": "V1", "hash": "hash-0", "callback_id": "card.view"},
        "block_id": action_id,
        "action_id": action_id,
        "value": typed,
    }


async def done(bot: Bot, body: Json) -> str:
    """What was last said about a click or a command."""
    is_click = "actions" in body
    read, route = (
        (Gesture.of_interaction, actions.route) if is_click else (Gesture.of_command, commands.route)
    )
    await bot.boundary.listener(read, route)(ack=bot.ack(), body=body)
    return bot.desk.text
