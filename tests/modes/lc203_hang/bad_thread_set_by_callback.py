"""A sensor's thread calls its listeners, and one sets a future. Others do so on their own loop."""

# options: --loopcheck-hang=1
# name: future
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

    def failed(error):
        future.set_exception(error)

    def arrived(value):
        if value < 0:
            failed(ValueError("below zero"))
        else:
            future.set_result(value)  # LC203

    sensor.listeners.append(arrived)
    return future


def answer(future, value):
    future.set_result(value)


@pytest.mark.asyncio
async def test_the_first_value():
    sensor = Sensor()
    threading.Timer(0.1, sensor.fire, [21]).start()
    assert await first_of(sensor) == 21
