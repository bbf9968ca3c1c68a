"""One token for all, renewed in time."""

import asyncio
from datetime import timedelta

import pytest

from bot.engine.fault import Fault
from bot.engine.graph.tokens import Granted, Tokens


class Entra:
    """Gives token-1, token-2, and so on, when it is let; or what went wrong."""

    def __init__(self, lifetime: timedelta = timedelta(hours=1)) -> None:
        self.lifetime = lifetime
        self.asked = 0
        self.now = 1_000.0
        self.fault: Fault | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.tokens = Tokens(self.grant, lambda: self.now)

    async def grant(self) -> Granted:
        self.asked += 1
        token = f"token-{self.asked}"
        await self.open.wait()
        if self.fault:
            raise self.fault
        return Granted(token, self.lifetime)


async def test_a_token_is_kept_until_five_minutes_before_its_end() -> None:
    entra = Entra()
    assert await entra.tokens.token() == "token-1"
    entra.now += 55 * 60 - 1
    assert await entra.tokens.token() == "token-1"
    entra.now += 1
    assert await entra.tokens.token() == "token-2"


async def test_a_token_of_short_life_is_used_for_half_of_it() -> None:
    entra = Entra(timedelta(seconds=60))
    assert await entra.tokens.token() == "token-1"
    entra.now += 29
    assert await entra.tokens.token() == "token-1"
    entra.now += 1
    assert await entra.tokens.token() == "token-2"


async def test_all_who_wait_share_one_request() -> None:
    entra = Entra()
    entra.open.clear()
    waiting = [asyncio.create_task(entra.tokens.token()) for _ in range(10)]
    await asyncio.sleep(0)
    entra.open.set()
    assert set(await asyncio.gather(*waiting)) == {"token-1"}
    assert entra.asked == 1


async def test_a_refused_token_is_renewed_once_for_all_who_were_refused() -> None:
    entra = Entra()
    old = await entra.tokens.token()
    assert await asyncio.gather(*(entra.tokens.token(refused=old) for _ in range(5))) == ["token-2"] * 5
    assert await entra.tokens.token(refused=old) == "token-2"
    assert entra.asked == 2


async def test_a_failure_is_told_to_all_and_tried_again_by_the_next() -> None:
    entra = Entra()
    entra.fault = Fault("source_auth", "AADSTS7000222")
    told = await asyncio.gather(*(entra.tokens.token() for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in told] == [Fault] * 3
    assert entra.asked == 1
    entra.fault = None
    assert await entra.tokens.token() == "token-2"


async def test_who_gives_up_waiting_takes_nothing_from_the_others() -> None:
    entra = Entra()
    entra.open.clear()
    first, second = (asyncio.create_task(entra.tokens.token()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    entra.open.set()
    assert await second == "token-1"


async def test_a_failure_that_nobody_waits_for_any_more_is_no_warning() -> None:
    entra = Entra()
    entra.open.clear()
    entra.fault = Fault("network", "gone")
    only = asyncio.create_task(entra.tokens.token())
    await asyncio.sleep(0)
    only.cancel()
    await asyncio.gather(only, return_exceptions=True)
    entra.open.set()
    for _ in range(3):
        await asyncio.sleep(0)
    with pytest.raises(Fault, match="gone"):
        await entra.tokens.token()
