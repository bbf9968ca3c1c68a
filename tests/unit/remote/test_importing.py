"""Files of events: streamed, line by line, good lines kept."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.domain.events import Envelope
from bot.errors import BadEvent
from bot.ports import Recorded
from bot.remote.importing import BATCH, import_file, read_events
from bot.wire.parsing import MOST_BYTES, Bad
from tests.unit.wire.samples import NOW, event

GOOD = json.dumps(event("sync.started")).encode()


class Recording:
    def __init__(self, outcome: Recorded = Recorded.APPLIED) -> None:
        self.batches: list[int] = []
        self.outcome = outcome

    async def record(self, envelopes: Sequence[Envelope]) -> list[Recorded]:
        self.batches.append(len(envelopes))
        return [self.outcome] * len(envelopes)


def write(folder: Path, content: bytes) -> Path:
    path = folder / "events.jsonl"
    path.write_bytes(content)
    return path


def read(folder: Path, content: bytes) -> list[tuple[int, str | None]]:
    """Line numbers, each with the reason where the line is bad."""
    lines = read_events(write(folder, content), NOW)
    return [(line.number, line.parsed.reason if isinstance(line.parsed, Bad) else None) for line in lines]


@pytest.mark.parametrize(
    "content",
    [
        GOOD + b"\n",
        GOOD,
        GOOD + b"\r\n",
        b"\xef\xbb\xbf" + GOOD + b"\n",
        GOOD + b"\n\n  \n\t\n",
    ],
)
def test_an_event_a_line_however_the_lines_end(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content) == [(1, None)]


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n  \n"])
def test_a_file_without_events_is_no_error(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content) == []


def test_a_bad_line_is_named_by_its_number_and_the_rest_goes_on(tmp_path: Path) -> None:
    found = read(tmp_path, b"\n".join([GOOD, b"", b"{", b'{"type":"item.faild"}', b"[]", b"\xff", GOOD]))
    assert [number for number, _ in found] == [1, 3, 4, 5, 6, 7]
    said = [reason for _, reason in found]
    assert said[0] is said[-1] is None
    assert "not JSON" in str(said[1])
    assert "did you mean `item.failed`?" in str(said[2])
    assert "not a JSON object" in str(said[3])
    assert "not UTF-8" in str(said[4])


@pytest.mark.parametrize("length", [MOST_BYTES + 1, MOST_BYTES + 2, MOST_BYTES + 3, 3 * MOST_BYTES])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_that_is_too_long_is_skipped_to_its_end(tmp_path: Path, length: int, end: bytes) -> None:
    found = read(tmp_path, GOOD + b"\n" + b"x" * length + end + (GOOD if end else b""))
    assert "longer than 1,048,576 bytes" in str(found[1][1])
    assert [number for number, _ in found] == ([1, 2, 3] if end else [1, 2])


def test_a_line_of_just_the_limit_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD.ljust(MOST_BYTES) + b"\r\n" + GOOD) == [(1, None), (2, None)]


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_is_refused_as_a_whole(tmp_path: Path, mark: str) -> None:
    with pytest.raises(BadEvent, match="save it as UTF-8"):
        read(tmp_path, ("\ufeff" + GOOD.decode()).encode(mark))


async def test_an_import_counts_what_became_of_each_event(tmp_path: Path) -> None:
    recording = Recording(Recorded.PARKED)
    path = write(tmp_path, b"\n".join([GOOD, b"{", GOOD]))
    counts = await import_file(path, recording.record, lambda *_: None, NOW)
    assert (counts.applied, counts.duplicate, counts.parked, counts.bad) == (0, 0, 2, 1)
    assert counts.reasons[0].index == 2


async def test_a_large_file_goes_in_by_batches_with_progress_in_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, (GOOD + b"\n") * (2 * BATCH + 1))
    recording, seen = Recording(), list[tuple[int, int]]()
    counts = await import_file(path, recording.record, lambda *at: seen.append(at), NOW)
    assert recording.batches == [BATCH, BATCH, 1]
    assert counts.applied == 2 * BATCH + 1
    total = path.stat().st_size
    assert seen == [
        (BATCH * (len(GOOD) + 1), total),
        (2 * BATCH * (len(GOOD) + 1), total),
        *[(total, total)] * 2,
    ]


async def test_reasons_are_kept_for_the_first_hundred_bad_lines(tmp_path: Path) -> None:
    counts = await import_file(write(tmp_path, b"x\n" * 300), Recording().record, lambda *_: None, NOW)
    assert (counts.bad, len(counts.reasons)) == (300, 100)


async def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await import_file(tmp_path / "none.jsonl", Recording().record, lambda *_: None, NOW)
