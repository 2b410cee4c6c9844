"""The clock's task sleeps on the session's loop, and its time is over before the test gives up."""

import asyncio

import pytest
import pytest_asyncio


class Clock:
    now = 0

    async def run(self):
        while True:
            await asyncio.sleep(0.005)
            self.now += 1

    async def at_least(self, n):
        for _ in range(30):
            if self.now >= n:
                return True
            await asyncio.sleep(0.005)
        return False


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def clock():  # LC106
    clock = Clock()
    running = asyncio.create_task(clock.run())
    yield clock
    running.cancel()


# name: clock
@pytest.mark.asyncio
async def test_ticks(clock):
    assert await clock.at_least(clock.now + 3)
