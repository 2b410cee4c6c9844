import asyncio

import pytest


@pytest.fixture(scope="session")
def event_loop():  # LC302
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


class Doubler:
    def __init__(self):
        self.numbers, self.doubled = asyncio.Queue(), asyncio.Queue()

    async def run(self):
        while True:
            await self.doubled.put(2 * await self.numbers.get())


@pytest.fixture(scope="session")
async def doubler():
    doubler = Doubler()
    task = asyncio.create_task(doubler.run())
    await asyncio.sleep(0)
    yield doubler
    task.cancel()
