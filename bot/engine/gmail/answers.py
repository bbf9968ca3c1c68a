"""What is read of Gmail's answers.

https://developers.google.com/workspace/gmail/api/reference/rest
"""

from typing import TypeVar

from pydantic import BaseModel, Field, ValidationError

from bot.engine import sides
from bot.engine.fault import Fault

_A = TypeVar("_A", bound=BaseModel)


class Message(BaseModel):
    id: str = Field(min_length=1)


class Labelled(BaseModel):
    """Without any label there is no `labelIds`."""

    label_ids: list[str] = Field(default_factory=list, alias="labelIds")


class Found(BaseModel):
    """Without results there is no `messages`."""

    messages: list[Message] = Field(default_factory=list)
    next_page: str | None = Field(default=None, alias="nextPageToken")


class Label(BaseModel):
    id: str = Field(min_length=1)
    name: str
    type: str = "user"

    def told(self) -> sides.Label:
        return sides.Label(self.id, self.name, is_system=self.type == "system")


class Labels(BaseModel):
    labels: list[Label] = Field(default_factory=list)


def read(model: type[_A], body: bytes) -> _A:
    """Raises Fault, not certain: what was asked for was done, but its answer is of no use."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        text = f"Gmail's answer is not the documented {model.__name__}: {wrong}"[:300]
        raise Fault("dest_unavailable", text, is_certain=False) from error
