"""Alerts and open cards as they leave for Slack."""

import json
import re
from dataclasses import replace

import pytest

from bot.domain.values import RetryOutcome, WatchId
from bot.errors import MessageGone
from bot.ports import Watch, WatchKind
from bot.slack.client import SlackClient
from bot.slack.messenger import SlackMessenger
from bot.views import AlertCard
from tests.unit.blocks.examples import NOON, STATUS, alert, digest, errors, line, status
from tests.unit.slack.wire import Planned, Wire

CARD = alert(line())
VIEW = Watch(WatchId(1), WatchKind.VIEW, "V1", "old", "U0ADA", STATUS, 9, 1)


@pytest.fixture
def messenger(client: SlackClient) -> SlackMessenger:
    return SlackMessenger(client, safe_blocks=False)


async def test_an_alert_is_posted_with_ids_only_in_its_metadata(
    wire: Wire, messenger: SlackMessenger
) -> None:
    assert await messenger.post_alert("C1", CARD, None) == "17.5"
    [(method, sent)] = wire.calls
    assert method == "chat.postMessage"
    assert sent["metadata"] == {"event_type": "syncbot_alert", "event_payload": {"alert": 9}}


async def test_an_alert_is_edited_where_it_stands(wire: Wire, messenger: SlackMessenger) -> None:
    await messenger.edit_alert("C1", "17.5", CARD)
    [(method, sent)] = wire.calls
    assert (method, sent["channel"], sent["ts"]) == ("chat.update", "C1", "17.5")


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        (CARD, False),
        (replace(CARD, open_failures=2), True),
        (replace(CARD, cleared_at=NOON), True),
    ],
)
async def test_the_digest_changes_exactly_when_what_is_seen_does(
    messenger: SlackMessenger, changed: AlertCard, *, differs: bool
) -> None:
    assert (messenger.digest(changed) != messenger.digest(CARD)) is differs


async def test_an_open_modal_is_redrawn_under_its_hash(wire: Wire, messenger: SlackMessenger) -> None:
    assert await messenger.replace_card(VIEW, status()) == "new"
    [(method, sent)] = wire.calls
    assert (method, sent["view_id"], sent["hash"]) == ("views.update", "V1", "old")
    assert '"notify_on_close": true' in str(sent["view"]) or sent["view"]["notify_on_close"]


async def test_an_open_message_is_replaced_by_its_response_url(wire: Wire, messenger: SlackMessenger) -> None:
    watch = replace(VIEW, kind=WatchKind.RESPONSE, target=f"{wire.url}response/1", hash=None)
    assert await messenger.replace_card(watch, status()) is None
    [(_, sent)] = wire.calls
    assert sent["replace_original"] is True
    wire.will(Planned("used_url", 404, content_type="text/plain"))
    with pytest.raises(MessageGone):
        await messenger.replace_card(watch, status())


async def test_the_last_replacement_of_a_message_says_that_none_follows(
    wire: Wire, messenger: SlackMessenger
) -> None:
    watch = replace(VIEW, kind=WatchKind.RESPONSE, target=f"{wire.url}response/1", hash=None)
    for left, says_so in ((3, False), (2, False), (1, True)):
        await messenger.replace_card(replace(watch, uses_left=left), status())
        _, sent = wire.calls[-1]
        assert ("Refresh shows what has changed since." in sent["text"]) is says_so
        assert ("be updated only a few times" in str(sent["blocks"][0])) is says_so
        assert "card.refresh" in str(sent["blocks"])


async def test_with_safe_blocks_neither_alerts_nor_cards_nor_modals_use_others(
    wire: Wire, client: SlackClient
) -> None:
    messenger = SlackMessenger(client, safe_blocks=True)
    await messenger.post_alert("C1", digest(), None)
    await messenger.edit_alert("C1", "17.5", digest())
    target = replace(VIEW, kind=WatchKind.RESPONSE, target=f"{wire.url}response/1", hash=None)
    await messenger.replace_card(target, status())
    await messenger.replace_card(VIEW, errors(line(last_retry=RetryOutcome.FAILED)))
    newer = [kind for kind in ("data_visualization", "table", "container", "alert") if _has(kind, wire)]
    assert newer == []
    assert len(wire.calls) == 4


def _has(kind: str, wire: Wire) -> bool:
    return any(re.search(rf'"type\W+{kind}"', json.dumps(sent)) for _, sent in wire.calls)
