"""From what a channel is told to its message: an alert about one mailbox, or an incident of many."""

from blocks import alert, incident
from blocks.surface import Message
from bot.views import ChannelCard, IncidentCard


def message(card: ChannelCard) -> Message:
    return incident.message(card) if isinstance(card, IncidentCard) else alert.message(card)
