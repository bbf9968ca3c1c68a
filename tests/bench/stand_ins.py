"""Microsoft Graph and Gmail, each in a process of its own, and the tenant that has mailboxes at both."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.domain.connections import GoogleWorkspace, Keeper, Microsoft365, SecretRef
from bot.domain.mail import MailRules
from bot.domain.values import Frequency, Unit
from bot.tenant.wanted import Tenant, WantedMailbox, WantedPolicy
from tests.bench.processes import running

TENANT, CLIENT = "11111111-2222-4333-8444-555555555555", "66666666-7777-4888-9999-000000000000"
SOURCE_DOMAIN, DESTINATION_DOMAIN = "contoso.example", "example.com"
EVERYTHING = 36_500
"""Days back, beyond the oldest generated message."""


@dataclass(frozen=True, slots=True)
class Load:
    """`users` have `messages` of `kib` each. Unless `limited`, nobody is refused for asking too much."""

    users: int
    messages: int
    kib: int
    latency_ms: int = 0
    limited: bool = False

    @property
    def graph(self) -> list[str]:
        size = ["--users", str(self.users), "--messages", str(self.messages), "--kib", str(self.kib)]
        whose = ["--tenant", TENANT, "--client", CLIENT, "--domain", SOURCE_DOMAIN]
        return [*whose, *size, *self._latency, *([] if self.limited else ["--no-limits"])]

    @property
    def gmail(self) -> list[str]:
        limits = ["--limits", "new" if self.limited else "none"]
        return ["--users", str(self.users), "--forget-bodies", *limits, *self._latency]

    @property
    def _latency(self) -> list[str]:
        return ["--latency-ms", str(self.latency_ms)]


@dataclass(frozen=True, slots=True)
class StandIns:
    load: Load
    graph_url: str
    login_url: str
    gmail_url: str
    microsoft: Microsoft365
    google: GoogleWorkspace
    processes: tuple[int, int]

    @property
    def tenant(self) -> Tenant:
        """All mailboxes, from the first message on."""
        hourly = Frequency(1, Unit.HOUR)
        rules = MailRules(initial_days=EVERYTHING)
        names = self.microsoft.name, self.google.name
        policy = WantedPolicy(
            "staff", "Staff", "", *names, hourly, active=True, rules=rules, deletion_delay_days=0
        )
        mailboxes = [mailbox(number) for number in range(1, self.load.users + 1)]
        connections = {each.name: each for each in (self.microsoft, self.google)}
        return Tenant(connections, {policy.key: policy}, {each.source: each for each in mailboxes})


def mailbox(number: int) -> WantedMailbox:
    return WantedMailbox(f"user{number}@{SOURCE_DOMAIN}", f"user{number}@{DESTINATION_DOMAIN}", "staff")


@asynccontextmanager
async def standing(folder: Path, load: Load) -> AsyncIterator[StandIns]:
    """`folder` gets the secrets of both."""
    password, key = folder / "graph.secret", folder / "key.json"
    given = {"SANDBOX_GRAPH_SECRET": secrets.token_urlsafe(16)}
    _write(password, *given.values())
    async with AsyncExitStack() as stack:
        one, graph = await stack.enter_async_context(running("bot.sandbox.graph", load.graph, given))
        more = [*load.gmail, "--key-file", str(key)]
        other, gmail = await stack.enter_async_context(running("bot.sandbox.gmail", more, {}))
        yield StandIns(
            load,
            graph["url"],
            graph["login_url"],
            gmail["url"],
            Microsoft365("microsoft", TENANT, CLIENT, secret=SecretRef(Keeper.FILE, str(password))),
            GoogleWorkspace("google", SecretRef(Keeper.FILE, str(key))),
            (one, other),
        )


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
