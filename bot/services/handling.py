"""Acknowledging, snoozing and dismissing: done once by whoever is first, and told to who comes after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.access import Asker
from bot.domain.handling import SNOOZES, Deed, snoozed_until
from bot.domain.values import AlertId, FailureId, MailboxId, Role
from bot.errors import NothingToDismiss, StaleButton
from bot.ports import Clock, Doorbell
from bot.ports.alerts import Handling, ToHandle
from bot.ports.people import Directory
from bot.services.access import Access
from bot.views import Decided, Deeded, Dismissable, FailureLine

CHOSEN_FROM = 99
"""Failed items that somebody may choose one by one: a select has room for a hundred, with *all* of them."""

_GONE = "That alert is no longer kept. Ask for the mailbox with `/sync status`."


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which failed items of a mailbox: `failures`, or all that there were up to `upto`."""

    mailbox: MailboxId
    failures: tuple[FailureId, ...] = ()
    upto: FailureId | None = None


@dataclass(frozen=True, slots=True)
class HandlingDesk:
    handling: Handling
    to_handle: ToHandle
    access: Access
    directory: Directory
    doorbell: Doorbell
    clock: Clock

    async def sweep(self) -> None:
        """Wake what has slept long enough."""
        if await self.handling.wake_due(self.clock.now()):
            self.doorbell.ring()

    async def deal(self, alert: AlertId, deed: Deed, asker: Asker, *, seen: int = 0) -> Deeded:
        """Acknowledge, snooze or wake an alert, or take an acknowledgement back.

        Args:
            alert: a mailbox's, or an incident.
            deed: one of those.
            asker: who did it.
            seen: how many failures, or mailboxes of an incident, the message showed.

        Raises:
            NotAllowed, StaleButton
        """
        await self.access.require(asker, Role.OPERATOR, to=f"{deed} alert")
        done = await self._deal(alert, deed, asker, seen)
        self.doorbell.ring()
        state = await self.to_handle.state(alert)
        if state is None:
            raise StaleButton(_GONE)
        return Deeded(deed, asker.user, done, state)

    async def dismissable(self, mailbox: MailboxId, asker: Asker) -> Dismissable:
        """What may be dismissed, as the asker may see it.

        Raises:
            NotAllowed, StaleButton, NothingToDismiss
        """
        await self.access.require(asker, Role.OPERATOR, to="dismiss")
        found = await self._of(mailbox)
        if not found.total:
            raise NothingToDismiss(f"No item of {found.mailbox.source} is failing any more.")
        if await self.access.may_see_subjects(asker):
            return found
        return replace(found, lines=tuple(_anonymous(line) for line in found.lines))

    async def dismiss(self, chosen: Chosen, reason: str, asker: Asker) -> Decided:
        """Accept the loss of failed items.

        Raises:
            NotAllowed, StaleButton
        """
        await self.access.require(asker, Role.OPERATOR, to="dismiss")
        mailbox = (await self._of(chosen.mailbox)).mailbox
        failures = await self._failures(chosen)
        done = await self.handling.dismiss(failures, reason=reason, by=asker.user, now=self.clock.now())
        self.doorbell.ring()
        return Decided(mailbox, len(failures), len(done), reason)

    async def restore(self, mailbox: MailboxId, failure: FailureId, asker: Asker) -> Decided:
        """Take a dismissal back.

        Raises:
            NotAllowed, StaleButton
        """
        await self.access.require(asker, Role.OPERATOR, to="take a dismissal back")
        ref = (await self._of(mailbox)).mailbox
        done = await self.handling.restore([failure], by=asker.user, now=self.clock.now())
        self.doorbell.ring()
        return Decided(ref, 1, len(done))

    async def _deal(self, alert: AlertId, deed: Deed, asker: Asker, seen: int) -> bool:
        """Whether it was this that did it."""
        now, by = self.clock.now(), asker.user
        if deed is Deed.ACKNOWLEDGE:
            return await self.handling.acknowledge(alert, seen=seen, by=by, now=now)
        if deed is Deed.TAKE_BACK:
            return await self.handling.unacknowledge(alert, by=by, now=now)
        if deed in SNOOZES:
            zone = (await self.directory.person(by)).zone if deed is Deed.SNOOZE_TOMORROW else None
            until = snoozed_until(deed, now, zone)
            return await self.handling.snooze(alert, until=until, by=by, now=now)
        if deed is Deed.WAKE:
            return await self.handling.snooze(alert, until=None, by=by, now=now)
        raise StaleButton("This menu is from an older version. Use the newest message.")

    async def _of(self, mailbox: MailboxId) -> Dismissable:
        found = await self.to_handle.dismissable(mailbox, CHOSEN_FROM)
        if found is None:
            raise StaleButton("That mailbox is no longer synced. Look for it with `/sync search`.")
        return found

    async def _failures(self, chosen: Chosen) -> Sequence[FailureId]:
        if chosen.upto is None:
            return chosen.failures
        return await self.to_handle.unresolved(chosen.mailbox, chosen.upto)


def _anonymous(line: FailureLine) -> FailureLine:
    return replace(line, subject=None, sender=None, message="", last_retry_detail=None)
