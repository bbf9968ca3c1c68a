"""The answers of Graph that are read, as far as they are read. What is of another type is refused.

https://learn.microsoft.com/graph/api/resources/message and .../mailfolder
"""

from datetime import MINYEAR, datetime
from typing import Annotated, Any, ClassVar, Final, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.domain.mail import Description, SourceFolder, SourceMessage
from bot.engine.fault import Fault

_FLAGGED: Final = "flagged"
_SEARCH_FOLDER: Final = "#microsoft.graph.mailSearchFolder"


def _moment(value: object) -> datetime | None:
    """A draft's time may be that of year 1, which stands for none."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("not a time")  # noqa: TRY004 - pydantic turns a ValueError into its own
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return None if moment.year == MINYEAR else moment


Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Name = Annotated[str, Field(min_length=1)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class Removed(Shape):
    reason: str | None = None


class Entry(Shape):
    id: Name
    removed: Removed | None = Field(None, alias="@removed")

    @property
    def is_sparse(self) -> bool:
        """It holds only what changed: the rest is to be asked for."""
        return False


class Flag(Shape):
    status: str | None = Field(None, alias="flagStatus")


class Message(Entry):
    SELECT: ClassVar = "internetMessageId,isRead,isDraft,flag,receivedDateTime,parentFolderId"

    etag: str | None = Field(None, alias="@odata.etag")
    change_key: str | None = Field(None, alias="changeKey")
    message_id: str | None = Field(None, alias="internetMessageId")
    is_read: bool | None = Field(None, alias="isRead")
    is_draft: bool | None = Field(None, alias="isDraft")
    flag: Flag | None = None
    received_at: Moment = Field(None, alias="receivedDateTime")
    folder: str | None = Field(None, alias="parentFolderId")

    @property
    def is_sparse(self) -> bool:
        """After a mere change of read or unread, id, isRead and parentFolderId come alone.

        https://github.com/microsoftgraph/microsoft-graph-docs/issues/7776 ; that an update may hold only the
        properties that changed is documented: https://learn.microsoft.com/graph/delta-query-overview
        """
        return not {"is_read", "is_draft", "flag", "received_at"} <= self.model_fields_set

    @property
    def told(self) -> SourceMessage:
        return SourceMessage(
            id=self.id,
            version=self.etag or self.change_key,
            message_id=self.message_id or None,
            is_read=bool(self.is_read),
            is_flagged=self.flag is not None and self.flag.status == _FLAGGED,
            is_draft=bool(self.is_draft),
            received_at=self.received_at,
        )


class Folder(Entry):
    SELECT: ClassVar = "displayName,parentFolderId"

    type: str | None = Field(None, alias="@odata.type")
    parent: str | None = Field(None, alias="parentFolderId")
    name: str | None = Field(None, alias="displayName")

    @property
    def is_search(self) -> bool:
        """It shows messages of other folders, and holds none."""
        return self.type == _SEARCH_FOLDER

    @property
    def is_sparse(self) -> bool:
        return not {"name", "parent"} <= self.model_fields_set

    @property
    def told(self) -> SourceFolder:
        parent = None if self.parent == self.id else self.parent
        return SourceFolder(id=self.id, parent=parent, name=self.name or "")


AnEntry = TypeVar("AnEntry", bound=Entry)
AShape = TypeVar("AShape", bound=Shape)


class Page(Shape, Generic[AnEntry]):
    value: tuple[AnEntry, ...]
    next_link: Name | None = Field(None, alias="@odata.nextLink")
    delta_link: Name | None = Field(None, alias="@odata.deltaLink")


class _Address(Shape):
    name: str | None = None
    address: str | None = None


class _Sender(Shape):
    email: _Address | None = Field(None, alias="emailAddress")


class Described(Shape):
    SELECT: ClassVar = "subject,from,receivedDateTime"

    subject: str | None = None
    sender: _Sender | None = Field(None, alias="from")
    received_at: Moment = Field(None, alias="receivedDateTime")

    @property
    def told(self) -> Description:
        email = self.sender.email if self.sender else None
        return Description(
            subject=self.subject,
            sender=(email.address or email.name) if email else None,
            received_at=self.received_at,
        )


class Placed(Shape):
    SELECT: ClassVar = "parentFolderId"

    folder: Name = Field(alias="parentFolderId")


class Identified(Shape):
    SELECT: ClassVar = "id"

    id: Name


class BatchAnswer(Shape):
    """https://learn.microsoft.com/graph/json-batching"""

    id: str
    status: int
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = None


class BatchAnswers(Shape):
    responses: tuple[BatchAnswer, ...]


def read(shape: type[AShape], body: bytes) -> AShape:
    """From JSON.

    Raises:
        Fault: it is of another shape. The text says where, without a value: those are people's mail.
    """
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(map(str, wrong["loc"])) or "the answer"
        text = f"Microsoft Graph's answer is not of the documented shape: {place}: {wrong['msg']}"
        raise Fault("unknown", text) from None
