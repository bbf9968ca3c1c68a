"""Who may do what, checked at every gesture; refusals are explained and audited."""

from dataclasses import dataclass

from bot.config import PREFIX, SubjectsFor
from bot.domain.access import Asker, Grants, role_of
from bot.domain.values import Role, Severity
from bot.errors import NotAllowed
from bot.ports import Audit, Clock, Directory

_SUBJECTS_NEED = {SubjectsFor.OPERATORS: Role.OPERATOR, SubjectsFor.VIEWERS: Role.VIEWER}


@dataclass(frozen=True, slots=True)
class Access:
    grants: Grants
    subjects_for: SubjectsFor
    directory: Directory
    audit: Audit
    clock: Clock

    async def role(self, asker: Asker) -> Role | None:
        groups = await self.directory.groups_of(asker.user, self.grants.groups())
        return role_of(asker, groups, self.grants)

    async def require(self, asker: Asker, needed: Role, *, to: str) -> Role:
        """The asker's role.

        Args:
            asker: who made the gesture.
            needed: the least role that may do it.
            to: the gesture in words, for the audit log: "retry".

        Raises:
            NotAllowed: saying which setting would allow it, and the asker's own id.
        """
        role = await self.role(asker)
        if role is not None and role >= needed:
            return role
        await self._write_refusal(asker, needed, to)
        raise NotAllowed(_refusal(asker, role, needed))

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


def _refusal(asker: Asker, role: Role | None, needed: Role) -> str:
    if asker.is_outsider:
        return "People of another workspace cannot use syncbot here. Ask someone of this workspace."
    has = f"You are {_with_article(role)}; this needs" if role else "This needs"
    return (
        f"{has} {_with_article(needed)}. Ask whoever runs syncbot to add your user id {asker.user} "
        f"to {PREFIX}{needed.name}S."
    )


def _with_article(role: Role) -> str:
    return f"a {role.word}" if role is Role.VIEWER else f"an {role.word}"
