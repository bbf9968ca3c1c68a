"""Two tenants played by stand-ins, a real database, and the built-in engine on a clock that a test turns."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from bot.bootstrap.engine import built_in_engine
from bot.config import Settings, SubjectsFor
from bot.domain.access import Asker, Grants
from bot.domain.connections import GoogleWorkspace, Keeper, Microsoft365, SecretRef
from bot.domain.mail import MailRules
from bot.domain.standing import Membership, Person
from bot.domain.values import Frequency, MailboxId, Role, Unit
from bot.engine.built_in import BuiltInEngine
from bot.ports import RetryTarget
from bot.queue.embedded import EventDoorbell
from bot.sandbox.gmail import UNLIMITED, GmailStandIn
from bot.sandbox.gmail.call import Call as GmailCall
from bot.sandbox.graph import Call as GraphCall
from bot.sandbox.graph import Folder, GraphStandIn, Limits, Message
from bot.services.access import Access
from bot.services.overseeing import Overseer
from bot.services.recording import Recording
from bot.services.retries import RetryDesk
from bot.store import (
    Database,
    SqlAudit,
    SqlDetails,
    SqlGrantBook,
    SqlRecorder,
    SqlRetries,
    SqlTenancy,
    SqlWatchdog,
)
from bot.store.alert_tables import alert
from bot.store.engine_tables import mail_item, mail_sync
from bot.store.tables import mailbox, run
from bot.tenant.plan import planned
from bot.tenant.wanted import Tenant, WantedMailbox, WantedPolicy
from bot.views import FailureLine, StatusCard

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ANN, BEN = "ann@firm.example", "ben@firm.example"
OPERATOR = Asker("UOPERATOR")
_TENANT, _CLIENT = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
_NOBODY = 10**9
"""A quota that nobody reaches, so that nothing waits by the machine's own clock."""
_PATIENCE_SECONDS = 30
_USUAL = MailRules()


@dataclass
class TurnedClock:
    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def skip(self, by: timedelta) -> None:
        self.time += by


class Asked(NamedTuple):
    """That one message was fetched or imported. `message` is the letter's number."""

    at: datetime
    kind: str
    message: int


class NoGroups:
    """A directory in which nobody is in any group."""

    async def groups_of(self, user: str, groups: object) -> frozenset[str]:  # noqa: ARG002 - the port's
        return frozenset()

    async def email_of(self, user: str) -> str | None:  # noqa: ARG002 - the port's
        return None

    async def person(self, user: str) -> Person:  # noqa: ARG002 - the port's
        return Person(Membership.MEMBER)

    async def handles(self) -> None:
        return None


@dataclass
class Letter:
    number: int
    message: Message

    @property
    def message_id(self) -> str:
        return f"<{self.number}@old.example>"


