"""What is wrong comes first, with what to do about it; what is held back on purpose is no fault."""

from dataclasses import replace
from datetime import timedelta

from blocks import health
from bot.sandbox.slack.validate import check_blocks
from bot.views.health import (
    ChannelHealth,
    ConnectionHealth,
    EngineHealth,
    HealthCard,
    Held,
    SweepHealth,
    Undelivered,
    Waiting,
)
from tests.unit.blocks.examples import NOON
from tests.unit.blocks.reading import texts

AGO = NOON - timedelta(hours=1)
WELL = HealthCard(
    as_of=NOON,
    channels=(ChannelHealth("C0A", is_subscribed=True, delivered_at=AGO),),
    undelivered=(),
    held=(Held("quiet hours", 3),),
    backlog=(Waiting("alerts", 0, None), Waiting("retries", 0, None)),
    engine=EngineHealth(2, NOON, AGO),
    connection=ConnectionHealth(is_connected=True, since=AGO, heard_at=NOON),
    sweeps=(SweepHealth("alerts", NOON, failed=False, is_late=False),),
)
ARCHIVED = ChannelHealth(
    "C0A",
    is_subscribed=True,
    reason="is_archived",
    since=AGO,
    retry_after=NOON,
    told_at=AGO,
    needs_somebody=True,
)
LOST = Undelivered("C0A", "is_archived", 12, AGO)


def shown(**changed: object) -> str:
    message = health.message(replace(WELL, **changed))  # type: ignore[arg-type] # a card's own fields
    assert check_blocks(message.blocks, "message") == []
    return texts(message.blocks)


def test_all_is_well() -> None:
    text = shown()
    assert health.message(WELL).text.startswith("All is well ✅")
    parts = "connected (Socket Mode)", "built in", "2 runs in progress", "1 of 1 at work", "<#C0A>: fine"
    for told in parts:
        assert told in text
    assert "Held back on purpose: 3 messages (quiet hours)" in text


def test_an_archived_channel_is_told_with_its_reason_and_what_to_do() -> None:
    text = shown(channels=(ARCHIVED,), undelivered=(LOST,))
    assert "1 problem ⚠️" in text
    assert "12 alerts not delivered to <#C0A> since" in text
    assert "`is_archived`. It is archived. Unarchive it, or subscribe another channel. Admins were" in text
    assert "Next try" in text


def test_a_dead_channel_for_which_nothing_waits_is_told_too() -> None:
    assert "Nothing can be delivered to <#C0A> since" in shown(channels=(ARCHIVED,))


def test_what_passes_by_itself_says_when_it_is_tried_again_and_no_more() -> None:
    limited = replace(ARCHIVED, reason="ratelimited", told_at=None, needs_somebody=False)
    text = shown(channels=(limited,), undelivered=(replace(LOST, reason="ratelimited"),))
    assert "`ratelimited`. Next try" in text
    assert "Unarchive" not in text


def test_one_message_that_is_refused_has_its_own_reason() -> None:
    text = shown(undelivered=(replace(LOST, reason="no_text", messages=1),))
    assert "1 alert not delivered to <#C0A> since" in text
    assert "`no_text`" in text


def test_whatever_stands_still_is_told() -> None:
    text = shown(
        connection=ConnectionHealth(is_connected=False),
        engine=EngineHealth(unsent=3, unsent_since=AGO, is_outside=True),
        sweeps=(
            SweepHealth("alerts", AGO, failed=False, is_late=True),
            SweepHealth("retries", None, failed=True, is_late=False),
        ),
    )
    assert "4 problems ⚠️" in text
    for told in (
        "Slack is not connected.",
        "The engine has not taken 3 retries since",
        "The sweep of alerts was last done",
        "The sweep of retries broke off; the log says why.",
        "not connected (Socket Mode)",
        "outside",
        "0 of 2 at work",
    ):
        assert told in text


def test_without_a_channel_it_says_that_nobody_is_told() -> None:
    assert "No channel is subscribed" in shown(channels=())


def test_over_http_there_is_no_connection_to_lose() -> None:
    assert "calls over HTTP" in shown(connection=None)


def test_a_hundred_dead_channels_fit() -> None:
    channels = tuple(replace(ARCHIVED, channel=f"C0{n}") for n in range(100))
    text = shown(channels=channels, undelivered=tuple(replace(LOST, channel=c.channel) for c in channels))
    assert "100 problems ⚠️" in text
    assert "and 90 more problems" in text
    assert "and 90 more channels" in text


def test_foreign_words_stay_words() -> None:
    hostile = "<!channel> " * 50
    channel = replace(ARCHIVED, channel=hostile, reason=hostile)
    sweep = SweepHealth(hostile, AGO, failed=True, is_late=True)
    lost = Undelivered(hostile, hostile, 1, AGO)
    text = shown(channels=(channel,), undelivered=(lost,), held=(Held(hostile, 2),), sweeps=(sweep,))
    assert "<!channel>" not in text
