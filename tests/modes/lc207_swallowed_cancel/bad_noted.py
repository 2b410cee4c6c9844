"""A worker notes who was too slow. It hears of nobody: the call ends as if nothing had been."""

import asyncio

import pytest


class Press:
    def __init__(self):
        self.late, self.calls = [], 0

    async def print(self, letter):
        self.calls += 1
        if self.calls == 1:
            await asyncio.sleep(3600)
        return letter


async def twice(call, letter):
    try:
        return await call(letter)
    except (ConnectionError, asyncio.CancelledError):  # LC207
        return await call(letter)


async def work(press, letters):
    for letter in letters:
        try:
            async with asyncio.timeout(0.05):
                await twice(press.print, letter)
        except Exception as error:
            press.late.append((letter, error))


# name: twice
@pytest.mark.asyncio
async def test_both_are_printed():
    press = Press()
    await work(press, ["ada", "ben"])
    assert press.calls == 3
