"""What the panel's reader does at the source, as the person whose mail it is would in Outlook."""

from dataclasses import dataclass

from bot.sandbox.graph import Message
from bot.sandbox.office.cast import INBOX, Person
from bot.sandbox.office.staff import Staff

LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Deeds:
    """Raises LookupError for what does not exist."""

    staff: Staff

    def send(self, person: Person, subject: str) -> Message:
        """Somebody's mail to the person arrives. Without a subject it gets one."""
        clean = " ".join(subject.split())[:LONGEST_SUBJECT]
        letter = self.staff.writer.letter(person, self.staff.graph.world.now(), subject=clean or None)
        return self.staff.put(self.staff.source(person).well_known[INBOX], letter)

    def do(self, person: Person, deed: str, message_id: str) -> None:
        message = self.staff.source(person).messages[message_id]
        name, _, folder = deed.partition(":")
        world = self.staff.graph.world
        match name:
            case "read" | "unread":
                world.set_read(message, is_read=name == "read")
            case "flag" | "unflag":
                world.set_flag(message, is_flagged=name == "flag")
            case "move":
                world.move(message, self.staff.source(person).folders[folder])
            case "delete":
                world.delete(message)
            case _:
                raise LookupError(deed)
