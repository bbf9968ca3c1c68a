"""The failure catalogue as what goes wrong: how a stand-in plays each code, and what mends it.

Where the body of each refusal is published is written beside it in bot.sandbox.graph.errors and
bot.sandbox.gmail.kinds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.sandbox.gmail.world import SCOPES
from bot.sandbox.graph import FOREVER
from tests.acceptance.failures.world import ANN, Letter, World

Play = Callable[[World, Letter, float], None]
"""Goes wrong with this letter, so many times."""
Deed = Callable[[World], None]


@dataclass(frozen=True)
class OneLetter:
    """A trouble of one letter. `side`: which of its two steps fails; `wait`: what the provider asks for.

    `is_certain` is False where nobody knows whether the import happened.
    """

    code: str
    name: str
    play: Play
    side: str = "import"
    wait: timedelta | None = None
    is_certain: bool = True

    def __str__(self) -> str:
        return f"{self.code}-{self.name}"


@dataclass(frozen=True)
class WholeMailbox:
    """A trouble of Ann's mailbox, or of the connection that she shares with everybody."""

    code: str
    name: str
    play: Deed
    mend: Deed

    def __str__(self) -> str:
        return f"{self.code}-{self.name}"


def mend_letter(world: World) -> None:
    world.graph.faults.clear()
    world.gmail.faults.clear()


def _value(code: str, name: str, kind: str | None = None, wait: int | None = None) -> OneLetter:
    """`$value` is refused with an error code of Graph. Without a time Retry-After is left out."""
    after = 0 if wait is None else wait

    def play(world: World, letter: Letter, times: float) -> None:
        world.graph.faults.on_value(letter.message, kind or name, times, retry_after=after)

    return OneLetter(code, name, play, "fetch", None if wait is None else timedelta(seconds=wait))


def _import(
    code: str, name: str, *, status: int | None = None, wait: int | None = None, is_certain: bool = True
) -> OneLetter:
    """The import is refused with a kind of Gmail's."""

    def play(world: World, letter: Letter, times: float) -> None:
        world.gmail.faults.fail(
            name, code=status, retry_after=wait, message=letter.message_id, times=_whole(times)
        )

    label = name if status is None else f"{name}-{status}"
    return OneLetter(
        code, label, play, "import", None if wait is None else timedelta(seconds=wait), is_certain
    )


def _whole(times: float) -> int | None:
    return None if times == FOREVER else int(times)


def _dropped_fetch(world: World, letter: Letter, times: float) -> None:
    """Twice as often: aiohttp itself repeats a GET once where a kept connection drops."""
    world.graph.faults.on_value(letter.message, "truncated", times)


def _dropped_import(world: World, letter: Letter, times: float) -> None:
    world.gmail.faults.drop("before", message=letter.message_id, times=_whole(times))


def _lost_answer(world: World, letter: Letter, times: float) -> None:
    world.gmail.faults.drop("after", message=letter.message_id, times=_whole(times))


PERMANENT = (
    _value("source_mime_conversion", "ErrorMimeContentConversionFailed"),
    _value("source_content_corrupt", "ErrorContentConversionFailed"),
    _value("source_content_corrupt", "ErrorItemCorrupt"),
    _import("dest_too_large", "uploadTooLarge"),
    _import("dest_too_large", "payloadTooLarge"),
    _import("dest_rejected", "invalidArgument"),
    _import("dest_rejected", "badRequest"),
    _import("dest_rejected", "invalidAttachment"),
)
"""Of one letter, until somebody acts."""

PASSING = (
    _value("source_throttled", "TooManyRequests", wait=7),
    _value("source_throttled", "ApplicationThrottled"),
    _value("source_busy", "ErrorTooManyObjectsOpened"),
    _value("source_busy", "serviceNotAvailable", wait=5),
    _value("source_busy", "BandwidthLimitExceeded", wait=30),
    _value("source_busy", "UnknownError"),
    _import("dest_throttled", "userRateLimitExceeded"),
    _import("dest_throttled", "rateLimitExceeded", status=429, wait=11),
    _import("dest_throttled", "tooManyRequests"),
    _import("dest_unavailable", "backendError", is_certain=False),
    _import("dest_unavailable", "badGateway", is_certain=False),
    _import("dest_unavailable", "unavailable", wait=20, is_certain=False),
    _import("dest_unavailable", "deadlineExceeded", is_certain=False),
    _import("dest_unavailable", "preconditionFailed"),
    OneLetter("network", "broken-fetch", _dropped_fetch, "fetch"),
    OneLetter("network", "broken-import", _dropped_import, "import", is_certain=False),
)
"""Of one letter, by itself."""

