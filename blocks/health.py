"""How syncbot itself is: what is wrong first, then what reaches Slack, what waits, and who is at work."""

from datetime import datetime

from blocks import words
from blocks.kit import Block, Part, context, divider, field, fields, header, more, section, stack
from blocks.surface import Message
from blocks.text import foreign, place, when
from blocks.undelivered import explained
from bot.views.health import ChannelHealth, HealthCard, Held, SweepHealth, Undelivered

_SHOWN = 10


def message(card: HealthCard) -> Message:
    found = troubles(card)
    return Message.of(
        summary(card),
        stack(
            header("Health of syncbot"),
            section("\n".join((summary(card), *(f"• {trouble}" for trouble in found[:_SHOWN])))),
            more(len(found) - _SHOWN, "problem"),
            _parts(card),
            *_channels(card),
            _held(card),
            context(f"As of {when(card.as_of)}"),
        ),
    )


def summary(card: HealthCard) -> str:
    found = troubles(card)
    return f"{words.count(len(found), 'problem')} ⚠️" if found else "All is well ✅"


def troubles(card: HealthCard) -> list[str]:
    """What somebody should look at, in words, the worst first."""
    late = [sweep for sweep in card.sweeps if not sweep.is_well]
    return [
        *(["Slack is not connected."] if card.connection and not card.connection.is_connected else []),
        *(_undelivered(card, each) for each in card.undelivered),
        *(_dead(each) for each in card.channels if _is_dead(card, each)),
        *([_unsent(card)] if card.engine.unsent else []),
        *(f"The sweep of {foreign(sweep.name)} {_stands_still(sweep)}." for sweep in late),
    ]


def _undelivered(card: HealthCard, each: Undelivered) -> str:
    """For a channel that takes nothing, with what to do about it."""
    counted = words.count(each.messages, "alert")
    where, word = place(each.channel), foreign(each.reason, 60)
    told = f"{counted} not delivered to {where} since {when(each.since)}: `{word}`."
    state = next((known for known in card.channels if known.channel == each.channel), None)
    return f"{told} {_remedy(state)}".rstrip() if state and state.reason == each.reason else told


def _is_dead(card: HealthCard, channel: ChannelHealth) -> bool:
    """Though nothing waits for it at the moment."""
    return channel.needs_somebody and channel.channel not in {each.channel for each in card.undelivered}


def _dead(channel: ChannelHealth) -> str:
    since = f" since {when(channel.since)}" if channel.since else ""
    word = f"`{foreign(channel.reason or '', 60)}`"
    return f"Nothing can be delivered to {place(channel.channel)}{since}: {word}. {_remedy(channel)}".rstrip()


def _remedy(channel: ChannelHealth) -> str:
    told = f"Admins were told {when(channel.told_at)}." if channel.told_at else ""
    again = f"Next try {when(channel.retry_after)}." if channel.retry_after else ""
    if not channel.needs_somebody:
        return again
    why, remedy = explained(channel.reason or "")
    return " ".join(each for each in (f"{words.sentence(why)} {remedy}.", told, again) if each)


def _unsent(card: HealthCard) -> str:
    engine = card.engine
    since = f" since {when(engine.unsent_since)}" if engine.unsent_since else ""
    return f"The engine has not taken {words.count(engine.unsent, 'retry')}{since}."


def _stands_still(sweep: SweepHealth) -> str:
    if sweep.failed:
        return "broke off; the log says why"
    return f"was last done {when(sweep.ended_at)}" if sweep.ended_at else "was never done"


def _parts(card: HealthCard) -> Part:
    waiting = [
        field(words.capital(foreign(each.kind, 60)), _waiting(each.rows, each.since)) for each in card.backlog
    ]
    first = field("Slack", _connection(card)), field("Engine", _engine(card))
    return fields(*first, *waiting, field("Sweeps", _sweeps(card)))


def _waiting(rows: int, since: datetime | None) -> str:
    told = f"{words.number(rows)} waiting"
    return f"{told}, the oldest since {when(since)}" if rows and since else told


def _connection(card: HealthCard) -> str:
    connection = card.connection
    if connection is None:
        return "calls over HTTP"
    state = "connected (Socket Mode)" if connection.is_connected else "not connected (Socket Mode)"
    times = (
        f"since {when(connection.since)}" if connection.since and connection.is_connected else None,
        f"last sign of life {when(connection.heard_at)}" if connection.heard_at else None,
    )
    return "\n".join(each for each in (state, *times) if each)


def _engine(card: HealthCard) -> str:
    engine = card.engine
    parts = (
        "outside" if engine.is_outside else "built in",
        f"{words.count(engine.running, 'run')} in progress",
        f"last began {when(engine.began_at)}" if engine.began_at else None,
        f"last ended {when(engine.ended_at)}" if engine.ended_at else None,
    )
    return "\n".join(each for each in parts if each)


def _sweeps(card: HealthCard) -> str:
    oldest = min((sweep.ended_at for sweep in card.sweeps if sweep.ended_at), default=None)
    well = sum(sweep.is_well for sweep in card.sweeps)
    told = f"{well} of {len(card.sweeps)} at work"
    return f"{told}\nall done since {when(oldest)}" if oldest and well == len(card.sweeps) else told


def _channels(card: HealthCard) -> list[Block]:
    if not card.channels:
        return stack(section("No channel is subscribed, so nobody is told of failures."))
    lines = [f"• {_channel(each)}" for each in card.channels[:_SHOWN]]
    left = len(card.channels) - _SHOWN
    return stack(divider(), section("\n".join(("*Channels*", *lines))), more(left, "channel"))


def _channel(channel: ChannelHealth) -> str:
    wanted = "" if channel.is_subscribed else " (not subscribed any more)"
    return f"{place(channel.channel)}{wanted}: {state(channel)}"


def state(channel: ChannelHealth) -> str:
    """How delivery to it goes."""
    last = f"last delivery {when(channel.delivered_at)}" if channel.delivered_at else "nothing delivered yet"
    goes = f"takes nothing: `{foreign(channel.reason, 60)}`" if channel.reason else "fine"
    return f"{goes}, {last}"


def _held(card: HealthCard) -> Part:
    """These are no fault: they are told apart, so that nobody takes them for one."""
    if not card.held:
        return None
    return context(f"Held back on purpose: {' · '.join(map(_held_back, card.held[:_SHOWN]))}")


def _held_back(held: Held) -> str:
    return f"{words.count(held.messages, 'message')} ({foreign(held.reason, 80)})"
