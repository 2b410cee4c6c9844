"""A cancelled request ends the worker that answers all of them: the next one waits for ever."""

# name: Desk.work
import asyncio

import pytest


class Desk:
    def __init__(self):
        self.requests = asyncio.Queue()
        self.task = asyncio.create_task(self.work())

    async def ask(self, number):
        answer = asyncio.get_running_loop().create_future()
        await self.requests.put((number, answer))
        return await answer

    async def work(self):
        while True:
            number, answer = await self.requests.get()
            await asyncio.sleep(0.01)
            answer.set_result(number * 2)  # LC205


@pytest.mark.asyncio
async def test_a_cancelled_request():
    desk = Desk()
    first = asyncio.create_task(desk.ask(1))
    for _ in range(2):
        await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    await asyncio.wait([desk.task], timeout=0.1)
    assert not desk.task.done()
