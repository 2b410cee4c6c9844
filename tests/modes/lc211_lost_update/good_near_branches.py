"""The `if` waits and its `else` acts: no task does both, so none acts on a check from before."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Gate:
    def __init__(self):
        self.open, self.seen = False, []

    async def enter(self, who):
        if self.open:
            await asyncio.sleep(0)
        else:
            self.open = True
            self.seen.append(who)


class Pages:
    def __init__(self):
        self.loading, self.loaded = None, []

    async def page(self, name):
        if self.loading is not None:
            await asyncio.shield(self.loading)
        else:
            loading = self.loading = asyncio.get_running_loop().create_future()
            try:
                self.loaded.append(await fetch(name))
            finally:
                self.loading = None
                loading.set_result(None)


class Shop:
    def __init__(self):
        self.prices, self.asked = {}, 0

    async def price(self, item, far):
        if item not in self.prices:
            if far:
                await asyncio.sleep(0)
            elif item:
                self.prices[item] = len(item)
                self.asked += 1


async def fetch(name):
    await asyncio.sleep(0)
    raise ConnectionError(name)


async def test_the_gate_is_closed_again():
    gate = Gate()
    await asyncio.gather(*(gate.enter(who) for who in ("ann", "bob", "cy")))
    assert not gate.open


async def test_two_pass_the_gate():
    gate = Gate()
    await asyncio.gather(*(gate.enter(who) for who in ("ann", "bob", "cy")))
    assert gate.seen == ["ann", "bob"]


async def test_a_page_is_there():
    pages = Pages()
    await asyncio.gather(*(pages.page("a") for _ in range(3)), return_exceptions=True)
    assert len(pages.loaded) == 1


async def test_each_asks_for_the_price():
    shop = Shop()
    await asyncio.gather(*(shop.price("tea", False) for _ in range(3)))
    assert shop.asked == 3
