"""The order of the tests leaves none out."""

from dataclasses import dataclass
from typing import cast

import pytest

from tests.order import dealt


@dataclass(frozen=True)
class Listed:
    nodeid: str
    group: str | None = None

    def get_closest_marker(self, _name: str) -> pytest.Mark | None:
        return pytest.mark.lengthy(self.group).mark if self.group else None


def in_order(*tests: Listed, workers: int) -> list[Listed]:
    return cast("list[Listed]", dealt(cast("list[pytest.Item]", tests), workers))


SHORT = tuple(Listed(f"short{number}") for number in range(7))
LENGTHY = (Listed("x", "a"), Listed("y", "b"), Listed("z", "a"))


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 20])
def test_each_test_is_there_once(workers: int) -> None:
    found = in_order(*SHORT, *LENGTHY, workers=workers)
    assert sorted(found, key=lambda each: each.nodeid) == [*SHORT, *LENGTHY]


def test_each_worker_begins_with_its_groups_of_lengthy_tests() -> None:
    first, second = LENGTHY[::2], LENGTHY[1:2]
    assert in_order(*SHORT, *LENGTHY, workers=2) == [*first, *SHORT[:3], *second, *SHORT[3:]]


def test_tests_that_all_take_long_are_kept_as_they_are_dealt() -> None:
    assert in_order(*LENGTHY, workers=2) == [*LENGTHY[::2], LENGTHY[1]]
