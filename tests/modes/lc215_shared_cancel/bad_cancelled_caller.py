"""One of two tasks that share a request is cancelled: the other one ends, too."""

# name: request
import asyncio

import pytest


class Weather:
    def __init__(self, ask):
        self._ask, self._running = ask, {}

    async def of(self, town):
        request = self._running.get(town)
        if request is None:
            request = self._running[town] = asyncio.ensure_future(self._ask(town))
            request.add_done_callback(lambda _: self._running.pop(town))
        return await request  # LC215


@pytest.mark.asyncio
async def test_one_of_two_users_leaves():
    answers, asked = asyncio.Event(), []

    async def ask(town):
        asked.append(town)
        await answers.wait()
        return f"sun in {town}"

    weather = Weather(ask)
    first = asyncio.create_task(weather.of("Rome"))
    second = asyncio.create_task(weather.of("Rome"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    answers.set()
    assert await second == "sun in Rome"
    assert asked == ["Rome"]
