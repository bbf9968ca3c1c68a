"""What every card sends is what was reviewed, and a difference is told so that one can judge it."""

from dataclasses import replace
from pathlib import Path

import pytest

from blocks import notice
from tests.gallery.catalogue import catalogue
from tests.gallery.shots import Shot
from tests.gallery.snapshots import differences, drawn, kept, renew

HELLO = Shot("not found", "one", notice.sentence("Hello \u200b."))


def test_every_card_sends_what_was_reviewed() -> None:
    if found := list(differences(drawn(catalogue()), kept())):
        pytest.fail("\n".join((*found, "If it is meant, `make snapshots` renews them.")), pytrace=False)


def test_drawing_twice_gives_the_same() -> None:
    assert drawn(catalogue()) == drawn(catalogue())


def test_a_card_without_a_snapshot_is_told() -> None:
    (told,) = differences(drawn([HELLO]), {})
    assert told.startswith("--- kept/not-found.json\n+++ drawn/not-found.json\n")


def test_a_snapshot_without_a_card_is_told() -> None:
    (told,) = differences({}, drawn([HELLO]))
    assert "\n-{" in told


def test_a_difference_is_told_by_the_line_that_differs() -> None:
    changed = replace(HELLO, drawn=notice.sentence("Hello Ada."))
    (told,) = differences(drawn([changed]), drawn([HELLO]))
    lines = told.splitlines()
    assert '-  "text": "Hello \\u200b.",' in lines
    assert '+  "text": "Hello Ada.",' in lines


def test_renewing_writes_what_differs_alone_and_removes_what_is_stale(tmp_path: Path) -> None:
    shots = [HELLO, replace(HELLO, card="other")]
    assert renew(shots, tmp_path) == ["not-found.json", "other.json"]
    assert renew(shots, tmp_path) == []
    assert renew(shots[:1], tmp_path) == ["other.json"]
    assert list(differences(drawn(shots[:1]), kept(tmp_path))) == []
