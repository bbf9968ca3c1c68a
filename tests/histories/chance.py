"""Histories at random: lists of steps, which Hypothesis can make shorter and simpler."""

from datetime import time
from itertools import chain
from typing import Any, Protocol, TypeAlias

from hypothesis import strategies as st

from bot.domain.routing import Filter, Subscription
from bot.domain.wishes import Mode, MuteKind, QuietHours, Urgency
from bot.sandbox.slack.faults import Fault
from tests.histories import events, people, troubles
from tests.histories.drawing import MENTIONED
from tests.histories.events import CODES
from tests.histories.stage import CHANNELS, KEYS, POLICIES, RETRY_AFTER, Stage


class Step(Protocol):
    async def play(self, stage: Stage) -> None: ...


Strategy: TypeAlias = st.SearchStrategy[Any]

mailboxes = st.integers(0, len(KEYS) - 1)
items = st.integers(1, 3)
codes = st.sampled_from(CODES)
agos = st.sampled_from((0, 0, 0, 1, 14, 40))
channels = st.integers(0, len(CHANNELS) - 1)
policies = st.integers(0, len(POLICIES) - 1)
numbers = st.integers(0, 7)
crowds = st.frozensets(mailboxes, min_size=2)
of_runs = st.sampled_from(("source_auth", "source_auth", *CODES))
domains = st.sampled_from(("old.example", "elder.example"))

muted: st.SearchStrategy[tuple[MuteKind, str]] = st.one_of(
    st.tuples(st.just(MuteKind.MAILBOX), st.sampled_from(KEYS)),
    st.tuples(st.just(MuteKind.POLICY), st.sampled_from(POLICIES)),
    st.tuples(st.just(MuteKind.CAUSE), codes),
    st.tuples(st.just(MuteKind.CAUSE), codes),
    st.tuples(st.just(MuteKind.CHANNEL), st.sampled_from(CHANNELS)),
)
subscribed = st.builds(
    Subscription,
    channel=st.sampled_from(CHANNELS),
    filter=st.one_of(
        st.just(Filter()),
        st.builds(Filter, policies=st.frozensets(st.sampled_from(POLICIES), max_size=1)),
        st.builds(Filter, mailboxes=st.frozensets(st.sampled_from(KEYS), max_size=2)),
        st.builds(Filter, domains=st.frozensets(domains, max_size=1), least=st.sampled_from(Urgency)),
        st.builds(Filter, causes=st.frozensets(codes, max_size=2)),
    ),
    mode=st.sampled_from((Mode.EDIT, Mode.THREAD, Mode.THREAD, Mode.EDIT, Mode.DIGEST)),
    quiet=st.sampled_from(
        (
            None,
            None,
            None,
            QuietHours("UTC", time(8, 20), time(11)),
            QuietHours("Asia/Tokyo", time(19), time(2), Urgency.ERROR),
        )
    ),
    mention=st.sampled_from((None, MENTIONED)),
)
limited = Fault(retry_after=RETRY_AFTER)
calls = ("chat.postMessage", "chat.postMessage", "chat.update", "conversations.history")
faults = st.builds(
    troubles.SlackFails,
    st.sampled_from(calls),
    st.sampled_from(
        (limited, limited, Fault(status=500), Fault(status=503), Fault(lost=True), Fault(error="fatal_error"))
    ),
    st.integers(1, 3),
)
lapses = st.sampled_from(
    (
        (1,),
        (3,),
        (3, 3),
        (10, 10, 10),
        (30, 30),
        (60, 60, 60),
        (300, 300),
        (60, 1800, 3),
        (3600, 3),
        (30_000, 60),
    )
)

reports: Strategy = st.one_of(
    st.builds(events.Fails, mailboxes, items, codes, agos),
    st.builds(events.Heals, mailboxes, items),
    st.builds(events.RunsFail, crowds, of_runs, agos),
    st.builds(events.RunsSucceed, crowds),
    st.builds(events.Answers, numbers, st.booleans()),
)
deeds: Strategy = st.one_of(
    st.builds(people.Acknowledges, numbers, st.integers(0, 3)),
    st.builds(people.TakesBack, numbers),
    st.builds(people.Snoozes, numbers, st.sampled_from((None, 1, 60, 240))),
    st.builds(people.Dismisses, numbers),
    st.builds(people.Restores, numbers),
    st.builds(people.Retries, numbers, st.booleans()),
    st.builds(people.RetriesIncident, numbers),
    st.builds(people.Clicks, channels, numbers),
    st.builds(people.Deletes, channels, numbers),
)
rules: Strategy = st.one_of(
    muted.flatmap(lambda one: st.builds(people.Mutes, *map(st.just, one), st.sampled_from((5, 90, None)))),
    muted.map(lambda one: people.Unmutes(*one)),
    st.builds(people.Subscribes, subscribed),
    st.builds(people.Subscribes, subscribed),
    st.builds(people.Unsubscribes, channels),
    st.builds(events.Moves, mailboxes, policies, domains),
    st.builds(events.PolicyChanges, policies, st.sampled_from(("Gold", "Staff")), st.booleans()),
)
outages: Strategy = st.one_of(
    faults,
    faults.map(lambda same: same),
    st.sampled_from(
        (
            troubles.Mends(),
            troubles.Restarts(),
            troubles.Dies(),
            troubles.SweepTogether(),
            troubles.SweepTogether(),
        )
    ),
    st.one_of(
        st.builds(troubles.Archive, channels, st.booleans()),
        st.builds(troubles.Membership, channels, st.booleans()),
        st.builds(troubles.Token, st.sampled_from(("good", "token_revoked"))),
    ).map(lambda same: same),
)
lapse: Strategy = st.builds(troubles.Passes, lapses)
WEIGHTS = ((reports, 8), (lapse, 8), (deeds, 3), (outages, 3), (rules, 2), (st.just(troubles.Rests()), 1))
LADDER = [each for each, weight in WEIGHTS for _ in range(weight)]
steps: Strategy = st.sampled_from(LADDER).flatmap(lambda chosen: chosen)
"""Not one_of, which takes each alternative for as likely, however often it is named."""

histories: st.SearchStrategy[list[Step]] = st.tuples(*[st.lists(steps, max_size=12)] * 6).map(
    lambda chapters: list(chain.from_iterable(chapters))
)
"""Some 36 steps, and none at all if a fault needs none: a single list would be short, or could not shrink."""
