"""View models of roles and of the audit log, with the worst that the world can put into them."""

from hypothesis import strategies as st

from bot.domain import values as v
from bot.domain.standing import Holding, Membership, Person, Source, Standing
from bot.views.access import AccessChanged, AccessList, WhoAmI
from bot.views.audit import AuditLine, AuditPage
from tests.unit.blocks.worst import actors, ids, maybe_text, maybe_time, text, times, tuples


def audit_lines() -> st.SearchStrategy[AuditLine]:
    return st.builds(
        AuditLine,
        id=ids(),
        at=times(),
        actor=actors(),
        severity=st.sampled_from(v.Severity),
        event=text(),
        message=text(),
        via=maybe_text(),
        channel=maybe_text() | st.just("C0ALERTS"),
        message_ts=maybe_text(),
    )


def audit_pages() -> st.SearchStrategy[AuditPage]:
    many = tuples(audit_lines(), 12) | audit_lines().map(lambda line: (line,) * 60)
    return st.builds(AuditPage, many, maybe_text(), st.none() | ids(), st.none() | ids(), maybe_time())


def holdings() -> st.SearchStrategy[Holding]:
    who, by = actors() | st.just("S0DESK"), st.none() | actors()
    return st.builds(Holding, who, st.sampled_from(v.Role), st.sampled_from(Source), by, maybe_time())


def access_lists() -> st.SearchStrategy[AccessList]:
    many = tuples(holdings(), 12) | holdings().map(lambda one: (one,) * 300)
    return st.builds(AccessList, many, st.booleans(), st.booleans())


def whoamis() -> st.SearchStrategy[WhoAmI]:
    person = st.builds(Person, st.sampled_from(Membership), maybe_text())
    return st.builds(WhoAmI, st.builds(Standing, actors(), person, st.none() | holdings()), st.booleans())


def access_changes() -> st.SearchStrategy[AccessChanged]:
    role = st.none() | st.sampled_from(v.Role)
    return st.builds(AccessChanged, actors(), role, role, st.none() | holdings(), st.booleans())
