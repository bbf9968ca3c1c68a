"""Where a test steps in: before a request is handled, and after, before its answer is sent."""

import inspect
from collections.abc import Awaitable, Callable

from bot.sandbox.gmail.call import Call

Hook = Callable[[Call], Awaitable[None] | None]


class Hooks:
    def __init__(self) -> None:
        self._hooks: list[Hook] = []

    def __bool__(self) -> bool:
        return bool(self._hooks)

    def add(self, hook: Hook) -> Callable[[], None]:
        """Returns what takes it away again."""
        self._hooks.append(hook)
        return lambda: self._hooks.remove(hook)

    async def run(self, call: Call) -> None:
        for hook in list(self._hooks):
            done = hook(call)
            if inspect.isawaitable(done):
                await done
