"""Memory of an engine process: it must grow neither with the mailbox nor with the message."""

from pathlib import Path

from tests.bench.footprint import Growth, growth
from tests.bench.measuring import Figure

MANY, LARGE_KIB = 50_000, 100 * 1024
SECONDS = 60
BOUND_MEGABYTES = 60


async def figures(_folder: Path) -> list[Figure]:
    """Of the large mailbox everything is listed, and as much is moved as the time allows."""
    many = await growth(MANY, 2, seconds=SECONDS)
    large = await growth(1, LARGE_KIB, seconds=SECONDS)
    assert (many.listed, large.moved) == (MANY, 1)
    return [
        _figure(f"mailbox of {MANY:,} messages listed, {many.moved:,} of them moved", many),
        _figure(f"message of {LARGE_KIB // 1024} MB moved", large),
    ]


def _figure(what: str, found: Growth) -> Figure:
    return Figure(
        f"peak memory above idle, {what}; bare: idle",
        f"{found.megabytes:.0f} MB",
        f"{found.idle / 1e6:.0f} MB",
        f"{found.megabytes / BOUND_MEGABYTES:.2f} of the bound of {BOUND_MEGABYTES} MB",
    )
