"""What an endpoint gives back, before it is bytes on the wire."""

from dataclasses import dataclass, field

from bot.sandbox.graph.errors import Json
from bot.sandbox.graph.mime import MimeSource


@dataclass(slots=True)
class Answer:
    status: int = 200
    json: Json | None = None
    mime: MimeSource | None = None
    headers: dict[str, str] = field(default_factory=dict)
