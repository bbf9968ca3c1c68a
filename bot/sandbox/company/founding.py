"""The company as it stands on the first day: who is there, and what is wrong."""

from datetime import datetime, timedelta
from random import Random

from bot.sandbox.company import cast
from bot.sandbox.company.causes import OF_ITEMS, OF_MAILBOXES
from bot.sandbox.company.world import Condition, Item, Mailbox, Policy, World


def found(now: datetime, chance: Random) -> World:
    world = World(policies=list(cast.POLICIES))
    for name, policy in cast.PEOPLE:
        _hire(world, name, cast.OLD, policy)
    for name, policy in cast.BOUGHT_PEOPLE:
        _hire(world, name, cast.BOUGHT, policy)
    for name, policy in (cast.NEVER_SYNCED, cast.IN_INITIAL_SYNC):
        _hire(world, name, cast.OLD, policy).synced = False
    _break_mailboxes(world, now)
    for name, causes in cast.FAILED_MESSAGES:
        for cause in causes:
            fail_message(world, mailbox_of(world, name), cause, now, chance)
    return world


def mailbox_of(world: World, name: str) -> Mailbox:
    return next(each for each in world.mailboxes.values() if each.source.split("@")[0] == name)


def fail_message(world: World, mailbox: Mailbox, cause: str, now: datetime, chance: Random) -> Item:
    """One more message of `mailbox` that cannot be synced because of `cause`."""
    number = len(mailbox.items) + 1
    subject = chance.choice(cast.SUBJECTS)
    condition = world.add(OF_ITEMS[cause].condition(f"{cause}-{mailbox.key}-{number}", subject, now))
    item = Item(
        key=f"AAMk-{mailbox.key}-{number:04}",
        condition=condition,
        folder=chance.choice(cast.FOLDERS),
        subject=subject,
        sender=chance.choice(cast.SENDERS),
        received_at=now - timedelta(minutes=chance.randint(5, 9 * 60)),
        size=OF_ITEMS[cause].size + chance.randint(0, 900_000),
    )
    mailbox.items[item.key] = item
    return item


def _hire(world: World, name: str, domain: str, policy: Policy) -> Mailbox:
    number = len(world.mailboxes) + 1
    source = f"{name}@{domain.upper() if name.isupper() else domain}"
    mailbox = Mailbox(f"mbx-{number:02}", source, f"{name.lower()}@{cast.NEW}", policy)
    world.mailboxes[mailbox.key] = mailbox
    return mailbox


def _break_mailboxes(world: World, now: datetime) -> None:
    for name, cause in cast.BROKEN_MAILBOXES:
        mailbox = mailbox_of(world, name)
        mailbox.conditions.append(_whole(world, cause, f"{cause}-{mailbox.key}", mailbox.source, now))
    dead = _whole(world, "secret", "secret-fabrikam", cast.BROKEN_CONNECTION, now)
    for mailbox in world.mailboxes.values():
        if mailbox.source.endswith(cast.BOUGHT):
            mailbox.conditions.append(dead)


def _whole(world: World, cause: str, identity: str, what: str, now: datetime) -> Condition:
    return world.add(OF_MAILBOXES[cause].condition(identity, what, now))
