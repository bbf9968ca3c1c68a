"""Mailboxes that fail, spread over channels: whose policy is a channel's, is told there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from bot.domain.events import Envelope, Event, ItemFailed, MailboxUpserted, PolicyUpserted
from bot.domain.routing import Filter, Subscription
from bot.domain.values import Frequency, Unit
from bot.store import Database, SqlSubscriptions


@dataclass(frozen=True, slots=True)
class Crowd:
    """With `cause` all fail for the same reason; without, each mailbox has one of its own."""

    mailboxes: int
    channels: Sequence[str]
    since: datetime
    cause: str | None = None

    async def subscribe(self, database_url: str) -> None:
        database = Database(database_url)
        await database.migrate()
        subscriptions = SqlSubscriptions(database, None)
        for number, channel in enumerate(self.channels):
            wanted = Subscription(channel, Filter(policies=frozenset({f"p{number}"})))
            await subscriptions.save(wanted, by="bench", now=self.since)
        await database.close()

    def founding(self) -> list[Envelope]:
        return [*map(_enveloped, self._policies()), *map(_enveloped, self._mailboxes())]

    def failed(self, mailbox: int, at: datetime, item: int = 0) -> Envelope:
        failure = ItemFailed(
            at,
            f"m{mailbox}",
            "email",
            f"i{item}",
            self.cause or f"own_reason_{mailbox}",
            "400 invalidArgument",
            folder="Inbox",
            size=4_000,
        )
        return _enveloped(failure)

    def _policies(self) -> Iterator[PolicyUpserted]:
        hourly = Frequency(1, Unit.HOUR)
        for number in range(len(self.channels)):
            name = f"p{number}"
            yield PolicyUpserted(
                self.since,
                name,
                name,
                "",
                active=True,
                services=("email",),
                frequency=hourly,
                deletion_delay_days=0,
            )

    def _mailboxes(self) -> Iterator[MailboxUpserted]:
        for number in range(self.mailboxes):
            policy = f"p{number % len(self.channels)}"
            yield MailboxUpserted(
                self.since, f"m{number}", f"m{number}@contoso.example", f"m{number}@example.com", policy, None
            )


def _enveloped(event: Event) -> Envelope:
    return Envelope("bench", token_hex(8), event)
