"""Wires the Home tab."""

from dataclasses import dataclass

from bot.bootstrap.alerting import Alerting
from bot.config import Settings
from bot.ports import Clock
from bot.ports.delivery import Admins
from bot.services.access import Access
from bot.services.health import Health
from bot.services.home import Homes
from bot.services.snapshots import Snapshots
from bot.slack.client import SlackClient
from bot.slack.scopes import SlackScopes
from bot.slack.screens import SlackScreens
from bot.store import Database, SqlDetails, SqlHome, SqlWatches


@dataclass(frozen=True, slots=True)
class HomeParts:
    settings: Settings
    database: Database
    client: SlackClient
    alerting: Alerting
    clock: Clock

    def homes(self, access: Access, health: Health, admins: Admins) -> Homes:
        return Homes(
            self._snapshots(access, health),
            self.alerting.subscriptions(),
            SlackScreens(self.client, self.settings.slack_safe_blocks),
            SqlWatches(self.database),
            access,
            admins,
            self.clock,
            engine_is_outside=self.settings.engine_url is not None,
        )

    def _snapshots(self, access: Access, health: Health) -> Snapshots:
        details, records = SqlDetails(self.database), SqlHome(self.database)
        scopes = SlackScopes(self.client.web, self.clock.now)
        return Snapshots(details, records, health, scopes, access, self.clock)
