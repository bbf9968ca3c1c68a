"""The memory of a process that syncs grows neither with the mailbox nor with the message."""

import sys

import pytest

from tests.bench.footprint import growth

pytestmark = [
    pytest.mark.lengthy,
    pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is asked of /proc"),
]


async def test_a_long_mailbox_is_synced_in_little_memory() -> None:
    found = await growth(800, 2, seconds=240)
    assert (found.listed, found.moved) == (800, 800)
    assert found.megabytes < 20


async def test_a_message_goes_through_in_pieces() -> None:
    found = await growth(1, 40 * 1024, seconds=240)
    assert found.moved == 1
    assert found.megabytes < 36
