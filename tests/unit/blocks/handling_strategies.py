"""Alerts, incidents, and what people do about them, with the worst that the world can put into it."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from bot.domain import values as v
from bot.domain.handling import Deed
from bot.views import (
    AlertCard,
    AlertState,
    Decided,
    Deeded,
    Dismissable,
    Dismissal,
    FailureLine,
    Handled,
    IncidentCard,
    IncidentRef,
)
from tests.unit.blocks.strategies import contacts, lines, mailboxes, many_lines, under_way
from tests.unit.blocks.worst import actors, ids, maybe_text, maybe_time, numbers, text, times, tuples


def alerts() -> st.SearchStrategy[AlertCard]:
    return st.builds(
        AlertCard,
        id=ids().map(v.AlertId),
        mailbox=mailboxes(),
        policy=text(),
        status=st.sampled_from(v.MailboxStatus),
        opened_at=times(),
        cleared_at=maybe_time(),
        lines=many_lines(),
        open_failures=numbers(),
        retrying=numbers(),
        resolved=numbers(),
        next_sync_at=maybe_time(),
        resolved_by=tuples(actors(), 9),
        support_contact=contacts(),
        part_of=st.none() | st.builds(IncidentRef, ids().map(v.AlertId), text()),
        escalate=st.booleans(),
        handled=handled(),
        dismissals=tuples(st.builds(Dismissal, actors(), numbers(), text()), 12),
        under_way=under_way(),
    )


def handled() -> st.SearchStrategy[Handled]:
    """`muted` is not drawn."""
    someone, sometime = st.none() | actors(), maybe_time()
    return st.builds(Handled, someone, sometime, someone, sometime, st.none(), numbers())


def dismissable() -> st.SearchStrategy[Dismissable]:
    return st.builds(Dismissable, mailboxes(), different_lines(), numbers(), ids().map(v.FailureId))


def different_lines() -> st.SearchStrategy[tuple[FailureLine, ...]]:
    """A select takes no value twice, and no two failures have one id."""
    some = st.lists(lines(), max_size=12, unique_by=lambda line: line.id).map(tuple)
    many = lines().map(lambda line: tuple(replace(line, id=v.FailureId(n)) for n in range(1, 200)))
    return some | many


def decided() -> st.SearchStrategy[Decided]:
    return st.builds(Decided, mailboxes(), numbers(), numbers(), text())


def deeded() -> st.SearchStrategy[Deeded]:
    state = st.builds(AlertState, ids().map(v.AlertId), text(), st.booleans(), handled())
    return st.builds(Deeded, st.sampled_from(Deed), actors(), st.just(value=False), state)


def incidents() -> st.SearchStrategy[IncidentCard]:
    return st.builds(
        IncidentCard,
        id=ids().map(v.AlertId),
        code=text(),
        cause=text(),
        remedy=text(),
        connection=maybe_text(),
        opened_at=times(),
        cleared_at=maybe_time(),
        mailboxes=numbers(),
        failing=numbers(),
        retrying=numbers(),
        dismissed=numbers(),
        heals_by_itself=st.booleans(),
        synced_within=st.none() | st.timedeltas(timedelta(0), timedelta(days=365)),
        first=tuples(mailboxes(), 12) | mailboxes().map(lambda one: (one,) * 100),
        retried_at_once=st.sampled_from((1, 500)),
        support_contact=contacts(),
        handled=handled(),
    )
