"""What the cards about roles and the audit log say, and what their buttons lead to."""

import pytest

from blocks import access, audit
from blocks.look import USUAL
from blocks.surface import Message
from blocks.values import CardValue
from bot.domain.standing import Holding, Membership, Person, Source, Standing
from bot.domain.values import SYSTEM, Role, Severity
from bot.views import AuditLine, AuditPage, CardKind, CardRef
from bot.views.access import AccessChanged, AccessList, WhoAmI
from tests.unit.blocks.reading import buttons, texts
from tests.unit.services.fakes import NOON

FIXED = Holding("U0ADA", Role.ADMIN, Source.SETTING)
GRANTED = Holding("S0DESK", Role.OPERATOR, Source.GRANT, by="U0ADA", at=NOON)
ALL = CardRef(CardKind.AUDIT, before=50)


def page(event: str, message: str, **more: str) -> AuditPage:
    return AuditPage(
        (AuditLine(7, NOON, "U0ADA", Severity.WARNING, event, message, **more),), None, 9, 7, NOON
    )


def all_text(message: Message) -> str:
    return texts(message.blocks)


def test_a_line_says_what_how_bad_who_by_what_and_where() -> None:
    said = all_text(
        audit.message(
            page("retry requested", "1 item", via="failure.retry", channel="C0ALERTS", message_ts="1"), ALL
        )
    )
    assert "*Retry requested* · Warning ⚠️ · <!date^" in said
    assert "by <@U0ADA> · `failure.retry` on a message in <#C0ALERTS>" in said


def test_whoever_has_a_role_goes_by_name_where_a_line_is_about_roles_alone() -> None:
    assert "operator: <!subteam^S0DESK>" in all_text(
        audit.message(page("access granted", "operator: S0DESK"), ALL)
    )
    assert "policy S0DESK" in all_text(audit.message(page("muted", "policy S0DESK"), ALL))


def test_what_nobody_asked_for_has_no_place() -> None:
    line = AuditLine(7, NOON, SYSTEM, Severity.ERROR, "sync failed", "a@b.c: network")
    said = all_text(audit.message(AuditPage((line,), None, None, None), ALL))
    assert "Error ❌" in said
    assert "by System" in said
    assert " in " not in said.partition("by System")[2].partition("\n")[0]


def test_buttons_lead_to_newer_and_older_lines_and_to_the_newest() -> None:
    found = buttons(audit.message(page("muted", "x"), ALL).blocks)
    refs = {label: CardValue.decode(button["value"]).ref for label, button in found.items()}
    assert [(ref.before, ref.after) for ref in refs.values()] == [(None, 9), (7, None), (None, None)]
    assert list(refs) == ["Newer entries", "Older entries", "Newest entries"]


def test_the_modal_knows_which_page_it_shows() -> None:
    view = audit.modal(page("muted", "x"), ALL, USUAL).view
    assert CardValue.decode(view["private_metadata"]).ref == ALL


def test_roles_are_listed_with_their_sources_and_what_slack_does_not_tell() -> None:
    said = all_text(access.listed(AccessList((FIXED, GRANTED), told_of_groups=False, told_of_people=False)))
    assert "<@U0ADA> `U0ADA`: setting `SYNCBOT_ADMINS`" in said
    assert "<!subteam^S0DESK> `S0DESK`: granted by <@U0ADA>, <!date^" in said
    assert "`usergroups:read`" in said
    assert "`users:read`" in said
    assert "Slack does not say" not in all_text(
        access.listed(AccessList((), told_of_groups=True, told_of_people=True))
    )


@pytest.mark.parametrize(
    ("membership", "through", "says"),
    [
        (Membership.MEMBER, FIXED, "You are <@U0ADA>, an admin."),
        (Membership.MEMBER, GRANTED, "User group <!subteam^S0DESK>: granted by <@U0ADA>"),
        (Membership.MEMBER, None, "an admin types `/sync access grant`"),
        (Membership.GUEST, None, "A guest of this workspace, so no role counts"),
        (Membership.UNTOLD, FIXED, "Nothing (scope `users:read`), so roles of user groups do not count"),
    ],
)
def test_whoami_says_what_one_is_and_why(membership: Membership, through: Holding | None, says: str) -> None:
    assert says in all_text(access.whoami(WhoAmI(Standing("U0ADA", Person(membership), through))))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (AccessChanged("U0NILS", Role.VIEWER, None, None), "<@U0NILS> is a viewer now."),
        (AccessChanged("U0NILS", Role.ADMIN, Role.VIEWER, None), "is an admin now, and was a viewer before."),
        (AccessChanged("U0NILS", Role.VIEWER, Role.VIEWER, None, is_new=False), "was a viewer already."),
        (AccessChanged("U0NILS", None, Role.ADMIN, None), "is no longer an admin by a grant."),
        (
            AccessChanged("U0ADA", Role.VIEWER, None, FIXED),
            "All the same an admin: setting",
        ),
    ],
)
def test_a_change_is_told_with_what_was_and_what_stays(change: AccessChanged, says: str) -> None:
    assert says in all_text(access.changed(change))
