"""A burst of failures, against what Slack's documented rates allow at best."""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.bench.alerts import settings_for
from tests.bench.course import START, course
from tests.bench.footprint import forget_peak, memory
from tests.bench.measuring import Figure
from tests.bench.slack_process import channels, slack
from tests.bench.troubled import Crowd

MAILBOXES = int(os.environ.get("BURST_MAILBOXES", "10000"))
ITEMS, MAILBOXES_A_CHANNEL = 10, 200
LASTS = timedelta(minutes=1)
PATIENCE = timedelta(hours=2)
EDITS_A_MINUTE = 50
AT_ONCE = 3
"""Posts that a channel takes before only one a second is let through: "short bursts" are allowed.
https://docs.slack.dev/apis/web-api/rate-limits
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`posts` by channel. Seconds are of the bench's clock, but `recorded` and `cpu` are true ones."""

    failures: int
    lasted: float
    posts: tuple[int, ...]
    posting: float
    edits: int
    editing: float
    refused: int
    recorded: float
    cpu: float
    idle: int
    peak: int

    @property
    def best_posting(self) -> float:
        return max(self.posts) - AT_ONCE

    @property
    def best_editing(self) -> float:
        """Within a window of a minute, so the first minute's are allowed at its beginning."""
        return (self.edits - 1) // EDITS_A_MINUTE * 60.0


async def figures(folder: Path) -> list[Figure]:
    own, same = [await _outcome(_made(folder / name), _crowd(cause)) for name, cause in _VARIANTS.items()]
    many = f"{own.failures:,} failures of {MAILBOXES:,} mailboxes"
    return [
        Figure(
            f"{many} recorded, each mailbox for a reason of its own; bare: for one reason", *_rates(own, same)
        ),
        *_told_alone(own),
        Figure("peak memory above idle; bare: idle", *_memory(own)),
        Figure(
            "messages a channel where all fail for one reason; bare: mailboxes a channel",
            f"{max(same.posts)}, {same.edits / len(same.posts):.0f} edits",
            f"{MAILBOXES_A_CHANNEL}",
            f"{same.refused} refused",
        ),
    ]


def _told_alone(own: Outcome) -> list[Figure]:
    return [
        Figure(
            f"until {sum(own.posts):,} messages are posted in {len(own.posts)} channels; bare: Slack's best",
            f"{own.posting:,.0f} s",
            f"{own.best_posting:,.0f} s",
            f"{own.best_posting / own.posting:.3f} of the rate, {own.refused} refused",
        ),
        Figure(
            f"until the {own.edits:,} edits that it takes are made; bare: Slack's best",
            f"{own.editing:,.0f} s",
            f"{own.best_editing:,.0f} s",
            f"{own.best_editing / max(own.editing, 1.0):.3f} of the rate",
        ),
        Figure(
            "CPU of all sweeps a message; bare: what Slack's rate leaves on one core",
            f"{own.cpu / sum(own.posts) * 1e3:.1f} ms",
            f"{own.posting / sum(own.posts) * 1e3:.0f} ms",
            f"{own.cpu / own.posting:.2f} of a core",
        ),
    ]


_VARIANTS = {"own": None, "same": "dest_rejected"}


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _crowd(cause: str | None) -> Crowd:
    return Crowd(MAILBOXES, channels(MAILBOXES // MAILBOXES_A_CHANNEL), START, cause)


def _rates(own: Outcome, same: Outcome) -> tuple[str, str, str]:
    rates = [each.failures / each.recorded for each in (own, same)]
    return f"{rates[0]:,.0f} /s", f"{rates[1]:,.0f} /s", f"{rates[0] / rates[1]:.2f} of the rate"


def _memory(found: Outcome) -> tuple[str, str, str]:
    grown = found.peak - found.idle
    return (
        f"{grown / 1e6:.0f} MB",
        f"{found.idle / 1e6:.0f} MB",
        f"{grown / found.failures:,.0f} bytes a failure",
    )


async def _outcome(folder: Path, crowd: Crowd) -> Outcome:
    async with slack(len(crowd.channels)) as at:
        await crowd.subscribe(settings_for(at, folder).database_url)
        async with course(folder, at) as run:
            await run.begin(crowd)
            forget_peak()
            idle, began = memory()["VmRSS"], run.clock.at
            await run.fail(crowd, ITEMS, LASTS)
            await run.settle(PATIENCE)
            counts = await at.counts()
            return Outcome(
                failures=crowd.mailboxes * ITEMS,
                lasted=(run.clock.at - began).total_seconds(),
                posts=tuple(counts.get(f"post {each}", 0) for each in crowd.channels),
                posting=await at.lasted("chat.postMessage"),
                edits=counts.get("edit", 0),
                editing=await at.lasted("chat.update"),
                refused=counts.get("refused", 0),
                recorded=run.recorded,
                cpu=run.cpu,
                idle=idle,
                peak=memory()["VmHWM"],
            )
