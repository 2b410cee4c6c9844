"""One task at a time gets in, without a lock, and a plain mistake makes the result wrong."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Stock:
    def __init__(self):
        self.left, self.sold, self.busy = 2, [], False
        self.changed = asyncio.Condition()

    async def buy(self, who):
        async with self.changed:
            await self.changed.wait_for(lambda: not self.busy)
            self.busy = True
        try:
            if self.left > 1:
                await asyncio.sleep(0)
                self.left -= 1
                self.sold.append(who)
        finally:
            async with self.changed:
                self.busy = False
                self.changed.notify()


class Till:
    def __init__(self):
        self.busy, self.total = False, 0

    async def add(self, price):
        while self.busy:
            await asyncio.sleep(0)
        self.busy = True
        before = self.total
        await asyncio.sleep(0)
        self.total = before + price + 1
        self.busy = False


async def test_the_last_one_is_sold():
    stock = Stock()
    await asyncio.gather(*(stock.buy(who) for who in ("ann", "ben", "cem")))
    assert stock.left == 0


async def test_a_flag_in_a_loop():
    till = Till()
    await asyncio.gather(till.add(1), till.add(2))
    assert till.total == 3


async def test_a_queue_with_one_item():
    turn, total = asyncio.Queue(), 0
    turn.put_nowait(None)

    async def add(price):
        nonlocal total
        mine = await turn.get()
        before = total
        await asyncio.sleep(0)
        total = before + price + 1
        turn.put_nowait(mine)

    await asyncio.gather(add(1), add(2))
    assert total == 3


async def test_events_in_a_row():
    done, total = [asyncio.Event() for _ in range(3)], 0

    async def add(at):
        nonlocal total
        if at:
            await done[at - 1].wait()
        before = total
        await asyncio.sleep(0)
        total = before + at + 1
        done[at].set()

    await asyncio.gather(*(add(at) for at in range(3)))
    assert total == 3
