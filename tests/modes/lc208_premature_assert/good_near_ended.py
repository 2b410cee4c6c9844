"""What a block ends had its turn, and changes something else; who asks again and again is told no
more than at the last time.
"""

import asyncio

import pytest


class Kitchen:
    def __init__(self):
        self.orders, self.plates, self.open = asyncio.Queue(), [], True

    async def __aenter__(self):
        self.cook = asyncio.create_task(self._cook())
        return self

    async def __aexit__(self, *error):
        self.cook.cancel()
        await asyncio.wait([self.cook])

    async def _cook(self):
        while True:
            self.plates.append(await self.orders.get())
            self.orders.task_done()


@pytest.mark.asyncio
async def test_the_cook_had_nothing_left_to_do():
    async with Kitchen() as kitchen:
        kitchen.orders.put_nowait("soup")
        await kitchen.orders.join()
        assert kitchen.plates == ["bread"]


@pytest.mark.asyncio
async def test_the_cook_changes_something_else():
    async with Kitchen() as kitchen:
        kitchen.orders.put_nowait("soup")
        assert kitchen.open is False


@pytest.mark.asyncio
async def test_it_was_early_and_is_wrong():
    async with Kitchen() as kitchen:
        kitchen.orders.put_nowait("soup")
        for turns in range(30):
            try:
                assert kitchen.plates == ["bread"], turns
            except AssertionError:
                if turns == 29:
                    raise
                await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_nobody_has_ordered():
    async with Kitchen() as kitchen:
        assert kitchen.plates == ["soup"]


class Pantry:
    def __init__(self):
        self.shelf = ["jam"]

    async def __aenter__(self):
        self.cleaner = asyncio.create_task(self._clean(60))
        return self

    async def __aexit__(self, *error):
        self.cleaner.cancel()

    async def _clean(self, seconds):
        await asyncio.sleep(seconds)
        self.shelf.clear()


@pytest.mark.asyncio
async def test_the_pantry_is_cleaned_much_later():
    async with Pantry() as pantry:
        assert pantry.shelf == ["bread"]
