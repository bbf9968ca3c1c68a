"""Wires what channels are told, and what people do about it."""

from dataclasses import dataclass

from bot.config import Settings
from bot.domain.routing import Subscription
from bot.engine.expiries import Expiries
from bot.ports import Clock, Doorbell
from bot.ports.delivery import Admins
from bot.ports.people import Directory
from bot.services.access import Access
from bot.services.alerts import Reconciler
from bot.services.delivering import Deliverer
from bot.services.digests import DigestDesk
from bot.services.expiring import Expiring
from bot.services.handling import HandlingDesk
from bot.services.muting import Muting
from bot.services.naming import Names
from bot.services.orphans import Orphans
from bot.services.routing import Routing
from bot.services.storms import Storms
from bot.services.undelivered import Alarm
from bot.slack.messenger import SlackMessenger
from bot.store import (
    Database,
    SqlAlertMessages,
    SqlAlerts,
    SqlChannels,
    SqlClicked,
    SqlConnections,
    SqlDigests,
    SqlExpiryAlerts,
    SqlHandling,
    SqlIncidents,
    SqlMailboxes,
    SqlMutes,
    SqlSubscriptions,
    SqlToHandle,
    SqlVocabulary,
)


@dataclass(frozen=True, slots=True)
class Alerting:
    settings: Settings
    database: Database
    messenger: SlackMessenger
    doorbell: Doorbell
    clock: Clock

    @property
    def default(self) -> Subscription | None:
        """The channel of the setting gets everything, unless it has a subscription of its own."""
        channel = self.settings.alert_channel
        return Subscription(channel) if channel else None

    def reconciler(self, admins: Admins) -> Reconciler:
        database, messenger, channels = self.database, self.messenger, SqlChannels(self.database)
        contact = self.settings.support_contact
        return Reconciler(
            SqlAlerts(database, self.default),
            channels,
            self.subscriptions(),
            SqlMutes(database),
            Deliverer(SqlAlertMessages(database), messenger, messenger, self.clock, contact),
            Alarm(channels, messenger, admins, self.clock),
            self.doorbell,
            self.clock,
        )

    def subscriptions(self) -> SqlSubscriptions:
        return SqlSubscriptions(self.database, self.default)

    def routing(self, access: Access, directory: Directory) -> Routing:
        database, doorbell, clock = self.database, self.doorbell, self.clock
        names = Names(SqlVocabulary(database), SqlMailboxes(database), directory)
        muting = Muting(SqlMutes(database), names, doorbell, clock)
        return Routing(
            self.subscriptions(), names, muting, self.messenger, access, doorbell, clock, self.default
        )

    def storms(self, access: Access) -> Storms:
        patience = self.settings.retry_patience
        return Storms(SqlIncidents(self.database), access, self.doorbell, self.clock, patience)

    def handling(self, access: Access, directory: Directory) -> HandlingDesk:
        handling, to_handle = SqlHandling(self.database), SqlToHandle(self.database)
        return HandlingDesk(handling, to_handle, access, directory, self.doorbell, self.clock)

    def expiring(self) -> Expiring:
        credentials = Expiries(SqlConnections(self.database))
        return Expiring(credentials, SqlExpiryAlerts(self.database), self.doorbell, self.clock)

    def digests(self) -> DigestDesk:
        return DigestDesk(self.subscriptions(), SqlDigests(self.database), self.doorbell, self.clock)

    def orphans(self) -> Orphans:
        return Orphans(SqlClicked(self.database), self.messenger, self.doorbell)