ONE_OF_EACH_CODE = tuple({row.code: row for row in PASSING}.values())
LOST_ANSWER = OneLetter("network", "lost-answer", _lost_answer, is_certain=False)
GONE = _value("source_item_gone", "ErrorItemNotFound")
UNKNOWN = _import("unknown", "unimplemented")


def _source_is(state: str) -> Deed:
    return lambda world: setattr(world.graph.world.mailboxes[ANN], "state", state)


def _destination_is(**state: bool) -> Deed:
    def done(world: World) -> None:
        for name, value in state.items():
            setattr(world.gmail.world.user(ANN), name, value)
        world.gmail.tokens.expire()

    return done


def _expire_secret(world: World) -> None:
    world.graph.world.expire_secret(world.app)
    world.graph.expire_access_tokens()


def _renew_secret(world: World) -> None:
    """In its file alone: the engine goes on running."""
    world.graph.world.renew_secret(world.app, "second")
    world.write_secret("second")


def _revoke_key(world: World) -> None:
    world.gmail.world.revoke_key()
    world.gmail.tokens.expire()


def _renew_key(world: World) -> None:
    world.gmail.world.renew_key()
    world.write_key()


def _undelegate(world: World) -> None:
    world.gmail.world.delegate(())
    world.gmail.tokens.expire()


def _spend_the_day(world: World) -> None:
    world.gmail.faults.fail("dailyLimitExceeded", name="messages.import", times=None)


def _switch_api_off(world: World) -> None:
    world.gmail.faults.fail("accessNotConfigured", path="*gmail/v1*", times=None)


def _refused(code: str, name: str) -> WholeMailbox:
    """Everything that is asked of Ann's mailbox is refused with an error code of Graph."""

    def play(world: World) -> None:
        world.graph.faults.on_user(ANN, name, FOREVER)

    return WholeMailbox(code, name, play, mend_letter)


SOURCE_READY, DESTINATION_READY = _source_is("ready"), _destination_is(missing=False)

STOPPING = (
    WholeMailbox("source_mailbox_unavailable", "disabled", _source_is("disabled"), SOURCE_READY),
    WholeMailbox("source_mailbox_unavailable", "unsupported", _source_is("unsupported"), SOURCE_READY),
    _refused("source_mailbox_unavailable", "ResourceNotFound"),
    _refused("source_mailbox_full", "ErrorQuotaExceeded"),
    WholeMailbox("source_user_missing", "missing", _source_is("missing"), SOURCE_READY),
    _refused("source_user_missing", "ErrorInvalidUser"),
    WholeMailbox("source_forbidden", "policy", _source_is("forbidden"), SOURCE_READY),
    WholeMailbox(
        "source_forbidden",
        "consent",
        lambda world: world.graph.world.revoke_consent(),
        lambda world: world.graph.world.grant(),
    ),
    WholeMailbox("source_auth", "secret", _expire_secret, _renew_secret),
    WholeMailbox(
        "dest_service_off", "off", _destination_is(service_off=True), _destination_is(service_off=False)
    ),
    WholeMailbox("dest_user_missing", "missing", _destination_is(missing=True), DESTINATION_READY),
    WholeMailbox("dest_api_off", "disabled", _switch_api_off, mend_letter),
    WholeMailbox("dest_storage_full", "full", _destination_is(full=True), _destination_is(full=False)),
    WholeMailbox("dest_auth", "key", _revoke_key, _renew_key),
    WholeMailbox("dest_scope", "scopes", _undelegate, lambda world: world.gmail.world.delegate(SCOPES)),
    WholeMailbox(
        "dest_policy",
        "blocked",
        lambda world: world.gmail.world.block("firm.example"),
        lambda world: world.gmail.world.unblock("firm.example"),
    ),
)
"""Permanent, so that the run fails at once."""

MOVING = WholeMailbox("source_move_in_progress", "moving", _source_is("moving"), SOURCE_READY)
DAY_SPENT = WholeMailbox("dest_daily_quota", "spent", _spend_the_day, mend_letter)
LASTING = (MOVING, DAY_SPENT)
"""Passing, but later than a run waits."""

OF_FOLDERS = ("dest_label_limit",)
"""Of one folder, whose mail waits."""

REPAIRED = ("dest_label_gone", "dest_label_invalid", "dest_label_conflict")
NOTICED = ("interrupted", "overdue")
"""What nobody reports."""
