"""The first user of a line dials. A dial that runs into a time limit still counts as a user."""

# name: line._users
import asyncio

import pytest


class Modem:
    def __init__(self):
        self.up = False

    async def dial(self, number):
        await asyncio.sleep(3600 if number == "engaged" else 0)
        self.up = True

    async def send(self, words):
        if not self.up:
            raise ConnectionError("the line is down")
        return len(words)


class Line:
    def __init__(self):
        self._modem, self._users = Modem(), 0

    async def open(self, number):
        self._users += 1
        try:
            if self._users == 1:
                await self._modem.dial(number)
        except Exception:  # LC604
            self._users -= 1
            raise

    async def send(self, words):
        return await self._modem.send(words)


@pytest.mark.asyncio
async def test_a_second_number():
    line = Line()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(line.open("engaged"), 0.01)
    await line.open("555")
    assert await line.send("hello") == 5
