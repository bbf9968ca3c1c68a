"""Pages of lists."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of a list is shown, counting from 1. There is always at least one."""

    number: int
    size: int
    total: int

    @property
    def count(self) -> int:
        return max(1, -(-self.total // self.size))
