"""One thing that Slack would refuse, and where it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """`path` is a JSON pointer, as in Slack's own messages."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.reason} [json-pointer:{self.path}]"
