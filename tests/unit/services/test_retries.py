"""One attempt however often it is asked for, sent until the engine answers, never for ever."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.domain.access import Asker
from bot.domain.values import MailboxId, RetryKey, RetryOutcome
from bot.errors import (
    AlreadyRetrying,
    EngineRefused,
    EngineUnreachable,
    NotAllowed,
    NothingToRetry,
    StaleButton,
    SyncbotError,
)
from bot.ports import RetryRequest, RetryTarget
from bot.services.retries import SENT_AT_ONCE, RetryDesk
from bot.views import RetryStarted
from tests.unit.blocks.examples import ALICE
from tests.unit.services.fakes import (
    NOON,
    OPERATOR,
    VIEWER,
    FakeAudit,
    FakeBell,
    FakeClock,
    FakeEngine,
    FakeRetries,
    access,
)

PATIENCE = timedelta(minutes=10)
TARGET = RetryTarget(MailboxId(3))


def desk(retries: FakeRetries, engine: FakeEngine | None = None, bell: FakeBell | None = None) -> RetryDesk:
    return RetryDesk(retries, engine or FakeEngine(), access(), bell or FakeBell(), FakeClock(), PATIENCE)


def request(key: str, attempts: int = 1) -> RetryRequest:
    return RetryRequest(RetryKey(key), "mailbox-3", "email", "item-1", OPERATOR, NOON, attempts)


async def test_a_request_is_claimed_with_its_deadline_and_rings() -> None:
    bell, retries = FakeBell(), FakeRetries(RetryStarted(ALICE, "b1", claimed=2, already_retrying=0))
    started = await desk(retries, bell=bell).request(TARGET, Asker(OPERATOR))
    assert started.claimed == 2
    assert retries.deadlines == [NOON + PATIENCE]
    assert bell.rings == 1


@pytest.mark.parametrize(
    ("claimed", "error", "says"),
    [
        (None, StaleButton, "no longer synced"),
        (RetryStarted(ALICE, "b1", claimed=0, already_retrying=1), AlreadyRetrying, "already under way"),
        (RetryStarted(ALICE, "b1", claimed=0, already_retrying=0), NothingToRetry, "nothing to retry"),
    ],
)
async def test_a_request_that_claims_nothing_says_why(
    claimed: RetryStarted | None, error: type[SyncbotError], says: str
) -> None:
    with pytest.raises(error, match=says):
        await desk(FakeRetries(claimed)).request(TARGET, Asker(OPERATOR))


@pytest.mark.parametrize(("whole", "name"), [(True, "sync now"), (False, "retry")])
async def test_who_may_not_retry_claims_nothing(*, whole: bool, name: str) -> None:
    retries, audit = FakeRetries(), FakeAudit()
    refusing = RetryDesk(retries, FakeEngine(), access(audit=audit), FakeBell(), FakeClock(), PATIENCE)
    with pytest.raises(NotAllowed):
        await refusing.request(RetryTarget(MailboxId(3), whole_mailbox=whole), Asker(VIEWER))
    assert retries.targets == []
    assert audit.lines[0][3].startswith(f"{name}:")


async def test_a_sweep_sends_what_is_due() -> None:
    retries = FakeRetries(due=(request("a"), request("b")))
    await desk(retries).sweep()
    assert retries.sent_keys == ["a", "b"]
    assert not retries.ended
    assert not retries.postponed


async def test_a_refused_request_ends_with_the_engines_reason() -> None:
    retries = FakeRetries(due=(request("a"), request("b")))
    await desk(retries, FakeEngine({"a": EngineRefused("The item is gone.")})).sweep()
    assert retries.ended == {"a": (RetryOutcome.REFUSED, "The item is gone.")}
    assert retries.sent_keys == ["b"]


@pytest.mark.parametrize(("quotes", "logged"), [(True, "its own words"), (False, "Check the secret.")])
async def test_what_an_engine_says_itself_stays_out_of_the_log(*, quotes: bool, logged: str) -> None:
    """It may quote a subject."""
    refusal = EngineRefused("Check the secret.", quotes=quotes)
    with capture_logs() as logs:
        await desk(FakeRetries(due=(request("a"),)), FakeEngine({"a": refusal})).sweep()
    assert logs[0]["reason"] == logged


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 2), (2, 4), (5, 32), (9, 60)])
async def test_an_unreachable_engine_is_asked_again_with_back_off(attempts: int, seconds: int) -> None:
    retries = FakeRetries(due=(request("a", attempts),))
    await desk(retries, FakeEngine({"a": EngineUnreachable("No answer.")})).sweep()
    assert retries.postponed == {"a": NOON + timedelta(seconds=seconds)}
    assert not retries.ended
    assert retries.sent_keys == []


async def test_a_retry_that_waited_too_long_ends_as_timed_out() -> None:
    retries = FakeRetries(late=(RetryKey("a"),))
    await desk(retries).sweep()
    assert retries.ended == {"a": (RetryOutcome.TIMED_OUT, "The engine did not answer within 10 minutes")}


@pytest.mark.parametrize(("due", "rings"), [(0, 0), (SENT_AT_ONCE - 1, 0), (SENT_AT_ONCE, 1), (100, 1)])
async def test_a_full_batch_rings_for_the_next(due: int, rings: int) -> None:
    bell = FakeBell()
    await desk(FakeRetries(due=tuple(request(str(n)) for n in range(due))), bell=bell).sweep()
    assert bell.rings == rings