@dataclass
class World:
    """`policies` names each mailbox's; a mailbox has the same address on both sides."""

    folder: Path
    database: Database
    clock: TurnedClock = field(default_factory=TurnedClock)
    client: str = _CLIENT
    asked: list[Asked] = field(default_factory=list)
    letters: dict[int, Letter] = field(default_factory=dict)
    engines: list[BuiltInEngine] = field(default_factory=list)
    doorbell: EventDoorbell = field(default_factory=EventDoorbell)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.graph = GraphStandIn(now=self.clock.now, limits=Limits(enforced=False))
        self.gmail = GmailStandIn(now=self.clock.now, limits=UNLIMITED)
        self.details = SqlDetails(self.database)
        self.graph.after(self._fetched)
        self.gmail.before(self._imported)

    def _fetched(self, call: GraphCall) -> None:
        if call.kind == "value":
            found = next(each for each in self.letters.values() if each.message.id == call.message_id)
            self._note("fetch", found.number)

    def _imported(self, call: GmailCall) -> None:
        if call.name in {"messages.import", "messages.insert"} and call.message_id:
            number = int(call.message_id.strip("<>").partition("@")[0])
            self._note("import", number)

    def _note(self, kind: str, number: int) -> None:
        self.asked.append(Asked(self.clock.now(), kind, number))
        self.news.set()

    # ---- what is there

    def add_person(self, address: str) -> None:
        self.graph.world.add_user(address)
        self.gmail.world.add_user(address)

    def write(
        self,
        address: str = ANN,
        *,
        folder: Folder | str = "inbox",
        attachment: str | None = None,
        received_at: datetime | None = None,
    ) -> Letter:
        """A letter in a folder of this person."""
        number = len(self.letters) + 1
        into = folder if isinstance(folder, Folder) else self.graph.world.mailboxes[address].folder(folder)
        message = self.graph.world.deliver(into, _mime(number, attachment), received_at=received_at)
        self.letters[number] = Letter(number, message)
        return self.letters[number]

    @property
    def app(self) -> Any:
        return self.graph.world.app(_TENANT, _CLIENT)

    def write_secret(self, secret: str) -> None:
        (self.folder / "secret").write_text(secret)

    def write_key(self) -> None:
        (self.folder / "key.json").write_text(json.dumps(self.gmail.key()))

    async def apply(self, policies: dict[str, WantedPolicy], mailboxes: dict[str, str]) -> None:
        """Hold these policies, and mailboxes under them, as `syncbot apply` would."""
        wanted = Tenant(
            self._connections(),
            policies,
            {each: WantedMailbox(each, each, key) for each, key in mailboxes.items()},
        )
        tenancy = SqlTenancy(self.database)
        plan = planned(await tenancy.held(), wanted)
        await tenancy.carry_out(wanted, plan, now=self.clock.now(), actor="test")

    def _connections(self) -> dict[str, Microsoft365 | GoogleWorkspace]:
        secret, key = (SecretRef(Keeper.FILE, str(self.folder / name)) for name in ("secret", "key.json"))
        source = Microsoft365("m365", _TENANT, self.client, secret=secret)
        return {"m365": source, "google": GoogleWorkspace("google", key)}

    def settings(self, **more: Any) -> Settings:
        chosen: dict[str, Any] = {
            "database_url": self.database.url.render_as_string(hide_password=False),
            "graph_url": self.graph.url,
            "microsoft_login_url": self.graph.login_url,
            "gmail_url": self.gmail.url,
            "gmail_units_per_user": _NOBODY,
            "gmail_units_per_project": _NOBODY,
        }
        return Settings(**chosen | more, _env_file=None)

    # ---- what happens

    @property
    def engine(self) -> BuiltInEngine:
        return self.engines[0]

    @property
    def desk(self) -> RetryDesk:
        grants = Grants.of({Role.OPERATOR: {OPERATOR.user}})
        audit = SqlAudit(self.database)
        access = Access(
            grants, SubjectsFor.OPERATORS, NoGroups(), audit, self.clock, SqlGrantBook(self.database)
        )
        patience = timedelta(minutes=10)
        return RetryDesk(SqlRetries(self.database), self.engine, access, self.doorbell, self.clock, patience)

    async def oversee(self) -> None:
        recording = Recording(SqlRecorder(self.database), self.doorbell, self.clock)
        await Overseer(SqlWatchdog(self.database), recording, self.clock).sweep()

    async def sweep(self) -> set[asyncio.Task[None]]:
        """What all engines are at after a sweep of each."""
        await self.desk.sweep()
        await asyncio.gather(*(engine.sweep() for engine in self.engines))
        return {task for engine in self.engines for task in (*engine._runs, *engine._singles)}

    async def until_imported(self, letter: Letter) -> None:
        """Until its import has come to the destination, where it may be held up."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not self.tries("import", letter):
                self.news.clear()
                await self.news.wait()

    async def settle(self) -> None:
        """Until nothing is left that may be done at this moment."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while tasks := await self.sweep():
                await asyncio.wait(tasks)

    async def work(self) -> None:
        """Until no run is under way: the clock goes on to each moment that something waits for."""
        await self.settle()
        while (moment := await self.database.read(_next_moment)) is not None:
            self.clock.time = max(moment, self.clock.time)
            await self.settle()

    async def next_run(self) -> None:
        """Everybody's next run by the schedule."""
        due_at = await self.database.read(
            lambda c: c.execute(select(func.max(mail_sync.c.due_at))).scalar_one()
        )
        self.clock.time = max(due_at, self.clock.time)
        await self.work()

    async def click_retry(self, line: FailureLine) -> None:
        target = RetryTarget(line.mailbox.id, (line.id,))
        await self.desk.request(target, OPERATOR)

    # ---- what is to be seen

    async def mailbox_id(self, address: str = ANN) -> MailboxId:
        chosen = select(mailbox.c.id).where(mailbox.c.key == address)
        return MailboxId(await self.database.read(lambda c: c.execute(chosen).scalar_one()))

    async def status(self, address: str = ANN) -> StatusCard:
        card = await self.details.status(await self.mailbox_id(address), self.clock.now())
        assert card
        return card

    async def failures(self, address: str = ANN) -> tuple[FailureLine, ...]:
        errors = await self.details.errors(await self.mailbox_id(address), page=1, size=50)
        assert errors
        return errors.lines

    async def failure(self, address: str = ANN) -> FailureLine:
        [line] = await self.failures(address)
        return line

    async def open_alerts(self) -> int:
        unresolved = select(func.count()).select_from(alert).where(alert.c.cleared_at.is_(None))
        return await self.database.read(lambda c: int(c.execute(unresolved).scalar_one()))

    async def runs(self, address: str = ANN) -> Sequence[Any]:
        """Their rows, the oldest first."""
        chosen = (
            select(run).join(mailbox).where(mailbox.c.key == address).order_by(run.c.started_at, run.c.id)
        )
        return await self.database.read(lambda c: c.execute(chosen).all())

    def arrived(self, address: str = ANN) -> list[int]:
        """The numbers of the letters that this person has at the destination."""
        found = [message.message_id or "" for message in self.gmail.world.messages(address)]
        return sorted(int(each.strip("<>").partition("@")[0]) for each in found)

    def labels(self, letter: Letter, address: str = ANN) -> set[str]:
        """Names of the labels that it has at the destination."""
        names = self.gmail.world.user(address).labels
        [found] = [
            each for each in self.gmail.world.messages(address) if each.message_id == letter.message_id
        ]
        return {names[id_].name for id_ in found.label_ids}

    def tries(self, kind: str, letter: Letter) -> list[datetime]:
        return [one.at for one in self.asked if (one.kind, one.message) == (kind, letter.number)]


