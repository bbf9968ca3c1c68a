"""Draws the gallery: `python -m tests.gallery [CARD ...]`, into var/gallery."""

import asyncio
import shutil
import sys
from pathlib import Path

from tests.acceptance.browser import chromium
from tests.gallery.catalogue import catalogue
from tests.gallery.drawing import draw
from tests.gallery.page import page
from tests.gallery.shots import Shot

WHERE = Path("var/gallery")


def main(cards: list[str]) -> None:
    shots = [shot for shot in catalogue() if not cards or shot.card in cards]
    shutil.rmtree(WHERE, ignore_errors=True)
    WHERE.mkdir(parents=True)
    asyncio.run(_draw(shots))
    (WHERE / "index.html").write_text(page(shots), encoding="utf-8")
    print(f"{len(shots)} states in {WHERE / 'index.html'}")  # noqa: T201 - says where to look


async def _draw(shots: list[Shot]) -> None:
    async with chromium() as browser:
        await draw(browser, shots, WHERE)


if __name__ == "__main__":
    main(sys.argv[1:])
