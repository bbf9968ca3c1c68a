"""What is left to set up: each step done or to do, and for admins how."""

from collections.abc import Sequence

from blocks import words
from blocks.kit import Part, context, divider, section, stack
from blocks.text import foreign
from bot.domain.values import Role
from bot.views.home import SetUp, Step

_TITLES = {
    SetUp.SCOPES: "Permissions of the Slack app",
    SetUp.MAILBOXES: "Mailboxes to sync",
    SetUp.FIRST_SYNC: "First sync",
    SetUp.CHANNEL: "Channel for alerts",
    SetUp.ROLES: "Roles for people",
}
_HOW = {
    SetUp.SCOPES: "In the app's settings paste `app.yaml` under *App Manifest*, then install the app again.",
    SetUp.MAILBOXES: "List them in `tenant.yaml`, and run `syncbot apply tenant.yaml`.",
    SetUp.FIRST_SYNC: "It begins by itself once there are mailboxes; `syncbot doctor` says what hinders it.",
    SetUp.CHANNEL: "Invite syncbot to one (`/invite @syncbot`), and type `/sync subscribe` there.",
    SetUp.ROLES: "Type `/sync access grant @user operator`, for a person or a user group.",
}
_OUTSIDE = {
    SetUp.MAILBOXES: "Connect your engine, which reports them: see `docs/how-to/connect-an-engine.md`.",
    SetUp.FIRST_SYNC: "Your engine begins it, and reports it.",
}


def blocks(steps: Sequence[Step], role: Role, *, is_outside: bool) -> Part:
    """Nothing once all is done."""
    left = sum(not step.is_done for step in steps)
    if not left:
        return None
    how = {**_HOW, **(_OUTSIDE if is_outside else {})} if role is Role.ADMIN else {}
    lines = (_line(step, how.get(step.what, "")) for step in steps)
    done = f"{words.number(len(steps) - left)} of {words.count(len(steps), 'step')} done"
    ask = None if role is Role.ADMIN else context("Ask an admin of syncbot to do what is left.")
    return stack(section("\n".join((f"*Setting up: {done}*", *lines))), ask, divider())


def _line(step: Step, how: str) -> str:
    title = _TITLES[step.what]
    if step.is_done:
        return f"• {title}: done ✅"
    missing = f" (missing: {', '.join(foreign(each, 60) for each in step.lacking)})" if step.lacking else ""
    return f"• *{title}: to do*{missing}. {how}".rstrip()
