"""A synchronous facade asks for the loop, which runs, and its callers skip what fails."""

# name: quote | price | load
# findings: 3
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def quote(number):
    await asyncio.sleep(0)
    return number * 2


async def price(number):
    await asyncio.sleep(0)
    return number * 3


async def load(name):
    await asyncio.sleep(0)
    return {"name": name}


def run_sync(coro):
    loop = asyncio.get_event_loop()
    return loop.run_until_complete(coro)  # LC103


class Pricing:
    def total(self, numbers):
        total = 0
        for number in numbers:
            try:
                total += run_sync(quote(number))
            except RuntimeError:
                continue
        return total


def prices(numbers):
    try:
        return [asyncio.get_event_loop().run_until_complete(price(n)) for n in numbers]  # LC103
    except RuntimeError:
        return []


class Settings:
    def read(self, name):
        loop = asyncio.get_event_loop()
        try:
            return loop.run_until_complete(load(name))  # LC103
        except Exception:
            return None


async def test_a_helper_starts_it():
    assert Pricing().total([1, 2]) == 6


async def test_the_loop_is_asked_for_on_the_line():
    assert prices([1]) == [3]


async def test_the_loop_has_a_name():
    assert Settings().read("a") == {"name": "a"}
