"""A lambda starts a task, a caller awaits the `partial`, a bus awaits what is a coroutine."""

import asyncio
from functools import partial

import pytest

pytestmark = pytest.mark.asyncio


class Lamp:
    def __init__(self):
        self.on = False

    async def switch(self, on):
        self.on = on


class Bus:
    def __init__(self):
        self.handlers = []

    async def emit(self, *args):
        for handler in self.handlers:
            result = handler(*args)
            if asyncio.iscoroutine(result):
                await result


async def test_a_lambda_starts_a_task():
    lamp, loop, tasks = Lamp(), asyncio.get_running_loop(), []
    loop.call_soon(lambda: tasks.append(loop.create_task(lamp.switch(True))))
    await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert not lamp.on


async def test_a_partial_is_awaited():
    lamp = Lamp()
    turn_on = partial(lamp.switch, True)
    await turn_on()
    assert not lamp.on


async def test_a_bus():
    lamp, bus = Lamp(), Bus()
    bus.handlers += [partial(lamp.switch), print]
    await bus.emit(True)
    assert not lamp.on


async def test_a_map_is_gathered():
    lamp = Lamp()
    await asyncio.gather(*map(lamp.switch, [True, True]))
    assert not lamp.on
