"""Which tests `make test-fast` leaves out, and which begin first when several workers share the tests."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path

import pytest

SLOW = frozenset(
    Path(__file__).parent / each
    for each in (
        "acceptance",
        "engine",
        "histories",
        "integration/alerts",
        "integration/engine",
        "unit/doctor",
        "unit/gallery",
        "unit/sandbox",
        "unit/web/test_openapi.py",
    )
)
"""All that is in here is slow."""


def is_left_out(path: Path, config: pytest.Config) -> bool:
    """Whether it need not even be imported, which takes as long as running the tests that stay."""
    return path in SLOW and config.getoption("markexpr") == "not slow"


def mark_slow(items: Iterable[pytest.Item]) -> None:
    for item in items:
        if not SLOW.isdisjoint(item.path.parents) or item.path in SLOW:
            item.add_marker(pytest.mark.slow)


def dealt(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """The same tests, so that each worker begins with its share of the lengthy ones.

    A lengthy test that begins last keeps one worker busy while the others have nothing left to do. xdist
    gives each worker a block of the list, as large as `_blocks` says; idle ones steal from the ends.
    """
    lengthy = [item for item in items if item.get_closest_marker("lengthy")]
    groups = [list(group) for _, group in groupby(sorted(lengthy, key=_group), _group)]
    rest = iter([item for item in items if not item.get_closest_marker("lengthy")])
    order: list[pytest.Item] = []
    for worker, size in enumerate(_blocks(len(items), workers)):
        first = [item for group in groups[worker::workers] for item in group]
        order += [*first, *islice(rest, max(0, size - len(first)))]
    return [*order, *rest]


def _group(item: pytest.Item) -> str:
    marker = item.get_closest_marker("lengthy")
    return str(marker.args[0]) if marker and marker.args else item.nodeid


def _blocks(tests: int, workers: int) -> Iterator[int]:
    """As xdist's worksteal scheduler divides them."""
    for left in range(workers, 0, -1):
        yield tests // left
        tests -= tests // left
