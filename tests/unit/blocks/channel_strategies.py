"""Models of what is told in channels beside alerts and incidents, whatever is in them."""

from dataclasses import replace

from hypothesis import strategies as st

from bot.domain import values as v
from bot.views import CredentialCard, Expired, IncidentCard, IncidentRef
from tests.unit.blocks.strategies import contacts, ids, incidents, maybe_time, numbers, text, times


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
