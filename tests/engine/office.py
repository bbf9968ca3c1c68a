"""Two tenants as stand-ins, and a database: everything that outlives a process of the engine."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

from aiohttp import web
from sqlalchemy import Connection, func, select

from bot.domain.connections import GoogleWorkspace, Keeper, Microsoft365, SecretRef
from bot.domain.mail import DeletedItems, Item, ItemState, Junk, MailRules, Removals
from bot.domain.values import Frequency, MailboxId, RetryOutcome, RunStatus, Unit
from bot.ports import RetryTarget
from bot.sandbox.gmail import UNLIMITED, GmailStandIn, Rules
from bot.sandbox.gmail.limits import Limits as GmailLimits
from bot.sandbox.graph import GraphStandIn, Knobs, Limits
from bot.store import Database, SqlAsked, SqlRetries, SqlTenancy
from bot.store.engine_tables import mail_sync
from bot.store.mail_states import ITEM, item_of
from bot.store.tables import failure, mailbox, retry, run
from bot.tenant.plan import planned
from bot.tenant.wanted import Tenant, WantedMailbox, WantedPolicy
from tests.engine.mailroom import Mailroom
from tests.engine.oracle import Findings, Oracle
from tests.engine.shared import SharedClock

INDEX_LAG = timedelta(minutes=4)
"""Of the stand-in's search: shorter than what the engine waits by default, longer than a lease."""

TENANT, CLIENT, SECRET = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222", "s"
KEEPING = MailRules(initial_days=30)
FOLLOWING = MailRules(30, Removals.TRASH, DeletedItems.TRASH, Junk.SPAM)
_MAILBOXES = {"ann@firm.example": ("keeping", KEEPING), "bob@firm.example": ("following", FOLLOWING)}
_STEP_S = 0.002
_PATIENCE = timedelta(days=1)


@dataclass
class Office:
    """`seed` decides what is in the mailboxes and which liberties the stand-ins take."""

    folder: Path
    database_url: str
    seed: int
    mailboxes: int = 2
    clock: SharedClock = field(init=False)
    graph: GraphStandIn = field(init=False)
    gmail: GmailStandIn = field(init=False)
    database: Database = field(init=False)
    rooms: list[Mailroom] = field(init=False)

    def __post_init__(self) -> None:
        self.chosen = random.Random(self.seed)
        self.clock = SharedClock(self.folder / "clock")
        knobs = _knobs(self.chosen, self.seed)
        self.graph = GraphStandIn(now=self.clock.now, knobs=knobs, limits=Limits(requests=1_000_000))
        limits = GmailLimits(per_user=None, per_project=None, concurrent=UNLIMITED.concurrent)
        self.gmail = GmailStandIn(now=self.clock.now, limits=limits, rules=Rules(index_lag=INDEX_LAG))
        self.database = Database(self.database_url)
        numbers = count(1)
        self.rooms = [
            Mailroom(self.graph, address, self.chosen, numbers.__next__, language)
            for address, language in list(zip(_MAILBOXES, ("de", "en"), strict=True))[-self.mailboxes :]
        ]

    async def furnish(self, messages: int, *, with_large: bool) -> None:
        self.graph.world.add_app(TENANT, CLIENT, secret=SECRET)
        for room in self.rooms:
            self.gmail.world.add_user(room.address)
            room.furnish(messages, with_large=with_large)
        (self.folder / "secret").write_text(SECRET)
        (self.folder / "key.json").write_text(json.dumps(self.gmail.key()))
        await self._apply()

    async def _apply(self) -> None:
        tenancy, wanted = SqlTenancy(self.database), self._wanted()
        plan = planned(await tenancy.held(), wanted)
        await tenancy.carry_out(wanted, plan, now=self.clock.now(), actor="test")

    def _wanted(self) -> Tenant:
        secret = SecretRef(Keeper.FILE, str(self.folder / "secret"))
        key = SecretRef(Keeper.FILE, str(self.folder / "key.json"))
        return Tenant(
            {
                "m365": Microsoft365("m365", TENANT, CLIENT, secret=secret),
                "google": GoogleWorkspace("google", key),
            },
            {name: _policy(name, rules) for name, rules in _MAILBOXES.values()},
            {each.address: _mailbox(each.address) for each in self.rooms},
        )

    def happen(self, changes: int) -> None:
        for _ in range(changes):
            self.chosen.choice(self.rooms).change()

    def refuse(self, letters: int) -> None:
        """The next time that some letters are fetched, the source cannot export them."""
        there = [letter for room in self.rooms for letter in room.letters if not letter.message.is_gone]
        for letter in self.chosen.sample(there, min(letters, len(there))):
            self.graph.faults.on_value(letter.message, "ErrorMimeContentConversionFailed")

    async def click(self) -> int:
        """Somebody retries whatever has failed; how many retries that are."""
        retries, asked, now = SqlRetries(self.database), SqlAsked(self.database), self.clock.now()
        for id_ in await self.database.read(_mailbox_ids):
            await retries.claim(RetryTarget(id_), actor="test", now=now, deadline=now + _PATIENCE)
        requests = await retries.lease_due(now, until=now + _PATIENCE, limit=1_000)
        for request in requests:
            await asked.ask(request, now)
            await retries.sent(request.key, now)
        return len(requests)

    async def answered(self) -> int:
        """How many retries were answered, one way or the other."""
        done = select(func.count()).select_from(retry).where(retry.c.finished_at.is_not(None))
        return await self.database.read(lambda c: int(c.execute(done).scalar_one()))

    async def quiet(self) -> None:
        """Once whatever a dead process had sent has arrived: nothing of it is still on its way."""
        while self._connections:  # noqa: ASYNC110 - nobody tells when the last one is closed
            await asyncio.sleep(_STEP_S)
        for _ in range(5):
            await asyncio.sleep(0)

    @property
    def _connections(self) -> int:
        runners: list[web.ServerRunner | None] = [self.graph._runner, self.gmail._runner]
        return sum(len(each.server.connections) for each in runners if each and each.server)

    async def wait_for_next_runs(self) -> None:
        """Every mailbox is due by its own schedule."""
        newest = await self.database.read(
            lambda c: c.execute(select(func.max(mail_sync.c.due_at))).scalar_one()
        )
        self.clock.skip(newest - self.clock.now() + timedelta(seconds=1))

    # ---- in the end

    async def findings(self) -> Findings:
        found = Findings()
        for room in self.rooms:
            oracle = Oracle(room, self.gmail, room.address, _MAILBOXES[room.address][1])
            oracle.compare(found)
            found.rows += await self.database.read(_wrong_rows, oracle)
        found.rows += await self.database.read(_wrong_ends)
        return found


