"""Generated messages are real MIME, the same for the same seed, and cost nothing until they are read."""

import email
import tracemalloc
from email import policy

import pytest

from bot.sandbox.graph import Folder, GraphStandIn, RepeatedMime
from bot.sandbox.graph.generated import KIB, Batch, GeneratedMime
from bot.sandbox.graph.mime import envelope_of


@pytest.mark.parametrize("index", range(10))
def test_each_is_a_whole_message_of_its_size(index: int) -> None:
    source = GeneratedMime(Batch(7), index)
    [whole] = list(source.chunks())
    assert source.size == len(whole) <= 60 * KIB
    assert len(whole) > KIB
    message = email.message_from_bytes(whole, policy=policy.default)
    assert not message.defects
    assert message["Message-ID"] == f"<7.{index}@mail.example.com>"
    assert message.is_multipart() == source.envelope.has_attachments
    assert b"\n" not in whole.replace(b"\r\n", b"")


@pytest.mark.parametrize("index", [0, 4])
def test_what_is_told_of_one_is_what_is_in_it(index: int) -> None:
    source = GeneratedMime(Batch(1), index)
    assert envelope_of(RepeatedMime(next(source.chunks()), source.size)) == source.envelope


def test_a_seed_decides_all() -> None:
    def made(seed: int) -> list[bytes]:
        return [next(GeneratedMime(Batch(seed), index).chunks()) for index in range(5)]

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_sizes_are_spread_between_their_bounds() -> None:
    sizes = [GeneratedMime(Batch(1), index).size for index in range(200)]
    assert min(sizes) < 8 * KIB < 50 * KIB < max(sizes)


def test_some_have_no_message_id() -> None:
    source = GeneratedMime(Batch(1, has_message_ids=False), 3)
    assert source.envelope.message_id is None
    assert b"Message-ID" not in next(source.chunks())


async def test_many_cost_little_memory(graph: GraphStandIn, inbox: Folder) -> None:
    tracemalloc.start()
    try:
        graph.world.populate(inbox, 2_000)
        graph.world.deliver(inbox, RepeatedMime(b"Subject: x\r\n\r\n", 100 * KIB * KIB))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken / 2_000 < 2 * KIB
