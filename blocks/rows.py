"""A mailbox as one row of a list, with the button that opens it."""

from blocks import words
from blocks.actions import Action
from blocks.kit import Block, Element, button, section
from blocks.text import foreign, one_line, when
from blocks.values import MailboxValue
from bot.views import MailboxRef, MailboxRow


def row(found: MailboxRow, control: Element | None = None) -> Block:
    latest = f"latest sync {when(found.latest_sync_at)}" if found.latest_sync_at else "no sync yet"
    return section(
        f"*{foreign(found.mailbox.source, 320)}* → {foreign(found.mailbox.destination, 320)}\n"
        f"{words.marked_status(found.status, found.open_failures)} · {foreign(found.policy)} · {latest}",
        control or view(found.mailbox),
    )


def view(mailbox: MailboxRef) -> Element:
    described = f"View status of {one_line(mailbox.source, 55)}"
    return button("View status", Action.STATUS_VIEW, MailboxValue(mailbox=mailbox.id), describe=described)
