"""A class brings a loop of its own, and what it made there is awaited on the loop of the test."""

# name: thermometer.reading
import asyncio

import pytest


class Thermometer:
    def __init__(self):
        self._loop = asyncio.new_event_loop()  # LC105
        self.reading = self._loop.create_future()

    def close(self):
        self._loop.close()

    async def read(self):
        return await self.reading


@pytest.fixture
def thermometer():
    thermometer = Thermometer()
    yield thermometer
    thermometer.close()


@pytest.mark.asyncio
async def test_reads_what_comes(thermometer):
    asyncio.get_running_loop().call_later(5, thermometer.reading.set_result, 21)
    assert await thermometer.read() == 21