@asynccontextmanager
async def opened(
    folder: Path,
    database_url: str,
    seed: int,
    *,
    mailboxes: int = 2,
    messages: int = 20,
    with_large: bool = False,
) -> AsyncIterator[Office]:
    """`messages` are those of each mailbox, besides some of special kinds."""
    office = Office(folder, database_url, seed, mailboxes)
    async with office.graph, office.gmail:
        await office.furnish(messages, with_large=with_large)
        try:
            yield office
        finally:
            await office.database.close()


def _knobs(chosen: random.Random, seed: int) -> Knobs:
    return Knobs(
        seed=seed,
        repeats=chosen.choice([0.0, 0.3]),
        empty_every=chosen.choice([0, 3]),
        replay_every=chosen.choice([0, 4]),
        sparse_updates=chosen.choice([False, True]),
        move_reason=chosen.choice(["deleted", "changed"]),
        root_in_folder_delta=chosen.choice([False, True]),
        counts_change_folders=chosen.choice([False, True]),
        largest_page=chosen.choice([4, 1_000]),
    )


def _mailbox(address: str) -> WantedMailbox:
    return WantedMailbox(address, address, _MAILBOXES[address][0])


def _policy(name: str, rules: MailRules) -> WantedPolicy:
    often = Frequency(1, Unit.HOUR)
    return WantedPolicy(
        name, name, "", "m365", "google", often, active=True, rules=rules, deletion_delay_days=30
    )


# ---- what the journal and the history must say


def _wrong_rows(connection: Connection, oracle: Oracle) -> list[str]:
    rows = connection.execute(select(*ITEM).join(mailbox).where(mailbox.c.key == oracle.room.address))
    items = {row.source_id: item_of(row) for row in rows}
    undone = [each for each in items.values() if each.state not in (ItemState.DONE, ItemState.GONE)]
    wanted = [each for each in oracle.room.letters if oracle.is_wanted(each.message)]
    missing = [each for each in wanted if not _is_shown(items.get(each.message.id), each.message.folder.id)]
    known = {message.id for message in oracle.gmail.world.messages(oracle.address)}
    unknown = [
        each for each in items.values() if each.state is ItemState.DONE and each.destination_id not in known
    ]
    return [
        *(f"{each.source_id} ended as {each.state} {each.code or ''}" for each in undone),
        *(f"{each.number} is not written down as it is shown" for each in missing),
        *(f"{each.source_id} has an unknown id" for each in unknown),
    ]


def _is_shown(item: Item | None, folder: str) -> bool:
    return item is not None and item.shown == item.wanted and item.wanted.folder == folder


_UNRESOLVED = select(failure.c.item, failure.c.code, failure.c.message).where(failure.c.resolved_at.is_(None))
_UNFINISHED = select(run.c.key, run.c.status, run.c.presumed).where(
    run.c.finished_at.is_(None) | run.c.presumed
)
_HELD = select(mail_sync.c.mailbox_id).where(
    mail_sync.c.run_key.is_not(None) | mail_sync.c.leased_by.is_not(None)
)
_NEWEST = select(mailbox.c.key, mailbox.c.newest_status).where(mailbox.c.newest_status != RunStatus.SUCCEEDED)


_UNANSWERED = select(retry.c.key, retry.c.outcome, retry.c.detail).where(
    retry.c.outcome.is_(None) | retry.c.outcome.not_in([RetryOutcome.SUCCEEDED, RetryOutcome.FAILED])
)


def _wrong_ends(connection: Connection) -> list[str]:
    asked = {
        "unresolved": _UNRESOLVED,
        "unfinished": _UNFINISHED,
        "held": _HELD,
        "not synced": _NEWEST,
        "unanswered": _UNANSWERED,
    }
    return [f"{name}: {tuple(row)}" for name, query in asked.items() for row in connection.execute(query)]


def _mailbox_ids(connection: Connection) -> list[MailboxId]:
    return list(connection.execute(select(mail_sync.c.mailbox_id)).scalars())
