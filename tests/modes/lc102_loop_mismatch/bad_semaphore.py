"""A limit shared by the tests of a class; the object that holds it is a global."""

# name: kitchen.stoves
import asyncio

import pytest


class Kitchen:
    def __init__(self, stoves):
        self.stoves = asyncio.Semaphore(stoves)

    async def cook(self, dish):
        async with self.stoves:
            await asyncio.sleep(0)
            return f"{dish} done"


kitchen = Kitchen(stoves=1)  # LC102


@pytest.mark.asyncio
class TestKitchen:
    async def test_two_dishes(self):
        assert len(await asyncio.gather(kitchen.cook("rice"), kitchen.cook("beans"))) == 2

    async def test_three_dishes(self):
        dishes = await asyncio.gather(*map(kitchen.cook, ["rice", "beans", "corn"]))
        assert len(dishes) == 3
