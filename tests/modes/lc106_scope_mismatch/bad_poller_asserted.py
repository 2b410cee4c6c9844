"""The test sleeps for a while and then looks; the poller had no turn meanwhile."""

import asyncio

import pytest
import pytest_asyncio


class Mill:
    def __init__(self):
        self.grain, self.flour = [], 0

    async def run(self):
        while True:
            if not self.grain:
                await asyncio.sleep(0.005)
                continue
            self.flour += self.grain.pop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def mill():  # LC106
    mill = Mill()
    running = asyncio.create_task(mill.run())
    yield mill
    running.cancel()


# name: mill
@pytest.mark.asyncio
async def test_grain_is_ground(mill):
    mill.grain.append(3)
    for _ in range(20):
        await asyncio.sleep(0.005)
    assert mill.flour == 3
