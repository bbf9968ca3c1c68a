"""The CloudEvents 1.0 envelope (JSON format) of each type of event.

Sections cited here: CloudEvents 1.0.2, "spec", and its "JSON Event Format", "json".
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.domain.events import Envelope
from bot.wire.data import (
    Data,
    ItemFailedData,
    ItemSyncedData,
    MailboxUpsertedData,
    PolicyUpsertedData,
    SyncCompletedData,
    SyncFailedData,
    SyncProgressData,
    SyncStartedData,
)
from bot.wire.fields import EventId, Timestamp
from bot.wire.times import check_not_ahead

_JSON_MEDIA_TYPE = (
    r"^[Aa][Pp][Pp][Ll][Ii][Cc][Aa][Tt][Ii][Oo][Nn]/([A-Za-z0-9.-]+\+)?[Jj][Ss][Oo][Nn](\s*;.*)?$"
)


def _without_unset(value: object) -> object:
    """An attribute that is null counts as left out (json, section 2.2)."""
    if isinstance(value, dict):
        return {name: member for name, member in value.items() if member is not None}
    return value


class CloudEvent(BaseModel):
    """The attributes that all types share. Extension attributes are let through and not kept."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    specversion: Literal["1.0"]
    id: EventId = Field(description='Unique for its `source` (spec, "id"); a second one is a duplicate')
    source: EventId = Field(description='Who reports; with `id` the identity of the event (spec, "source")')
    time: Timestamp | None = Field(default=None, description="When it happened; else the time of receipt")
    type: str
    subject: str | None = Field(default=None, description="Not used: `data` names what the event is about")
    datacontenttype: str | None = Field(default=None, pattern=_JSON_MEDIA_TYPE)
    dataschema: str | None = Field(default=None, description="Not used")
    data: Data

    @model_validator(mode="before")
    @classmethod
    def _read_json_format(cls, value: object) -> object:
        if isinstance(value, dict) and value.get("data_base64") is not None:
            # binary data (json, section 3.1.1): no type of ours has any
            raise ValueError("`data_base64` is not taken; send a JSON object in `data`")
        return _without_unset(value)

    def to_envelope(self, received_at: datetime) -> Envelope:
        """The domain's event. Raises ValueError for a time that is far ahead of `received_at`."""
        at = self.time or received_at
        check_not_ahead(at, received_at)
        return Envelope(self.source, self.id, self.data.event(at))


class PolicyUpserted(CloudEvent):
    """A policy exists, with these settings."""

    type: Literal["policy.upserted"]
    data: PolicyUpsertedData


class MailboxUpserted(CloudEvent):
    """A mailbox exists, with these addresses, under this policy."""

    type: Literal["mailbox.upserted"]
    data: MailboxUpsertedData


class SyncStarted(CloudEvent):
    """A run of a mailbox began."""

    type: Literal["sync.started"]
    data: SyncStartedData


class SyncProgress(CloudEvent):
    """A run goes on."""

    type: Literal["sync.progress"]
    data: SyncProgressData


class ItemFailed(CloudEvent):
    """One item could not be synced, in a run or in a retry."""

    type: Literal["item.failed"]
    data: ItemFailedData


class ItemSynced(CloudEvent):
    """One item that had failed was synced, in a run or in a retry."""

    type: Literal["item.synced"]
    data: ItemSyncedData


class SyncCompleted(CloudEvent):
    """A run did its work; single items may have failed."""

    type: Literal["sync.completed"]
    data: SyncCompletedData


class SyncFailed(CloudEvent):
    """A run could not do its work."""

    type: Literal["sync.failed"]
    data: SyncFailedData


AnyEvent = Annotated[
    PolicyUpserted
    | MailboxUpserted
    | SyncStarted
    | SyncProgress
    | ItemFailed
    | ItemSynced
    | SyncCompleted
    | SyncFailed,
    Field(discriminator="type"),
]

MODELS: dict[str, type[CloudEvent]] = {
    "policy.upserted": PolicyUpserted,
    "mailbox.upserted": MailboxUpserted,
    "sync.started": SyncStarted,
    "sync.progress": SyncProgress,
    "item.failed": ItemFailed,
    "item.synced": ItemSynced,
    "sync.completed": SyncCompleted,
    "sync.failed": SyncFailed,
}
