"""Who may do what, checked at every gesture; refusals are explained and audited."""

from dataclasses import dataclass

from bot.config import PREFIX, SubjectsFor
from bot.domain.access import Asker, Grants, holding_of
from bot.domain.standing import Membership, Person, Standing
from bot.domain.values import Role, Severity
from bot.errors import NotAllowed
from bot.ports import Audit, Clock
from bot.ports.people import Directory, GrantBook

_SUBJECTS_NEED = {SubjectsFor.OPERATORS: Role.OPERATOR, SubjectsFor.VIEWERS: Role.VIEWER}
_NEVER = {
    Membership.OUTSIDER: (
        "People of another workspace cannot use syncbot here. Ask someone of this workspace."
    ),
    Membership.GUEST: "Guests cannot use syncbot, whatever role they were given. Ask a full member.",
    Membership.UNKNOWN: "Slack does not say just now whether you are a guest. Try again in a minute.",
}
"""Why a role does not help whoever has one."""


@dataclass(frozen=True, slots=True)
class Access:
    """`fixed` are the roles that settings and the tenant file give; `book` has those granted in Slack."""

    fixed: Grants
    subjects_for: SubjectsFor
    directory: Directory
    audit: Audit
    clock: Clock
    book: GrantBook

    async def grants(self) -> Grants:
        return self.fixed.with_more(await self.book.all())

    async def standing(self, asker: Asker) -> Standing:
        """The asker's role, what gives it, and what Slack says of the asker."""
        if asker.is_outsider:
            return Standing(asker.user, Person(Membership.OUTSIDER))
        person, grants = await self.directory.person(asker.user), await self.grants()
        groups = await self.directory.groups_of(asker.user, grants.groups())
        return Standing(asker.user, person, holding_of(asker.user, person.membership, groups, grants))

    async def role(self, asker: Asker) -> Role | None:
        return (await self.standing(asker)).role

    async def require(self, asker: Asker, needed: Role, *, to: str) -> Role:
        """The asker's role.

        Args:
            asker: who made the gesture.
            needed: the least role that may do it.
            to: the gesture in words, for the audit log: "retry".

        Raises:
            NotAllowed: saying which setting would allow it, and the asker's own id.
        """
        standing = await self.standing(asker)
        if standing.role is not None and standing.role >= needed:
            return standing.role
        await self._write_refusal(asker, needed, to)
        raise NotAllowed(_refusal(standing, needed))

    async def may_act(self, asker: Asker) -> bool:
        role = await self.role(asker)
        return role is not None and role >= Role.OPERATOR

    async def may_see_subjects(self, asker: Asker) -> bool:
        needed = _SUBJECTS_NEED.get(self.subjects_for)
        role = await self.role(asker)
        return needed is not None and role is not None and role >= needed

    async def _write_refusal(self, asker: Asker, needed: Role, to: str) -> None:
        await self.audit.write(
            at=self.clock.now(),
            actor=asker.user,
            severity=Severity.WARNING,
            event="access refused",
            message=f"{to}: needs {needed.word}",
        )


def _refusal(standing: Standing, needed: Role) -> str:
    if standing.person.membership in _NEVER:
        return _NEVER[standing.person.membership]
    role = standing.role
    has = f"You are {_with_article(role)}; this needs" if role else "This needs"
    return (
        f"{has} {_with_article(needed)}. Ask an admin for `/sync access grant`, or whoever runs syncbot "
        f"to add your user id {standing.user} to {PREFIX}{needed.name}S."
    )


def _with_article(role: Role) -> str:
    return f"a {role.word}" if role is Role.VIEWER else f"an {role.word}"
