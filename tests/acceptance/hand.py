"""A person's hand at the page, which counts what each task costs."""

from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from tests.acceptance.browser import composer

THINK, POINT, PRESS, MOVE, TYPE = 1.35, 1.1, 0.2, 0.4, 0.28
"""Seconds of the keystroke-level model: to decide, to point, to press a mouse button, to move the hand to or
from the keyboard, and for a key of somebody who types 40 words a minute. S. Card, T. Moran, A. Newell, "The
keystroke-level model for user performance time with interactive systems", Communications of the ACM 23 (7),
1980; the mouse button as D. Kieras gives it.
"""


@dataclass(frozen=True, slots=True)
class Effort:
    """`clicks` of the mouse, `texts` that are typed, and `keys` for all of them."""

    clicks: int = 0
    texts: int = 0
    keys: int = 0

    @property
    def seconds(self) -> float:
        """What a practised person takes, without the time that they wait for the computer."""
        return self.clicks * (THINK + POINT + PRESS) + self.texts * (THINK + 2 * MOVE) + self.keys * TYPE

    def __str__(self) -> str:
        if not self.clicks and not self.keys:
            return "nothing"
        clicks = f"{self.clicks} click{'s' if self.clicks != 1 else ''}" if self.clicks else ""
        keys = f"{self.keys} keys" if self.keys else ""
        return f"{', '.join(filter(None, (clicks, keys)))}: {self.seconds:.0f} s"

    def __sub__(self, other: "Effort") -> "Effort":
        return Effort(self.clicks - other.clicks, self.texts - other.texts, self.keys - other.keys)


@dataclass
class Hand:
    page: Page
    effort: Effort = Effort()

    async def click(self, control: Locator) -> None:
        await expect(control).to_be_visible()
        await control.click()
        self.effort = Effort(self.effort.clicks + 1, self.effort.texts, self.effort.keys)

    async def type(self, field: Locator, text: str, *, enter: bool = False) -> None:
        """Into a field that is clicked before, unless it has the focus already."""
        await field.press_sequentially(text)
        if enter:
            await self.page.keyboard.press("Enter")
        keys = len(text) + enter
        self.effort = Effort(self.effort.clicks, self.effort.texts + 1, self.effort.keys + keys)

    async def command(self, text: str) -> None:
        """The composer has the focus in Slack as soon as a channel is open."""
        await self.type(composer(self.page), text, enter=True)
