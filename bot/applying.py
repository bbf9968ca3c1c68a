"""Applying a tenant file from the command line: read it, show the plan, ask, and carry it out."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path

from rich.console import Console

from bot.bootstrap import open_tenancy
from bot.clock import SystemClock
from bot.config import Settings
from bot.occasion import Occasion, during
from bot.ports import Clock
from bot.tenant.loading import load_tenant
from bot.tenant.plan import Plan, planned
from bot.tenant.telling import overruled, told

_RESTART = (
    "Restart `syncbot run`: it reads channel, contact and roles when it starts. Connections, policies and "
    "mailboxes count from now on."
)


class Applied(StrEnum):
    """How it ended, where nothing was wrong."""

    NOTHING_TO_DO = "nothing to do"
    DECLINED = "declined"
    DONE = "done"


async def apply(
    settings: Settings,
    file: Path,
    *,
    confirm: Callable[[Plan], bool],
    out: Console,
    actor: str,
    clock: Clock | None = None,
) -> Applied:
    """Show what the file would change, and change it if `confirm` says so. The audit log names `actor`.

    Raises:
        BadTenant: with everything that is wrong with the file.
        BadSettings: the database cannot be used, or has changed since the plan was shown.
    """
    wanted = load_tenant(file)
    async with open_tenancy(settings) as tenancy:
        plan = planned(await tenancy.held(), wanted)
        _print(out, (*told(plan, file.name), *overruled(settings, wanted.settings)))
        if not plan:
            return Applied.NOTHING_TO_DO
        if not confirm(plan):
            _print(out, ["", "Nothing was changed."])
            return Applied.DECLINED
        with during(Occasion("syncbot apply")):
            await tenancy.carry_out(wanted, plan, now=(clock or SystemClock()).now(), actor=actor)
    _print(out, _done(plan))
    return Applied.DONE


def _print(out: Console, lines: Iterable[str]) -> None:
    """Names come from files: nothing in them is markup."""
    for line in lines:
        out.print(line, markup=False, emoji=False, highlight=False, soft_wrap=True)


def _done(plan: Plan) -> list[str]:
    return ["", "Applied.", *([_RESTART] if plan.settings else [])]
