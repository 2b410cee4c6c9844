"""The faster of two calls wins, and the slower one is cancelled: with the token that both need."""

# name: running
import asyncio

import pytest
from tokens import Api, Tokens


class Transport:
    def __init__(self):
        self.gate, self.asked = asyncio.Event(), []

    async def post(self, path):
        self.asked.append(path)
        await self.gate.wait()
        return {"token": "abc"}


@pytest.fixture
def transport():
    return Transport()


@pytest.fixture
def api(transport):
    return Api(Tokens(transport))


async def fastest(*calls):
    running = [asyncio.ensure_future(one) for one in calls]
    done, late = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    for one in late:
        one.cancel()
    return done.pop().result(), late


@pytest.mark.asyncio
async def test_the_orders_of_a_user(api, transport):
    orders = asyncio.create_task(api.orders("ann"))
    await asyncio.sleep(0)
    answer, late = await fastest(asyncio.sleep(0, "cached"), api.orders("ann"))
    assert answer == "cached"
    transport.gate.set()
    assert await orders == {"authorization": "ABC"}
    assert transport.asked == ["/tokens/ann"]
