"""Models of what is told in channels beside alerts and incidents, whatever is in them."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from bot.domain import values as v
from bot.views import (
    CredentialCard,
    DigestCard,
    DigestCause,
    DigestPart,
    Expired,
    IncidentCard,
    IncidentRef,
)
from tests.unit.blocks.handling_strategies import incidents
from tests.unit.blocks.strategies import contacts
from tests.unit.blocks.worst import ids, maybe_time, numbers, text, times, tuples

_COUNTS = (
    "mailboxes",
    "synced",
    "changes",
    "failed",
    "failed_mailboxes",
    "healed_by_itself",
    "healed_by_click",
    "dismissed",
    "unresolved",
    "unresolved_mailboxes",
    "never_synced",
    "more_causes",
)


def expired_incidents() -> st.SearchStrategy[IncidentCard]:
    return st.builds(replace, incidents(), expired=expired())


def credentials() -> st.SearchStrategy[CredentialCard]:
    return st.builds(
        CredentialCard,
        id=ids().map(v.AlertId),
        connection=text(),
        credential=st.sampled_from(v.Credential),
        expires_at=times(),
        is_declared=st.booleans(),
        step=st.sampled_from(v.Step),
        opened_at=times(),
        cleared_at=maybe_time(),
        ending=st.none() | st.sampled_from(v.Ending),
        mailboxes=numbers(),
        part_of=st.none() | st.builds(IncidentRef, ids().map(v.AlertId), text()),
        support_contact=contacts(),
    )


def expired() -> st.SearchStrategy[Expired]:
    return st.builds(Expired, st.sampled_from(v.Credential), times(), st.booleans())


def digest_causes() -> st.SearchStrategy[DigestCause]:
    return st.builds(DigestCause, text(), text(), text(), st.booleans(), numbers(), numbers())


def digests() -> st.SearchStrategy[DigestCard]:
    return st.builds(
        DigestCard,
        id=ids().map(v.AlertId),
        zone=st.sampled_from(("UTC", "Europe/Zurich", "Asia/Kathmandu")),
        is_weekly=st.booleans(),
        begins_at=times(),
        ends_at=times(),
        counted_at=times(),
        is_late=st.booleans(),
        is_filtered=st.booleans(),
        causes=tuples(digest_causes(), 5),
        parts=times().flatmap(_parts),
        oldest_success_at=maybe_time(),
        support_contact=contacts(),
        is_preview=st.booleans(),
        cleared_at=st.none(),
        **{name: numbers() for name in _COUNTS},
    )


def _parts(began: datetime) -> st.SearchStrategy[tuple[DigestPart, ...]]:
    """Three hours apart, as labels must differ."""
    step, numbered = timedelta(hours=3), st.tuples(numbers(), numbers(), numbers())
    return st.lists(numbered, min_size=1, max_size=8).map(
        lambda rows: tuple(DigestPart(began + n * step, *row) for n, row in enumerate(rows))
    )
