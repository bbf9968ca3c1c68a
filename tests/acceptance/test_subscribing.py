"""Channels are subscribed, changed in a form, muted and unsubscribed in Slack, by the real bot."""

from collections.abc import AsyncIterator

import pytest

from bot.config import SlackMode
from bot.sandbox.slack.model import Json, Message, View, ViewRef
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL, IT_OPS, OMAR, VERA
from tests.acceptance.engine import POLICY, completed, failed_item, mailbox
from tests.acceptance.house import House, accepted, controls, house, words

LENA = "lena@northwind.example"
FAILED = (failed_item(run="run-2"), completed("run-2", failed=1))


@pytest.fixture(params=list(SlackMode), ids=lambda mode: mode.value)
async def home(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[House]:
    async with house(request.param, database_url) as built:
        await built.engine.report(POLICY, mailbox(), completed("run-1"))
        yield built


async def posted(home: House, channel: str, *said: str) -> Message:
    """The newest message that everybody in a channel sees, once it says all this."""

    def claim() -> Message | None:
        public = [one for one in home.slack.world.messages(channel) if one.ephemeral_for is None]
        return public[-1] if public and all(text in words(public[-1]) for text in said) else None

    return await home.until(claim)


def public(home: House, channel: str) -> list[Message]:
    return [one for one in home.slack.world.messages(channel) if one.ephemeral_for is None]


async def picked(home: House, form: View, name: str, *values: str) -> None:
    home.slack.gestures.set_state(ADA.id, form.id, name, name, list(values))


async def saved(home: House, form: View, **entered: object) -> Json:
    """The answer to the form, in which some fields (`quiet_to`) hold something else."""
    state = {f"subscription.{name}": {f"subscription.{name}": value} for name, value in entered.items()}
    delivery = accepted(await home.slack.gestures.submit_view(ADA.id, form.id, state))
    return delivery.body if isinstance(delivery.body, dict) else {}


async def editing(home: House, channel: str = IT_OPS) -> View:
    answer = await home.command("/sync subscribe", channel=channel)
    accepted(await home.click(answer, "subscription.edit"))
    return await home.modal("Edit subscription", "Time zone of quiet hours")


async def test_a_subscribed_channel_is_told_so_and_gets_what_fails_from_then_on(home: House) -> None:
    answer = await home.command("/sync subscribe severity=error mode=thread", channel=IT_OPS)
    assert "is subscribed" in words(answer)
    assert "Errors and critical alerts" in words(answer)
    await posted(home, IT_OPS, "Sync alerts are posted here from now on", f"<@{ADA.id}>")

    await home.engine.report(*FAILED)
    await posted(home, IT_OPS, "1 sync failure", LENA)
    await home.alert("1 sync failure", LENA)


async def test_a_mention_is_looked_up_and_named_above_the_alert(home: House) -> None:
    await home.command("/sync subscribe mention=@operators", channel=IT_OPS)
    await home.engine.report(*FAILED)
    await posted(home, IT_OPS, "<!subteam^S0OPERATORS>", "1 sync failure")


async def test_what_is_filtered_out_stays_out(home: House) -> None:
    await home.command("/sync subscribe severity=critical", channel=IT_OPS)
    await home.engine.report(*FAILED)
    await home.alert("1 sync failure")
    assert len(public(home, IT_OPS)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("policy=Stafff", "Did you mean “Staff”?"),
        ("mailbox=lema@northwind.example", f"Did you mean {LENA}?"),
        ("domain=northwind.exampel", "Did you mean “northwind.example”?"),
        ("cause=dest_to_large", "Did you mean “dest_too_large”?"),
        ("mention=@operator", "Did you mean “@operators”?"),
        ("mention=@here", "`mention=here`"),
    ],
)
async def test_a_name_that_is_not_there_is_told_with_the_nearest_one(
    home: House, typed: str, said: str
) -> None:
    answer = await home.command(f"/sync subscribe {typed}", channel=IT_OPS)
    assert said in words(answer)
    assert public(home, IT_OPS) == []


async def test_where_syncbot_is_not_a_member_it_says_how_to_invite_it(home: House) -> None:
    answer = await home.command("/sync subscribe", channel=GENERAL)
    assert "/invite @syncbot" in words(answer)
    assert "subscribed" not in words(await home.command("/sync subscriptions"))


async def test_nothing_typed_changes_nothing_that_is_there(home: House) -> None:
    await home.command("/sync subscribe severity=critical", channel=IT_OPS)
    again = await home.command("/sync subscribe", channel=IT_OPS)
    assert "Nothing was changed" in words(again)
    assert "Critical alerts only" in words(again)


