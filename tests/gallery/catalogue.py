"""All shots, one after the other."""

from tests.gallery import (
    answers,
    of_all,
    of_channels,
    of_home,
    of_mailbox,
    of_policies,
    of_rights,
    of_routing,
)
from tests.gallery.shots import Shot


def catalogue() -> tuple[Shot, ...]:
    rooms = (of_mailbox, of_all, of_home, of_channels, of_routing, of_rights, of_policies, answers)
    return tuple(shot for room in rooms for shot in room.shots())
