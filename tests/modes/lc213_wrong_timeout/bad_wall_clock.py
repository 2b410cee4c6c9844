"""A deadline is kept as a time of day, and the limit compares it with the clock of the loop."""

import asyncio
import time

import pytest


class TooLate(Exception):
    pass


class Kiln:
    def __init__(self):
        self.degrees = 20

    async def heat(self):
        await asyncio.sleep(0.02)
        self.degrees += 10

    async def fire(self, degrees, within):
        began = time.time()
        until = began + within
        try:
            async with asyncio.timeout_at(until):  # LC213
                while self.degrees < degrees:
                    await self.heat()
        except TimeoutError:
            raise TooLate from None


# name: asyncio.timeout_at(until)
@pytest.mark.asyncio
async def test_a_slow_kiln_is_given_up():
    with pytest.raises(TooLate):
        await Kiln().fire(80, within=0.05)
