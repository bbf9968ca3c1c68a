"""What each type of event becomes in the domain, and what is refused with which words."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain import events
from bot.domain.events import Event
from bot.domain.values import Frequency, RunKind, ServiceCounts, Trigger, Unit
from bot.wire.parsing import Bad, Good, parse_event
from tests.unit.wire.samples import DATA, NOW, event, without

AT_TIME = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)


def good(document: object) -> Event:
    parsed = parse_event(document, 0, NOW)
    assert isinstance(parsed, Good), parsed
    return parsed.envelope.event


def reason(document: object) -> str:
    parsed = parse_event(document, 0, NOW)
    assert isinstance(parsed, Bad), parsed
    return parsed.reason


DOMAIN: dict[str, Event] = {
    "policy.upserted": events.PolicyUpserted(
        at=AT_TIME,
        policy="pol-1",
        name="Staff, daily",
        description="",
        active=True,
        services=("email",),
        frequency=Frequency(1, Unit.DAY),
        deletion_delay_days=0,
    ),
    "mailbox.upserted": events.MailboxUpserted(
        AT_TIME,
        "mbx-1",
        "anna@northwind.example",
        "anna@tailspin.example",
        "pol-1",
        datetime(2026, 3, 10, 6, 30, tzinfo=UTC),
    ),
    "sync.started": events.SyncStarted(AT_TIME, "mbx-1", "run-1", RunKind.DELTA, Trigger.SCHEDULE),
    "sync.progress": events.SyncProgress(AT_TIME, "mbx-1", "run-1", 10, 40),
    "item.failed": events.ItemFailed(
        at=AT_TIME,
        mailbox="mbx-1",
        service="email",
        item="AAMk-1",
        code="dest_too_large",
        message="413",
        subject="見積書 📷",
        received_at=AT_TIME,
        size=63_963_136,
    ),
    "item.synced": events.ItemSynced(AT_TIME, "mbx-1", "email", "AAMk-1", retry_id="r-1"),
    "sync.completed": events.SyncCompleted(
        AT_TIME, "mbx-1", "run-1", (ServiceCounts("email", 4, 9000, 1),), still_failing=("AAMk-1",)
    ),
    "sync.failed": events.SyncFailed(AT_TIME, "mbx-1", "run-1", "source_auth", ""),
}


@pytest.mark.parametrize("kind", DATA)
def test_a_good_event_becomes_its_domain_event(kind: str) -> None:
    assert good(event(kind)) == DOMAIN[kind]


@pytest.mark.parametrize("unset", ["time", "subject", "datacontenttype", "dataschema", "partitionkey"])
def test_an_attribute_that_is_null_counts_as_left_out(unset: str) -> None:
    for kind in DATA:
        good(event(kind, **{unset: None}))


def test_an_event_without_a_time_happened_when_it_was_received() -> None:
    assert good(without(event("sync.started"), "time")).at == NOW


def test_extension_attributes_are_let_through() -> None:
    good(event("sync.started", traceparent="00-ab-cd-01", sequence=7, sampled=True))


def test_a_run_may_end_before_it_started() -> None:
    late = (AT_TIME + timedelta(hours=2)).isoformat()
    ended = good(event("sync.completed", {"started_at": late}))
    assert isinstance(ended, events.SyncCompleted)
    assert ended.started_at
    assert ended.started_at > ended.at


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-03-09T08:30:00Z", AT_TIME),
        ("2026-03-09t08:30:00z", AT_TIME),
        ("2026-03-09T10:30:00+02:00", AT_TIME),
        ("2026-03-09T08:30:00.123456789Z", AT_TIME.replace(microsecond=123456)),
        ("2026-03-09T08:29:60Z", AT_TIME - timedelta(seconds=1)),
    ],
)
def test_times_of_rfc_3339_are_read_into_utc(written: str, at: datetime) -> None:
    assert good(event("sync.started", time=written)).at == at


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-03-09T08:30:00", "has no offset from UTC"),
        ("2026-03-09", "has no offset from UTC"),
        ("yesterday", "must be a time such as"),
        ("", "must be a time such as"),
        ("2026-02-30T00:00:00Z", "is not a date that exists"),
        ("1999-12-31T23:59:59Z", "between the years 2000 and 2100"),
        ("9999-12-31T23:59:59-12:00", "`time` "),
        ("0001-01-01T00:00:00+12:00", "`time` "),
        ("2026-03-10T09:00:01Z", "a day ahead of our clock"),
        (1_773_045_000, "`time`"),
        (True, "`time`"),
    ],
)
def test_other_times_are_refused_with_what_to_do(written: object, said: str) -> None:
    assert said in reason(event("sync.started", time=written))


@pytest.mark.parametrize("written", ["1601-01-01T00:00:00Z", "2999-01-01T00:00:00Z"])
def test_a_mail_with_an_absurd_date_is_still_reported(written: str) -> None:
    failed = good(event("item.failed", {"received_at": written}))
    assert isinstance(failed, events.ItemFailed)
    assert failed.received_at is None


# ---- texts -------------------------------------------------------------------------------------------------

TEXTS = [
    ("x" * 50_000, "x" * 499 + "…"),
    ("a\x00b\x1bc\nd", "a b c d"),
    ("<!channel> & <@U1>", "<!channel> & <@U1>"),
    ("\u202ereversed\u202c שלום", "\u202ereversed\u202c שלום"),
    ("👩‍👩‍👧 party 🎉", "👩‍👩‍👧 party 🎉"),
    ("half \ud83d emoji", "half \ufffd emoji"),
    ("two\u2028lines", "two lines"),
]


@pytest.mark.parametrize(("written", "kept"), TEXTS)
@pytest.mark.parametrize("field", ["subject", "sender", "folder"])
def test_a_line_of_foreign_text_is_kept_fit_to_store(field: str, written: str, kept: str) -> None:
    assert asdict(good(event("item.failed", {field: written})))[field] == kept


def test_a_long_error_text_is_cut_off_and_its_event_kept() -> None:
    failed = good(event("item.failed", {"message": "stack trace\r\n" + "y" * 50_000 + "\x00"}))
    assert isinstance(failed, events.ItemFailed)
    assert failed.message.startswith("stack trace\nyyy")
    assert len(failed.message) == 4_000


def test_a_policy_whose_name_is_only_control_characters_goes_by_its_key() -> None:
    policy = good(event("policy.upserted", {"name": "\x00\x01"}))
    assert isinstance(policy, events.PolicyUpserted)
    assert policy.name == "pol-1"


# ---- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("item.failed", {"item": ""}, "`data.item`"),
        ("item.failed", {"item": "x" * 513}, "`data.item`: string should have at most 512"),
        ("item.failed", {"item": "a\x00b"}, "control characters"),
        ("item.failed", {"item": " padded"}, "blanks at its ends"),
        ("item.failed", {"item": "\ud800"}, "broken Unicode"),
        ("item.failed", {"item": 7}, "`data.item`"),
        ("item.failed", {"size": -1}, "greater than or equal to 0"),
        ("item.failed", {"size": 2**63}, "`data.size`"),
        ("item.failed", {"size": 1.5}, "`data.size`"),
        ("item.failed", {"size": "12"}, "`data.size`"),
        ("item.failed", {"attempts": True}, "`data.attempts`"),
        ("item.failed", {"code": "not a code"}, "`data.code`"),
        ("item.failed", {"code": "c" * 65}, "`data.code`"),
        ("item.failed", {"service": "E-Mail"}, "`data.service`"),
        ("item.failed", {"message": ["a"]}, "`data.message`"),
        ("item.failed", {"retry_at": "2026-03-09T08:30:00"}, "`data.retry_at` has no offset"),
        ("item.failed", {"subjct": "Hello"}, "did you mean `subject`?"),
        ("mailbox.upserted", {"source": "anna"}, "must be one e-mail address"),
        ("mailbox.upserted", {"source": "a@b.example c@d.example"}, "must be one e-mail address"),
        ("mailbox.upserted", {"source": None}, "`data.source`"),
        ("policy.upserted", {"frequency": {"every": 1, "unit": "hours"}}, "did you mean `hour`?"),
        ("policy.upserted", {"frequency": {"every": 0, "unit": "hour"}}, "`data.frequency.every`"),
        ("policy.upserted", {"frequency": {"evry": 1, "unit": "hour"}}, "`evry` meant to be it?"),
        ("policy.upserted", {"services": []}, "`data.services`"),
        ("policy.upserted", {"active": "yes"}, "`data.active`"),
        ("sync.started", {"kind": "intial"}, "did you mean `initial`?"),
        ("sync.started", {"trigger": "button"}, "'schedule' or 'manual'"),
        ("sync.progress", {"done": -1}, "`data.done`"),
        ("sync.completed", {"services": [{"service": "email", "chnges": 1}]}, "did you mean `changes`?"),
        ("sync.completed", {"services": [{"service": "email"}] * 2}, "name each service once"),
        ("sync.completed", {"services": [{"service": f"s{n}"} for n in range(21)]}, "`data.services`"),
    ],
)
def test_bad_data_is_refused_with_what_to_do(kind: str, change: dict[str, Any], said: str) -> None:
    assert said in reason(event(kind, change))


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "not a JSON object"),
        ("text", "not a JSON object"),
        (None, "not a JSON object"),
        ({}, "`type` is missing; send one of policy.upserted"),
        ({"typ": "item.failed"}, "is `typ` meant to be it?"),
        (event("item.faild"), "did you mean `item.failed`?"),
        (event("\x00<!channel>"), "known are policy.upserted"),
        (event("item.failed", specversion="0.3"), "`specversion` must be '1.0'"),
        (event("item.failed", specversion=1.0), "`specversion`"),
        (event("item.failed", id=""), "`id`"),
        (event("item.failed", id=5), "`id`"),
        (event("item.failed", id="x" * 256), "`id`"),
        (event("item.failed", source="a\nb"), "`source`"),
        (event("item.failed", datacontenttype="text/xml"), "`datacontenttype`"),
        (event("item.failed", data_base64="e30="), "send a JSON object in `data`"),
        (event("item.failed") | {"data": "{}"}, "`data`"),
        (event("item.failed") | {"data": []}, "`data` must be a JSON object"),
        (without(event("item.failed"), "data"), "`data` is missing"),
        (without(event("item.failed"), "id"), "`id` is missing"),
    ],
)
def test_bad_envelopes_are_refused_with_what_to_do(document: object, said: str) -> None:
    assert said in reason(document)


def test_a_misspelt_required_field_is_named_on_both_sides() -> None:
    data = {"mailbx": "mbx-1", **without(DATA["sync.started"], "mailbox")}
    said = reason(event("sync.started") | {"data": data})
    assert "`data.mailbox` is missing; is `mailbx` meant to be it?" in said
    assert "`data.mailbx` is not a field of this event; did you mean `mailbox`?" in said


def test_many_faults_are_counted_and_not_listed_endlessly() -> None:
    said = reason(event("item.failed", {f"x{n}": n for n in range(400)}))
    assert "(and 397 more)" in said
    assert len(said) <= 1000


def test_long_foreign_names_are_clipped_in_the_reason() -> None:
    assert len(reason(event("item.failed", {"k" * 100_000: 1}))) <= 1000
