"""The woken code checks again, or fails for another reason, or its check still holds."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


def weigh(loaves):
    return int(loaves.pop())


class Shelf:
    def __init__(self):
        self.loaves = []
        self.closed = False
        self.changed = asyncio.Condition()

    async def put(self, *loaves):
        async with self.changed:
            self.loaves += loaves
            self.changed.notify_all()

    async def close(self):
        async with self.changed:
            self.closed = True
            self.changed.notify_all()

    async def take(self):
        async with self.changed:
            while not self.loaves:
                await self.changed.wait()
            return int(self.loaves.pop(0))

    async def take_late(self):
        async with self.changed:
            if not self.loaves:
                await self.changed.wait()
            return int(self.loaves.pop(0))

    async def hand_out(self):
        async with self.changed:
            if not self.loaves:
                await self.changed.wait()
            return weigh(self.loaves)

    async def take_soon(self):
        async with self.changed:
            try:
                async with asyncio.timeout(0.02):
                    if not self.loaves:
                        await self.changed.wait()
            except TimeoutError:
                self.closed = True
            return self.loaves.pop(0)

    async def is_served(self, who):
        async with self.changed:
            if not self.closed:
                await self.changed.wait()
            return {"ann": True}[who]


async def test_it_checks_again_and_meets_a_wrong_loaf():
    shelf = Shelf()
    taking = asyncio.create_task(shelf.take())
    await asyncio.sleep(0)
    await shelf.put("rye")
    assert await taking == 3


async def test_the_check_still_holds():
    shelf = Shelf()
    taking = asyncio.create_task(shelf.take_late())
    await asyncio.sleep(0)
    await shelf.put("rye", "spelt")
    assert await taking == 3


async def test_the_failing_line_itself_took_the_last_one():
    shelf = Shelf()
    taking = asyncio.create_task(shelf.take_late())
    await asyncio.sleep(0)
    await shelf.put("rye")
    assert await taking == 3


async def test_nobody_had_to_wait():
    shelf = Shelf()
    await shelf.put("rye")
    assert await shelf.take_late() == 3


async def test_the_failing_line_uses_something_else():
    shelf = Shelf()
    asking = asyncio.create_task(shelf.is_served("ben"))
    await asyncio.sleep(0)
    await shelf.put("rye")
    assert await asking


async def test_the_wait_has_run_out():
    shelf = Shelf()
    assert await shelf.take_soon() == "rye"


async def test_what_it_calls_took_the_last_one():
    shelf = Shelf()
    taking = asyncio.create_task(shelf.hand_out())
    await asyncio.sleep(0)
    await shelf.put("rye")
    assert await taking == 3