def policy(
    key: str, *, every: Unit = Unit.DAY, active: bool = True, rules: MailRules = _USUAL
) -> WantedPolicy:
    often = Frequency(1, every)
    return WantedPolicy(key, key.title(), "", "m365", "google", often, active, rules, 30)


@asynccontextmanager
async def opened(
    folder: Path,
    database_url: str,
    *,
    people: Sequence[str] = (ANN, BEN),
    engines: int = 1,
    every: Unit = Unit.DAY,
    **settings: Any,
) -> AsyncIterator[World]:
    """Everything up; these people under one policy, with four letters each in their inboxes."""
    world = World(folder, Database(database_url))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(world.database.close)
        await stack.enter_async_context(world.graph)
        await stack.enter_async_context(world.gmail)
        world.graph.world.add_app(_TENANT, _CLIENT, secret="first")
        world.write_secret("first")
        world.write_key()
        for address in people:
            world.add_person(address)
            for _ in range(4):
                world.write(address)
        await world.apply({"staff": policy("staff", every=every)}, dict.fromkeys(people, "staff"))
        for _ in range(engines):
            made = built_in_engine(world.settings(**settings), world.database, world.doorbell, world.clock)
            world.engines.append(await stack.enter_async_context(made))
        yield world


def _mime(number: int, attachment: str | None) -> bytes:
    head = (
        f"From: Carl <carl@other.example>\r\nMessage-ID: <{number}@old.example>\r\n"
        f"Subject: Letter {number}\r\nDate: Mon, 02 Mar 2026 07:00:00 +0000\r\n"
    )
    if attachment is None:
        return f"{head}\r\nHello\r\n".encode()
    return (
        f'{head}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
        f'Content-Disposition: attachment; filename="{attachment}"\r\n\r\nx\r\n--b--\r\n'
    ).encode()


def _next_moment(connection: Connection) -> datetime | None:
    """The first of the times for which runs and retries wait."""
    runs = select(func.min(mail_sync.c.resume_at)).where(mail_sync.c.run_key.is_not(None))
    retries = select(func.min(mail_item.c.retry_at)).where(mail_item.c.retry_key.is_not(None))
    moments = [connection.execute(query).scalar_one() for query in (runs, retries)]
    return min((moment for moment in moments if moment is not None), default=None)
