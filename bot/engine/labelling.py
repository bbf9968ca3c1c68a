"""Brings the destination's labels in step with the source's folders."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from bot.domain.catalogue import Healing, Scope
from bot.domain.events import Event, ItemFailed, ItemSynced
from bot.domain.mail import EMAIL, FOLDER_PREFIX, KnownFolder, Labelled, LabelRemoved, Step, Unlabelled, Work
from bot.engine.fault import Fault
from bot.engine.ledger import Ledger
from bot.engine.mapping import numbered, safe_name
from bot.engine.places import Place, Plan
from bot.engine.sides import Destination, Label
from bot.ports import Clock

_GONE = "dest_label_gone"
_INVALID = "dest_label_invalid"
_CONFLICT = "dest_label_conflict"


@dataclass(slots=True)
class Labelling:
    """Creates and renames labels. One folder's trouble is its own: its mail waits, the rest goes on.

    Raises:
        Fault: of the mailbox or connection, or one that passes; none at all unless `blames`.
    """

    work: Work
    destination: Destination
    ledger: Ledger
    clock: Clock
    blames: bool = True
    _existing: dict[str, Label] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    """Of the existing labels, by their ids; without regard to case."""
    _moving: set[str] = field(default_factory=set)
    """Labels whose turn to be renamed has not come yet."""
    _given: set[str] = field(default_factory=set)

    async def bring_in_step(self, folders: Sequence[KnownFolder], plan: Plan) -> None:
        """Parents come first, since the name of a label contains its parent's.

        A folder that needs no label, and that somebody asked for, is answered: nothing is in its way.
        """
        for folder in folders:
            if folder.retry_key and not _needs_label(folder, plan):
                await self._keep(folder, labelled(folder))
        behind = [folder for folder in folders if self._is_behind(folder, plan)]
        if not behind:
            return
        try:
            await self._look_up()
        except Fault as fault:
            await self._fail_all(behind, plan, fault)
            return
        self._moving = {folder.label for folder in behind if folder.label}
        for folder in sorted(behind, key=lambda folder: _depth(plan, folder)):
            await self._label(folder, plan)

    async def remove_leftovers(self, folders: Sequence[KnownFolder], plan: Plan) -> None:
        """Labels of folders that were removed or thrown away, where the policy wants removals to be followed.

        One that was used for another folder meanwhile stays.
        """
        left = [folder for folder in folders if folder.label and not _needs_label(folder, plan)]
        used = self._given | {folder.label for folder in folders if folder not in left}
        for folder in left:
            if folder.label and folder.label not in used:
                await self.destination.delete_label(folder.label)
            await self.ledger.write(self.work, LabelRemoved(folder.id))

    async def recreate(self, folder: KnownFolder, plan: Plan) -> None:
        """Somebody removed the folder's label at the destination, where it has one."""
        if folder.label is None:
            return
        await self._look_up()
        if folder.label not in {label.id for label in self._existing.values()}:
            plan.labels.pop(folder.id, None)
            await self._label(folder, plan)

    async def _look_up(self) -> None:
        self._existing, self._names = {}, {}
        for label in await self.destination.labels():
            self._known(label)

    async def _fail_all(self, folders: Sequence[KnownFolder], plan: Plan, fault: Fault) -> None:
        if self.blames:
            raise fault
        for folder in folders:
            await self._fail(folder, plan.places[folder.id].name or folder.name, fault)

    def _is_behind(self, folder: KnownFolder, plan: Plan) -> bool:
        place = plan.places.get(folder.id)
        if place is None or place.name is None:
            return False
        if folder.failed or folder.retry_key:
            return folder.retry_key is not None
        return folder.label is None or folder.label_name != place.name

    async def _label(self, folder: KnownFolder, plan: Plan) -> None:
        name = plan.places[folder.id].name or ""
        try:
            label = await self._named(folder, name, plan)
        except Fault as fault:
            if self.blames and not _is_its_own(fault):
                raise
            await self._fail(folder, name, fault)
            return
        self._moving.discard(label.id)
        self._given.add(label.id)
        plan.labels[folder.id] = plan.former[folder.id] = label.id
        called = label.name if label.name.casefold() != name.casefold() else None
        plan.call(folder.id, called)
        await self._keep(folder, Labelled(folder.id, label.id, name, called))

    async def _named(self, folder: KnownFolder, name: str, plan: Plan) -> Label:
        """At a name that is refused, or that another label has for good, it gets a safe one."""
        try:
            return await self._at_name(folder, name, plan)
        except Fault as fault:
            if fault.cause.code not in (_INVALID, _CONFLICT):
                raise
            other = await self._other_name(folder, name, fault, plan)
        return await self._at_name(folder, other, plan)

    async def _other_name(self, folder: KnownFolder, name: str, fault: Fault, plan: Plan) -> str:
        """The same, where a label appeared there meanwhile that the folder may have."""
        if fault.cause.code == _CONFLICT:
            await self._look_up()
            if name.casefold() in self._existing and self._may_have(folder, name, plan):
                return name
        names = (numbered(safe_name(name), number) for number in count(1))
        return next(each for each in names if self._may_have(folder, each, plan))

    def _may_have(self, folder: KnownFolder, name: str, plan: Plan) -> bool:
        """Nobody has the label of this name, or the folder has it, or the folder has none and it is free."""
        there = self._existing.get(name.casefold())
        own = self._own(folder)
        if there is None or there.id == own:
            return True
        return own is None and not there.is_system and there.id not in plan.labels.values()

    def _own(self, folder: KnownFolder) -> str | None:
        """Its label, unless somebody removed it."""
        return folder.label if folder.label in self._names else None

    async def _at_name(self, folder: KnownFolder, name: str, plan: Plan) -> Label:
        await self._clear(folder, name)
        if not self._may_have(folder, name, plan):
            raise Fault(_CONFLICT, f"Another label is called {name!r}")
        own, there = self._own(folder), self._existing.get(name.casefold())
        if own:
            return self._known(await self._renamed(own, name))
        return there or self._known(await self.destination.create_label(name))

    async def _clear(self, folder: KnownFolder, name: str) -> None:
        """Two folders may take each other's names. Cut off here, the label is renamed by the next attempt."""
        there = self._existing.get(name.casefold())
        if there and there.id in self._moving - {folder.label}:
            names = (numbered(name, number) for number in count(2))
            aside = next(each for each in names if each.casefold() not in self._existing)
            self._known(await self.destination.rename_label(there.id, aside))

    def _known(self, label: Label) -> Label:
        self._existing.pop(self._names.get(label.id, ""), None)
        self._names[label.id] = label.name.casefold()
        self._existing[label.name.casefold()] = label
        return label

    async def _renamed(self, label: str, name: str) -> Label:
        try:
            return await self.destination.rename_label(label, name)
        except Fault as fault:
            if fault.cause.code != _GONE:
                raise
        return await self.destination.create_label(name)

    async def _fail(self, folder: KnownFolder, name: str, fault: Fault) -> None:
        failed = folder_failure(self.work, folder, name, fault, self.clock.now())
        await self.ledger.write(self.work, Unlabelled(folder.id, fault.cause.code), events=[failed])

    async def _keep(self, folder: KnownFolder, step: Step) -> None:
        events: list[Event] = []
        if folder.failed or folder.retry_key:
            item, retry = FOLDER_PREFIX + folder.id, folder.retry_key
            synced = ItemSynced(self.clock.now(), self.work.mailbox_key, EMAIL, item, self.work.run, retry)
            events.append(synced)
        await self.ledger.write(self.work, step, events=events)


def folder_failure(work: Work, folder: KnownFolder, name: str, fault: Fault, at: datetime) -> ItemFailed:
    """`name` is what the folder is called, or its label."""
    return ItemFailed(
        at=at,
        mailbox=work.mailbox_key,
        service=EMAIL,
        item=FOLDER_PREFIX + folder.id,
        code=fault.cause.code,
        message=fault.sentence,
        folder=name,
        run=work.run,
        retry_id=folder.retry_key,
    )


def labelled(folder: KnownFolder) -> Labelled:
    """The label that the folder has already, if any."""
    return Labelled(folder.id, folder.label or "", folder.label_name or "", folder.label_called)


def _needs_label(folder: KnownFolder, plan: Plan) -> bool:
    return plan.places.get(folder.id, Place()).name is not None


def _depth(plan: Plan, folder: KnownFolder) -> int:
    return (plan.places[folder.id].name or "").count("/")


def _is_its_own(fault: Fault) -> bool:
    """Whether the fault is this folder's alone."""
    cause = fault.cause
    repaired_in_vain = cause.healing is Healing.REPAIRED
    return repaired_in_vain or (cause.scope is Scope.ITEM and cause.healing is Healing.PERMANENT)
