"""That the histories can fail: a bot that does one thing wrong is found out."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain import routing
from bot.domain.wishes import MuteKind
from bot.ports.delivery import AlertDelivery, Outage, Shown
from bot.sandbox.slack.faults import Fault
from bot.services.delivering import Deliverer, Wishes
from bot.slack.messenger import SlackMessenger
from bot.store import SqlAlertMessages, SqlChannels, SqlHandling
from bot.views import ChannelCard
from tests.histories.chance import Step
from tests.histories.events import Fails, Heals
from tests.histories.people import Mutes, Snoozes
from tests.histories.playing import played
from tests.histories.stage import RETRY_AFTER
from tests.histories.troubles import Dies, Passes, SlackFails

FAILS = Fails(0, 1, "dest_too_large")
HISTORY: list[Step] = [
    Mutes(MuteKind.MAILBOX, "m2", None),
    FAILS,
    Fails(1, 1, "dest_too_large"),
    Passes((1, 3)),
    Snoozes(0, 5),
    Snoozes(1, 5),
    Passes((10, 10)),
    SlackFails("chat.update", Fault(retry_after=RETRY_AFTER), 1),
    Fails(0, 2, "source_throttled"),
    Passes((3, 3, 3, 30)),
    Dies(),
    Fails(2, 1, "dest_too_large"),
    Passes((1, 300)),
    Heals(0, 1),
    Heals(0, 2),
    Passes((10,)),
]


def found(url: str) -> str:
    return "\n".join(played(url, HISTORY, can_read=True).findings)


def test_a_bot_without_a_flaw_is_not_found_out(sqlite_url: str) -> None:
    assert found(sqlite_url) == ""


def test_an_edit_that_is_skipped_is_missed(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def pretends(self: Deliverer, delivery: AlertDelivery, ts: str, wishes: Wishes) -> bool:
        shown = Shown(ts, self.messenger.digest(delivery.card), delivery.told, sent=False)
        await self.messages.shown(delivery, shown, self.clock.now())
        return True

    monkeypatch.setattr(Deliverer, "_edit", pretends)
    assert "open or over?" in found(sqlite_url)


def test_a_post_without_a_claim_comes_twice(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def claims_nothing(*_: Any) -> bool:
        return True

    monkeypatch.setattr(SqlAlertMessages, "posting", claims_nothing)
    assert "messages that nobody keeps up, and 0 may be" in found(sqlite_url)


def test_a_second_post_is_seen(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    once = SlackMessenger.post_alert

    async def twice(self: SlackMessenger, channel: str, card: ChannelCard, mention: str | None) -> str:
        await once(self, channel, card, mention)
        return await once(self, channel, card, mention)

    monkeypatch.setattr(SlackMessenger, "post_alert", twice)
    assert "messages that nobody keeps up, and 0 may be" in found(sqlite_url)


def test_who_does_not_wait_as_long_as_slack_asks_is_seen(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = SqlChannels.failed

    async def hurries(
        self: SqlChannels, channel: str, reason: str, *, until: datetime | None, now: datetime
    ) -> Outage:
        return await waits(self, channel, reason, until=until and now + timedelta(seconds=1), now=now)

    monkeypatch.setattr(SqlChannels, "failed", hurries)
    assert "before it was allowed" in found(sqlite_url)


def test_who_heeds_no_mute_is_seen(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "_muted", lambda *_: None)
    assert "though: it is muted" in found(sqlite_url)


def test_a_snooze_that_never_ends_is_seen(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleeps(*_: Any) -> bool:
        return False

    monkeypatch.setattr(SqlHandling, "wake_due", sleeps)
    assert "overslept" in found(sqlite_url)
