"""What buttons carry survives the way there and back, and nothing else gets in."""

import pytest

from blocks import limits
from blocks.actions import Action, action_pattern
from blocks.values import (
    AlertValue,
    CardValue,
    CauseValue,
    ChoiceValue,
    DismissValue,
    EntryValue,
    FailureValue,
    HistoryValue,
    MailboxValue,
    Value,
)
from bot.domain.handling import Deed
from bot.domain.values import MailboxId, MailboxStatus, Outcome
from bot.views import CardKind, CardRef

VALUES = [
    AlertValue(alert=2**63 - 1, deed=Deed.SNOOZE_TOMORROW, seen=2**63 - 1, mailbox=2**63 - 1),
    DismissValue(mailbox=3, upto=9, failure=7),
    FailureValue(failure=7, mailbox=3, alert=None),
    FailureValue(failure=2**63 - 1, mailbox=0, alert=9),
    MailboxValue(mailbox=3),
    ChoiceValue(mailbox=3, purpose="history"),
    EntryValue(mailbox=3, entry="run:12"),
    EntryValue(mailbox=3),
    CardValue(ref=CardRef(CardKind.ERRORS, MailboxId(3), page=4, entry="run:12")),
    CauseValue(code="source_auth"),
    HistoryValue(mailbox=3),
    HistoryValue(mailbox=2**63 - 1, outcome=Outcome.PARTIAL),
    CardValue(ref=CardRef(CardKind.HISTORY, MailboxId(3), outcome=Outcome.FAILED)),
    CardValue(ref=CardRef(CardKind.LIST, status=MailboxStatus.FAILED, policy="Gold")),
]

JUNK = [
    "",
    "null",
    "[]",
    "{}",
    "7",
    '"',
    "\ud800",
    '{"mailbox":3}',
    '{"v":2,"mailbox":3}',
    '{"v":"1","mailbox":3}',
    '{"v":1}',
    '{"v":1,"mailbox":"3"}',
    '{"v":1,"mailbox":true}',
    '{"v":1,"mailbox":-1}',
    '{"v":1,"mailbox":9223372036854775808}',
    '{"v":1,"mailbox":3,"role":"admin"}',
    "[" * 50_000,
    "x" * 50_000,
]

JUNK_CARDS = [
    '{"v":1,"ref":null}',
    '{"v":1,"ref":{"kind":"nothing"}}',
    '{"v":1,"ref":{"kind":"status","role":"admin"}}',
    '{"v":1,"ref":{"kind":"status","mailbox":"3"}}',
    '{"v":1,"ref":{"kind":"status","mailbox":-3}}',
    '{"v":1,"ref":{"kind":"list","page":0}}',
    '{"v":1,"ref":{"kind":"list","page":99999999999999999999}}',
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_it_was(value: Value) -> None:
    assert type(value).decode(value.encode()) == value


@pytest.mark.parametrize("junk", JUNK, ids=lambda text: repr(text[:40]))
def test_anything_else_is_refused(junk: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the type is the contract
        MailboxValue.decode(junk)


@pytest.mark.parametrize("junk", JUNK_CARDS)
def test_a_malformed_reference_to_a_card_is_refused(junk: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the type is the contract
        CardValue.decode(junk)


def test_the_longest_reference_still_fits_on_a_button() -> None:
    long = '"\\\n' * 20_000
    ref = CardRef(CardKind.SEARCH, query=long, policy=long, entry=long)
    encoded = CardValue(ref=ref).encode()
    assert len(encoded) <= limits.BUTTON_VALUE
    assert CardValue.decode(encoded).ref.kind is CardKind.SEARCH


@pytest.mark.parametrize("action", Action)
def test_an_action_id_matches_alone_and_numbered(action: Action) -> None:
    pattern = action_pattern(action)
    assert pattern.match(action)
    assert pattern.match(f"{action}:12")
    assert not pattern.match(f"{action}s")
    assert not pattern.match(f"x{action}")


def test_no_action_id_matches_two_patterns() -> None:
    for action in Action:
        assert [other for other in Action if action_pattern(other).match(f"{action}:1")] == [action]


@pytest.mark.parametrize("deed", Deed)
def test_every_entry_of_an_alerts_menu_fits_into_an_option_whatever_its_ids(deed: Deed) -> None:
    largest = 2**63 - 1
    value = AlertValue(alert=largest, deed=deed, seen=largest, mailbox=largest)
    assert len(value.encode()) <= limits.OPTION_VALUE
