"""What nobody reports is reported: runs that fell silent, and mailboxes that nobody syncs."""
# ruff: noqa: ARG002 - the signatures are the ports'

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.catalogue import CATALOGUE
from bot.domain.events import Envelope, ItemFailed, SyncFailed
from bot.domain.values import RUN_LEVEL
from bot.ports import Recorded, StuckRun
from bot.services.overseeing import AT_ONCE, SILENCE, Overseer
from bot.services.recording import Recording
from tests.unit.services.fakes import NOON, FakeBell, FakeClock

SILENT_AT = NOON - timedelta(minutes=6)
STUCK = StuckRun("m1", "r1", SILENT_AT)


@dataclass
class Watchdog:
    """Gives what is planned, and keeps what it was asked and told."""

    stuck_runs: tuple[StuckRun, ...] = ()
    late: tuple[str, ...] = ()
    asked: list[tuple[datetime, datetime, int]] = field(default_factory=list)
    ended: list[tuple[StuckRun, SyncFailed]] = field(default_factory=list)

    async def stuck(self, now: datetime, *, silent_since: datetime, limit: int) -> tuple[StuckRun, ...]:
        self.asked.append((now, silent_since, limit))
        return self.stuck_runs[:limit]

    async def overdue(self, now: datetime, limit: int) -> tuple[str, ...]:
        return self.late[:limit]

    async def end(self, run: StuckRun, ended: SyncFailed) -> None:
        self.ended.append((run, ended))


@dataclass
class Recorder:
    envelopes: list[Envelope] = field(default_factory=list)

    async def record(self, envelopes: Sequence[Envelope], now: datetime) -> list[Recorded]:
        self.envelopes += envelopes
        return [Recorded.APPLIED for _ in envelopes]


@dataclass
class Watch:
    """One sweep over what the watchdog finds."""

    watchdog: Watchdog
    recorder: Recorder = field(default_factory=Recorder)
    bell: FakeBell = field(default_factory=FakeBell)

    async def sweep(self) -> None:
        recording = Recording(self.recorder, self.bell, FakeClock())
        await Overseer(self.watchdog, recording, FakeClock()).sweep()


async def test_a_stuck_run_ends_as_interrupted_and_tells_its_last_sign_of_life() -> None:
    watch = Watch(Watchdog((STUCK,)))
    await watch.sweep()
    message = "The run gave no sign of life since 2026-11-23 11:54 UTC"
    assert watch.watchdog.ended == [(STUCK, SyncFailed(NOON, "m1", "r1", "interrupted", message))]
    assert "interrupted" in CATALOGUE
    assert watch.bell.rings == 1


async def test_silence_is_five_minutes() -> None:
    watch = Watch(Watchdog())
    await watch.sweep()
    assert watch.watchdog.asked == [(NOON, NOON - timedelta(minutes=5), AT_ONCE)]
    assert timedelta(minutes=5) == SILENCE


async def test_every_stuck_run_ends_for_itself() -> None:
    runs = tuple(StuckRun(f"m{number}", f"r{number}", SILENT_AT) for number in range(3))
    watch = Watch(Watchdog(runs))
    await watch.sweep()
    assert [(run, ended.mailbox, ended.run) for run, ended in watch.watchdog.ended] == [
        (run, run.mailbox_key, run.run_key) for run in runs
    ]


async def test_an_overdue_mailbox_fails_as_a_whole() -> None:
    watch = Watch(Watchdog(late=("m1", "m2")))
    await watch.sweep()
    events = [envelope.event for envelope in watch.recorder.envelopes]
    assert events == [
        ItemFailed(NOON, key, RUN_LEVEL, RUN_LEVEL, "overdue", "No sync has succeeded in time")
        for key in ("m1", "m2")
    ]
    assert "overdue" in CATALOGUE
    assert watch.bell.rings == 1


async def test_each_report_is_one_of_its_own() -> None:
    """Two with one identity would count as one: the later would be taken for a repetition."""
    watch = Watch(Watchdog(late=("m1", "m2")))
    await watch.sweep()
    await watch.sweep()
    identities = {(envelope.source, envelope.id) for envelope in watch.recorder.envelopes}
    assert len(identities) == len(watch.recorder.envelopes) == 4


async def test_where_all_is_well_nothing_is_told() -> None:
    watch = Watch(Watchdog())
    await watch.sweep()
    assert (watch.watchdog.ended, watch.recorder.envelopes, watch.bell.rings) == ([], [], 0)