async def test_a_form_changes_all_of_it(home: House) -> None:
    await home.command("/sync subscribe", channel=IT_OPS)
    form = await editing(home)
    where = ViewRef(form.id)
    for name, typed in (("policies", ""), ("domains", "north"), ("mailboxes", "lena"), ("group", "oper")):
        field = f"subscription.{name}"
        options, delivery = await home.slack.gestures.options(ADA.id, where, field, field, typed)
        accepted(delivery)
        await picked(home, form, field, options[0]["value"])
    zone = "subscription.zone"
    options, _ = await home.slack.gestures.options(ADA.id, where, zone, zone, "kolkata")
    await saved(
        home,
        form,
        zone=options[0]["value"],
        least="error",
        mode="thread",
        causes=["dest_rejected", "dest_too_large"],
        quiet=["quiet"],
        quiet_from="21:30",
        breaks="error",
        digest="4",
        digest_at="16:00",
    )

    done = await home.modal("Saved")
    told = words(done.payload)
    for part in ("policy Staff", "domain northwind.example", f"mailbox {LENA}", "in its thread what is new"):
        assert part in told
    assert "Quiet from 21:30 to 07:00 (Asia/Kolkata), but for errors" in told
    assert "Digest every Friday at 16:00 (Asia/Kolkata)" in told
    await home.engine.report(*FAILED)
    await posted(home, IT_OPS, "<!subteam^S0OPERATORS>", "1 sync failure")


async def test_a_form_that_is_opened_again_shows_what_was_saved(home: House) -> None:
    await home.command(
        f"/sync subscribe mailbox={LENA} quiet=22:00-06:00@Asia/Tokyo mention=@operators", channel=IT_OPS
    )
    await saved(home, await editing(home))
    told = words((await home.modal("Saved")).payload)
    assert f"mailbox {LENA}" in told
    assert "Quiet from 22:00 to 06:00 (Asia/Tokyo)" in told
    assert "<!subteam^S0OPERATORS>" in told


async def test_what_does_not_fit_together_is_told_at_its_field(home: House) -> None:
    await home.command("/sync subscribe", channel=IT_OPS)
    form = await editing(home)
    answer = await saved(home, form, quiet=["quiet"], quiet_from="07:00", mode="digest", person=[OMAR.id])
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {"subscription.quiet_to", "subscription.digest"}
    assert [view.id for view in home.slack.world.views(ADA.id)] == [form.id], "the form stays open"


async def test_the_channel_of_the_setting_is_shown_as_such_and_can_be_overridden(home: House) -> None:
    listed = await home.command("/sync subscriptions")
    assert "By the setting `SYNCBOT_ALERT_CHANNEL`" in words(listed)
    assert controls(listed, "subscription.remove") == []

    await home.command("/sync subscribe severity=critical", channel=ALERTS)
    listed = await home.command("/sync subscriptions")
    assert "instead of what the setting" in words(listed)

    accepted(await home.click(listed, "subscription.remove"))
    await home.until(
        lambda: shown if "By the setting" in words(shown := _message(home, GENERAL, listed.ts)) else None
    )


async def test_an_unsubscribed_channel_gets_nothing_new(home: House) -> None:
    await home.command("/sync subscribe", channel=IT_OPS)
    answer = await home.command("/sync unsubscribe", channel=IT_OPS)
    assert "gets no new alerts any more" in words(answer)
    await posted(home, IT_OPS, "No new sync alerts are posted here any more")
    await home.engine.report(*FAILED)
    await home.alert("1 sync failure")
    assert len(public(home, IT_OPS)) == 2


async def test_a_muted_mailbox_is_not_told_of_until_somebody_unmutes_it(home: House) -> None:
    answer = await home.command(f"/sync mute {LENA} 2h moving house", user=OMAR.id)
    assert "Muted" in words(answer)
    assert "moving house" in words(answer)
    await home.engine.report(*FAILED)
    status = await home.command(f"/sync status {LENA}")
    assert "Mailbox muted until" in words(status)
    assert "moving house" in words(status)
    assert home.alerts() == []

    listed = await home.command("/sync mute", user=OMAR.id)
    accepted(await home.click(listed, "mute.end", user=OMAR.id))
    await home.alert("1 sync failure", LENA)


async def test_a_mute_is_ended_by_its_name_too(home: House) -> None:
    await home.command("/sync mute policy=staff until 2099-01-01 we know", user=OMAR.id)
    assert "policy" in words(await home.command("/sync subscriptions", user=VERA.id)).lower()
    answer = await home.command("/sync unmute policy=Staff", user=OMAR.id)
    assert "not muted any more" in words(answer)
    assert "Nothing is muted" in words(await home.command("/sync mute", user=OMAR.id))


@pytest.mark.parametrize("typed", ["subscribe", "unsubscribe", "mute channel 2h", "unmute channel"])
async def test_who_may_not_is_refused(home: House, typed: str) -> None:
    answer = await home.command(f"/sync {typed}", user=VERA.id, channel=IT_OPS)
    assert "this needs an" in words(answer)
    assert public(home, IT_OPS) == []


async def test_a_viewer_sees_who_gets_what_without_the_controls(home: House) -> None:
    await home.command("/sync mute channel 2h", user=OMAR.id, channel=ALERTS)
    listed = await home.command("/sync subscriptions", user=VERA.id)
    assert "All alerts" in words(listed)
    for action in ("subscription.edit", "subscription.remove", "mute.end"):
        assert controls(listed, action) == []


def _message(home: House, channel: str, ts: str) -> Message:
    found = home.slack.world.message(channel, ts)
    assert found is not None
    return found
