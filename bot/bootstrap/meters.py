"""What `/metrics` tells of the health of syncbot itself."""

from prometheus_client import CollectorRegistry, Gauge

from bot.services.health import Health
from bot.views.health import HealthCard


class Meters:
    """Read by a chore, not when somebody asks: a scrape must not be slow, nor every scraper cost queries."""

    def __init__(self, health: Health, registry: CollectorRegistry) -> None:
        def gauge(name: str, says: str, *labels: str) -> Gauge:
            return Gauge(f"syncbot_{name}", says, labels, registry=registry)

        self._health = health
        self._backlog = gauge("backlog", "Rows that wait for a sweep", "kind")
        self._backlog_age = gauge("backlog_age_seconds", "How long the oldest of them has waited", "kind")
        self._undelivered = gauge(
            "undelivered", "Messages that Slack did not take, by channel and reason", "channel", "reason"
        )
        self._undelivered_age = gauge(
            "undelivered_age_seconds", "How long that has lasted", "channel", "reason"
        )
        self._held = gauge("held", "Messages held back on purpose", "reason")
        self._connected = gauge("slack_connected", "1 while the connection of Socket Mode stands")
        self._unsent = gauge("retries_unsent", "Retries that the engine has not taken, though it was asked")
        self._sweep_age = gauge("sweep_age_seconds", "How long ago a sweep was last done", "sweep")

    async def read(self) -> None:
        self.show(await self._health.card())

    def show(self, card: HealthCard) -> None:
        for each in card.backlog:
            self._backlog.labels(each.kind).set(each.rows)
            age = (card.as_of - each.since).total_seconds() if each.since else 0
            self._backlog_age.labels(each.kind).set(max(0, age))
        self._show_undelivered(card)
        self._unsent.set(card.engine.unsent)
        if card.connection:
            self._connected.set(card.connection.is_connected)
        for sweep in card.sweeps:
            if sweep.ended_at:
                self._sweep_age.labels(sweep.name).set((card.as_of - sweep.ended_at).total_seconds())

    def _show_undelivered(self, card: HealthCard) -> None:
        """What is over must not be told any longer."""
        for gauge in (self._undelivered, self._undelivered_age, self._held):
            gauge.clear()
        for each in card.undelivered:
            labels = each.channel, each.reason
            self._undelivered.labels(*labels).set(each.messages)
            self._undelivered_age.labels(*labels).set((card.as_of - each.since).total_seconds())
        for held in card.held:
            self._held.labels(held.reason).set(held.messages)
