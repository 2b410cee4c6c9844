"""Each task has an object of its own, or a lock comes with it: the sums are plainly wrong."""

import asyncio


class Jar:
    def __init__(self, coins=0):
        self.coins = coins
        self._turn = asyncio.Semaphore(1)
        self._gate = asyncio.Lock()

    async def put(self, coins):
        before = self.coins
        await asyncio.sleep(0)
        self.coins = before + coins

    async def put_in_turn(self, coins):
        await self._turn.acquire()
        try:
            before = self.coins
            await asyncio.sleep(0)
            self.coins = before + coins
        finally:
            self._turn.release()

    async def put_behind_the_gate(self, coins):
        async with self._gate:
            await self.put(coins)


def jar():
    return Jar(1)


async def one_jar(coins):
    own = Jar()
    await own.put(coins)
    return own.coins


def test_a_jar_for_each():
    async def fill():
        return await asyncio.gather(one_jar(1), one_jar(2))

    assert asyncio.run(fill()) == [1, 3]


def test_the_factory_makes_another_each_time():
    async def fill():
        first, second = jar(), jar()
        await asyncio.gather(first.put(1), second.put(2))
        return first.coins + second.coins

    assert asyncio.run(fill()) == 3


def test_a_jar_for_each_round():
    async def fill():
        tasks = []
        for coins in range(2):
            own = Jar()
            tasks.append(asyncio.create_task(own.put(coins)))
        await asyncio.gather(*tasks)
        return own.coins

    assert asyncio.run(fill()) == 2


def test_in_turn():
    async def fill():
        shared = Jar()
        await asyncio.gather(shared.put_in_turn(1), shared.put_in_turn(2))
        return shared.coins

    assert asyncio.run(fill()) == 4


def test_behind_the_gate():
    async def fill():
        shared = Jar()
        await asyncio.gather(shared.put_behind_the_gate(1), shared.put_behind_the_gate(2))
        return shared.coins

    assert asyncio.run(fill()) == 4


def test_one_after_the_other():
    async def fill():
        shared = Jar()
        await shared.put(1)
        await shared.put(2)
        return shared.coins

    assert asyncio.run(fill()) == 4
