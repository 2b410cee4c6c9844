"""Futures that threads set through the loop, and one that a polling loop sees."""

# options: --loopcheck-hang=1
import asyncio
import threading

import pytest


class Sensor:
    def __init__(self):
        self.listeners = []

    def fire(self, value):
        for listener in self.listeners:
            listener(value)


def first_of(sensor):
    future = asyncio.get_running_loop().create_future()

    def arrived(value):
        future.set_result(value)

    sensor.listeners.append(lambda value: future.get_loop().call_soon_threadsafe(arrived, value))
    return future


@pytest.mark.asyncio
async def test_the_first_value():
    sensor = Sensor()
    threading.Timer(0.1, sensor.fire, [21]).start()
    assert await first_of(sensor) == 21


@pytest.mark.asyncio
async def test_the_loop_polls_meanwhile():
    future = asyncio.get_running_loop().create_future()
    threading.Timer(0.1, lambda: future.set_result(3)).start()
    while not future.done():
        await asyncio.sleep(0.01)
    assert await future == 3
