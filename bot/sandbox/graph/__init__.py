"""A loopback Microsoft Graph for mail, and the sign-in that goes with it, as strict as documented."""

from bot.sandbox.graph.faults import FOREVER
from bot.sandbox.graph.knobs import Knobs, Limits
from bot.sandbox.graph.mime import BytesMime, MimeSource, RepeatedMime
from bot.sandbox.graph.model import Folder, Mailbox, Message
from bot.sandbox.graph.record import Call
from bot.sandbox.graph.server import GraphStandIn
from bot.sandbox.graph.world import World

__all__ = [
    "FOREVER",
    "BytesMime",
    "Call",
    "Folder",
    "GraphStandIn",
    "Knobs",
    "Limits",
    "Mailbox",
    "Message",
    "MimeSource",
    "RepeatedMime",
    "World",
]
