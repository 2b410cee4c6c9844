"""A loop made by hand and run by hand: what fails is about other things, or plainly wrong."""

import asyncio

import pytest


class Till:
    def __init__(self):
        self.sold, self.price = [], 3

    async def sell(self, thing):
        await asyncio.sleep(0)
        self.sold.append(thing)


@pytest.fixture
def loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def till(loop):
    till = Till()
    till.later = loop.create_task(till.sell("tea"))
    yield till
    loop.run_until_complete(till.later)


@pytest.mark.asyncio
async def test_the_price(till):
    assert till.price == 4


def test_nothing_is_sold(loop):
    till = Till()
    loop.run_until_complete(till.sell("tea"))
    assert till.sold == []
