"""What buttons and modals carry: small, versioned and checked, since it comes back from outside."""

from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from blocks import limits
from blocks.text import clean
from bot.domain.handling import Deed
from bot.domain.values import Outcome
from bot.views import CardRef, ErrorOrder

_LONGEST = limits.MODAL_METADATA
_ID_MAX = 2**63 - 1
_QUERY = 300
_POLICY = 200
_ENTRY = 100
_CODE = 100
_FAILURES = 50
_PURPOSE = 40
_PAGE_MAX = 1_000_000

Id = Annotated[int, Field(ge=0, le=_ID_MAX)]
Page = Annotated[int, Field(ge=1, le=_PAGE_MAX)]


Code = Annotated[str, AfterValidator(lambda code: clean(code)[:_CODE])]
"""Of a cause. A longer one than is stored would find nothing."""


class Value(BaseModel):
    """Encodes to at most 2,000 characters; `decode` raises ValueError on all that is not such a value."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    v: Literal[1] = 1

    def encode(self) -> str:
        return self.model_dump_json(exclude_none=True)

    @classmethod
    def decode(cls, text: str) -> Self:
        if len(text) > _LONGEST:
            raise ValueError("too long to be a value of ours")
        value = cls.model_validate_json(text)
        if "v" not in value.model_fields_set:
            raise ValueError("a value without a version")
        return value


class _OfAlert(BaseModel):
    """What the values of an alert's controls have in common."""

    model_config = ConfigDict(strict=True, extra="ignore")

    alert: Id | None = None


def alert_of(text: str) -> int | None:
    """The id of the alert whose message carries this value; None for all else."""
    if len(text) > _LONGEST:
        return None
    try:
        return _OfAlert.model_validate_json(text).alert
    except ValueError:
        return None


class _RefOfMailbox(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    mailbox: Id | None = None


class _OfMailbox(_RefOfMailbox):
    """What the values of controls that are about one mailbox have in common."""

    v: Literal[1]
    ref: _RefOfMailbox = _RefOfMailbox()


def mailbox_of(text: str) -> int | None:
    """The id of the mailbox that a control with this value is about; None for all else."""
    if len(text) > _LONGEST:
        return None
    try:
        value = _OfMailbox.model_validate_json(text)
    except ValueError:
        return None
    return value.ref.mailbox if value.mailbox is None else value.mailbox


class FailureValue(Value):
    """`page` is set where the button stands on a page of errors, so that the same page is shown after it."""

    failure: Id
    mailbox: Id
    alert: Id | None = None
    page: Page | None = None


class MailboxValue(Value):
    """`page` as in FailureValue."""

    mailbox: Id
    alert: Id | None = None
    page: Page | None = None


class NarrowValue(Value):
    """One choice of a select above a list of errors: a cause, a folder or an order; without any, all.

    `folder` is the id of a failure in it. It has to fit into the value of an option, 150 characters.
    """

    code: Code | None = None
    folder: Id | None = None
    order: ErrorOrder | None = None


class RetryValue(Value):
    """Retries these failures of the mailbox; without any, those of the cause, in the folder, or both.

    `page` is the one that the button is on.
    """

    mailbox: Id
    code: Code | None = None
    folder: Id | None = None
    failures: Annotated[tuple[Id, ...], Field(max_length=_FAILURES)] = ()
    page: Page = 1

    @model_validator(mode="after")
    def _is_narrowed(self) -> Self:
        """What says nothing must not come to mean all."""
        if self.code is None and self.folder is None and not self.failures:
            raise ValueError("says nothing")
        return self


class IncidentValue(Value):
    """`alert` is the incident's id."""

    alert: Id


class CauseValue(Value):
    """`code` is the code of a cause."""

    code: Annotated[str, Field(max_length=100)]


class AlertValue(Value):
    """One entry of an alert's menu. `seen` is how many failures, or mailboxes of an incident, were shown.

    It has to fit into the value of an option, 150 characters.
    """

    alert: Id
    deed: Deed
    seen: Id = 0
    mailbox: Id | None = None


class DismissValue(Value):
    """What a form to dismiss is about: one `failure`, or those of the mailbox up to the one `upto`."""

    mailbox: Id
    upto: Id
    failure: Id | None = None


class CardValue(Value):
    """Texts in the reference are clipped: they only need to find the same card again."""

    ref: CardRef

    @field_validator("ref")
    @classmethod
    def _bounded(cls, ref: CardRef) -> CardRef:
        ids = (ref.mailbox or 0, ref.incident or 0, ref.before or 0, ref.after or 0, ref.folder or 0)
        if not 1 <= ref.page <= _PAGE_MAX or not all(0 <= each <= _ID_MAX for each in ids):
            raise ValueError("out of range")
        return replace(
            ref,
            query=_short(ref.query, _QUERY),
            policy=_short(ref.policy, _POLICY),
            entry=_short(ref.entry, _ENTRY),
            code=_short(ref.code, _CODE),
        )


class ChoiceValue(Value):
    mailbox: Id
    purpose: str

    @field_validator("purpose")
    @classmethod
    def _bounded(cls, purpose: str) -> str:
        return clean(purpose)[:_PURPOSE]


class EntryValue(Value):
    """Opens the details of a history entry; without one, closes them."""

    mailbox: Id
    entry: str | None = None

    @field_validator("entry")
    @classmethod
    def _bounded(cls, entry: str | None) -> str | None:
        return _short(entry, _ENTRY)


class HistoryValue(Value):
    """Shows the history entries that came out so; without an outcome, all. It has to fit into an option."""

    mailbox: Id
    outcome: Outcome | None = None


class ChannelValue(Value):
    channel: Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{1,30}$")]


class MuteValue(Value):
    """`kind` is a kind of mute, `key` the key of what is muted."""

    kind: Annotated[str, Field(max_length=20)]
    key: Annotated[str, Field(max_length=512)]


class PolicyValue(Value):
    """`active` is what the policy is to be; `page` as in FailureValue."""

    policy: Id
    active: bool
    page: Page = 1


def _short(text: str | None, limit: int) -> str | None:
    return None if text is None else clean(text)[:limit]
