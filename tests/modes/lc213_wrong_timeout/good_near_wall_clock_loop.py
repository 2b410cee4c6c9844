"""A loop whose clock is the time of day: there a time of day is a deadline."""

import asyncio
import time

import pytest


class WallLoop(asyncio.SelectorEventLoop):
    def time(self):
        return time.time()


async def heat(degrees, deadline):
    async with asyncio.timeout_at(deadline):
        for _ in range(degrees):
            await asyncio.sleep(0)


def test_it_takes_too_long():
    with asyncio.Runner(loop_factory=WallLoop) as runner, pytest.raises(TimeoutError):
        runner.run(heat(3, time.time() + 5))
