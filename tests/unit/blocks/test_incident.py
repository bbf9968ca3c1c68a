"""What a channel reads while one cause stops many mailboxes, and when it is over."""

from datetime import timedelta

from blocks import alert, incident
from blocks.limits import HEADER
from blocks.text import units
from blocks.values import IncidentValue
from bot.views import IncidentRef
from tests.unit.blocks import examples as a
from tests.unit.blocks.reading import buttons, texts

PROSPECT = (
    "Does not heal by itself. Once that is done, each mailbox is tried again by its next sync, within 1 "
    "hour; a retry is quicker."
)
PACE = "They are retried one after another, not all at once. Until the cause is repaired they fail again."


def test_it_tells_the_count_the_cause_the_remedy_and_who() -> None:
    message = incident.message(a.incident())
    assert texts(message.blocks) == "\n".join(
        (
            "188 mailboxes fail: Google refused the credentials of the connection",
            "connection google",
            "`dest_auth`",
            f"since {a.NOON_IN_SLACK}",
            "*9,812 of 10,000 healed* · 188 unresolved",
            f"*Remedy:* Renew the connection. {PROSPECT}",
            *(f"• m{n}@contoso.com" for n in range(1, 11)),
            "and 178 more",
            "Retry 188 mailboxes",
            "Retry 188 mailboxes?",
            PACE,
            "Retry 188 mailboxes",
            "Cancel",
            "View mailboxes",
            "Acknowledge",
            "Snooze 1 hour",
            "Snooze 4 hours",
            "Snooze until tomorrow 08:00",
        )
    )


def test_the_notification_tells_how_many_and_why_first() -> None:
    first = incident.message(a.incident()).text.splitlines()[0]
    assert first == "188 mailboxes fail: Google refused the credentials of the connection."


def test_the_words_alone_tell_all_of_it() -> None:
    text = incident.message(a.incident()).text
    for said in ("Renew the connection", "9,812 of 10,000 healed", "m10@contoso.com", "and 178 more"):
        assert said in text


def test_a_retry_of_all_names_its_cap() -> None:
    shown = buttons(incident.message(a.incident(failing=9_812)).blocks)
    asked = shown["Retry the first 500 mailboxes"]
    assert asked["confirm"]["title"]["text"] == "Retry 500 of 9,812 mailboxes?"
    assert "Press the button again for the others." in asked["confirm"]["text"]["text"]
    assert IncidentValue.decode(asked["value"]).alert == 10


def test_what_is_being_retried_is_not_offered_again() -> None:
    message = incident.message(a.incident(retrying=88))
    assert "88 retrying now" in texts(message.blocks)
    assert "Retry 100 mailboxes" in buttons(message.blocks)
    assert list(buttons(incident.message(a.incident(retrying=188)).blocks)) == ["View mailboxes"]


def test_what_heals_by_itself_says_when() -> None:
    card = a.incident(heals_by_itself=True, synced_within=timedelta(days=1))
    told = texts(incident.message(card).blocks)
    assert "May heal by itself: each mailbox is tried again by its next sync, within 1 day." in told
    assert "Until the cause is repaired" not in told


def test_what_no_sync_tries_again_says_so() -> None:
    told = texts(incident.message(a.incident(synced_within=None)).blocks)
    assert "Does not heal by itself: retry once that is done." in told
    told = texts(incident.message(a.incident(synced_within=None, heals_by_itself=True)).blocks)
    assert "May heal by itself: but no next sync is scheduled." in told


def test_mailboxes_that_were_let_go_are_not_called_healed() -> None:
    told = texts(incident.message(a.incident(dismissed=12)).blocks)
    assert "*9,800 of 10,000 healed* · 188 unresolved · 12 dismissed" in told


def test_one_mailbox_that_is_left_is_not_many() -> None:
    message = incident.message(a.incident(failing=1, first=a.incident().first[:1]))
    assert message.text.startswith("1 mailbox fails: ")
    assert "more" not in texts(message.blocks)


def test_the_longest_cause_fits() -> None:
    message = incident.message(a.incident(cause="x" * 500))
    assert units(message.blocks[0]["text"]["text"]) <= HEADER


def test_what_is_over_is_told_in_two_lines() -> None:
    card = a.incident(failing=0, first=(), cleared_at=a.NOON + 2 * a.HOUR)
    assert texts(incident.message(card).blocks) == "\n".join(
        (
            "Healed: the failures of all 10,000 mailboxes are resolved ✅",
            "It was: Google refused the credentials of the connection.",
            "connection google",
            "`dest_auth`",
            "lasted 2 hours",
            f"opened {a.NOON_IN_SLACK}",
        )
    )


def test_what_was_dismissed_is_not_celebrated() -> None:
    over = a.incident(failing=0, dismissed=10_000, first=(), cleared_at=a.NOON)
    told = incident.message(over).text
    assert told.startswith("Over: the failures of all 10,000 mailboxes were dismissed.")
    some = incident.message(a.incident(failing=0, dismissed=1, first=(), cleared_at=a.NOON)).text
    assert some.startswith("Healed: the failures of 9,999 of 10,000 mailboxes are resolved ✅")
    assert "1 mailbox dismissed" in some


def test_an_alert_that_an_incident_tells_points_to_it() -> None:
    card = a.alert(a.run_line(), part_of=IncidentRef(a.incident().id, a.incident().cause))
    message = alert.message(card)
    told = "alice@contoso.com is part of an incident: Google refused the credentials of the connection."
    assert message.text.startswith(told)
    assert list(buttons(message.blocks)) == ["View error", "View status"]
