"""A whole company on loopback: Slack, Microsoft 365 and Google Workspace, and a database that knows them."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.bootstrap.doctor import findings
from bot.clock import SystemClock
from bot.config import Settings
from bot.doctor.findings import Finding, State
from bot.domain.connections import Connection, GoogleWorkspace, Keeper, Microsoft365, SecretRef
from bot.domain.mail import MailRules
from bot.domain.values import Frequency, Unit
from bot.sandbox.gmail import GmailStandIn
from bot.sandbox.graph import GraphStandIn
from bot.sandbox.slack.roster import ALERTS
from bot.store import Database, SqlTenancy
from bot.tenant.plan import planned
from bot.tenant.wanted import Tenant, WantedMailbox, WantedPolicy
from tests.unit.doctor.slack_wire import SlackWire

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "22222222-2222-4222-8222-222222222222"
M365_SECRET, SECRET_NAME = "a-secret-of-entra", "DOCTOR_TEST_SECRET"
SOURCE, DESTINATION = "ana@source.example", "ana@destination.example"
BOT_TOKEN, APP_TOKEN = "not-a-bot-token", "not-an-app-token"
M365 = Microsoft365("m365", TENANT, CLIENT, secret=SecretRef(Keeper.ENV, SECRET_NAME))
POLICY = WantedPolicy(
    "standard",
    "Standard",
    "",
    "m365",
    "google",
    Frequency(6, Unit.HOUR),
    active=True,
    rules=MailRules(),
    deletion_delay_days=30,
)
MAILBOXES = {SOURCE: WantedMailbox(SOURCE, DESTINATION, "standard")}


@dataclass
class Shifted:
    """Real time, as the stand-ins' Date headers have it, wrong by as much as a test likes."""

    by: timedelta = timedelta(0)

    def now(self) -> datetime:
        return SystemClock().now() + self.by


@dataclass
class Company:
    url: str
    key: Path
    slack: SlackWire
    graph: GraphStandIn
    gmail: GmailStandIn
    clock: Shifted = field(default_factory=Shifted)
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def google(self) -> GoogleWorkspace:
        return GoogleWorkspace("google", SecretRef(Keeper.FILE, str(self.key)))

    def write_key(self, **changes: object) -> None:
        self.key.write_text(json.dumps({**self.gmail.key(), **changes}), encoding="utf-8")

    async def apply(
        self, *connections: Connection, mailboxes: dict[str, WantedMailbox] | None = None
    ) -> None:
        wanted = Tenant(
            {each.name: each for each in connections or (M365, self.google)},
            {"standard": replace(POLICY, source="m365", destination="google")},
            MAILBOXES if mailboxes is None else mailboxes,
        )
        database = Database(self.url)
        try:
            tenancy = SqlTenancy(database)
            plan = planned(await tenancy.held(), wanted)
            await tenancy.carry_out(wanted, plan, now=datetime(2026, 11, 24, tzinfo=UTC), actor="cli:ana")
        finally:
            await database.close()

    async def examined(self) -> "Findings":
        given: dict[str, Any] = {
            "database_url": self.url,
            "slack_bot_token": BOT_TOKEN,
            "slack_app_token": APP_TOKEN,
            "slack_api_url": self.slack.url,
            "alert_channel": ALERTS,
            "admins": "U0ADA",
            "graph_url": self.graph.url,
            "microsoft_login_url": self.graph.login_url,
            "gmail_url": self.gmail.url,
            "port": 0,
        }
        settings = Settings(_env_file=None, **given | self.settings)
        return Findings([finding async for finding in findings(settings, self.clock)])


@dataclass
class Findings:
    all: list[Finding]

    def of(self, subject: str, check: str) -> Finding:
        [found] = [each for each in self.all if (each.subject, each.check) == (subject, check)]
        return found

    def state(self, subject: str, check: str) -> State:
        return self.of(subject, check).verdict.state

    def told(self, subject: str, check: str) -> str:
        """State, text, remedy and notes, a line each."""
        verdict = self.of(subject, check).verdict
        return "\n".join((verdict.state, verdict.text, verdict.remedy, *verdict.notes))

    @property
    def wrong(self) -> list[tuple[str, str]]:
        return [(each.subject, each.check) for each in self.all if each.verdict.state is State.WRONG]

    @property
    def text(self) -> str:
        return "\n".join(self.told(each.subject, each.check) for each in self.all)
