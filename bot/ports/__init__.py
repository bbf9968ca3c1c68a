"""What the use cases need from outside, as Protocols; bootstrap decides who fills each."""

from bot.ports.basics import Clock, Doorbell
from bot.ports.messaging import SLOWEST_CALL, Messenger, Watch, Watches, WatchKind
from bot.ports.overseeing import Audit, AuditTrail, StuckRun, Watchdog
from bot.ports.reading import Details, Mailboxes
from bot.ports.recording import Recorded, Recorder
from bot.ports.retrying import Engine, Retries, RetryRequest, RetryTarget

__all__ = [
    "SLOWEST_CALL",
    "Audit",
    "AuditTrail",
    "Clock",
    "Details",
    "Doorbell",
    "Engine",
    "Mailboxes",
    "Messenger",
    "Recorded",
    "Recorder",
    "Retries",
    "RetryRequest",
    "RetryTarget",
    "StuckRun",
    "Watch",
    "WatchKind",
    "Watchdog",
    "Watches",
]
