"""Who may do what, and who did what."""

from collections.abc import Iterator

from blocks import access
from blocks.surface import Message
from bot.domain.standing import Holding, Membership, Person, Source, Standing
from bot.domain.values import SYSTEM, Role, Severity
from bot.views import AuditLine, AuditPage, CardKind, CardRef
from bot.views.access import AccessChanged, AccessList, WhoAmI
from tests.gallery.shots import Shot, drawn, everywhere
from tests.unit.blocks import examples as a

ADMIN = Holding("U0ADA", Role.ADMIN, Source.SETTING)
DESK = Holding("S0DESK", Role.OPERATOR, Source.GRANT, by="U0ADA", at=a.NOON)


def shots() -> Iterator[Shot]:
    yield from drawn("access", _access())
    yield from drawn("whoami", _whoami())
    yield from everywhere("audit", CardRef(CardKind.AUDIT), _audits())


def _access() -> dict[str, Message]:
    return {
        "nobody": access.listed(AccessList((), told_of_groups=True, told_of_people=True)),
        "some": access.listed(AccessList((ADMIN, DESK), told_of_groups=True, told_of_people=False)),
        "granted": access.changed(AccessChanged("U0OMAR", Role.OPERATOR, Role.VIEWER, None)),
        "revoked": access.changed(AccessChanged("U0OMAR", None, Role.ADMIN, DESK)),
    }


def _whoami() -> dict[str, Message]:
    member, guest = Person(Membership.MEMBER, "Europe/Zurich"), Person(Membership.GUEST)
    return {
        "admin": access.whoami(WhoAmI(Standing("U0ADA", member, ADMIN))),
        "nobody": access.whoami(WhoAmI(Standing("U0NILS", member))),
        "guest": access.whoami(WhoAmI(Standing("U0GUS", guest))),
    }


def _audits() -> dict[str, AuditPage]:
    lines = (
        AuditLine(
            9, a.NOON, "U0ADA", Severity.INFORMATION, "access granted", "operator: S0DESK", "/sync access"
        ),
        AuditLine(8, a.NOON, SYSTEM, Severity.ERROR, "sync failed", "alice@contoso.com: source_auth"),
        AuditLine(
            7,
            a.NOON,
            "U0OMAR",
            Severity.WARNING,
            "retry requested",
            "1 item",
            "failure.retry",
            "C0ALERTS",
            "1",
        ),
    )
    return {
        "none": AuditPage((), "alice@contoso.com", None, None, a.NOON),
        "some": AuditPage(lines, None, 9, 7, a.NOON),
    }
