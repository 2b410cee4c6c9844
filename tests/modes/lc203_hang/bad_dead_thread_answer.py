"""The thread that answers a request has no entry for it: the future gets no result at all."""

# name: answer
# options: --loopcheck-hang=0.6
import asyncio
import threading

import pytest

PRICES = {"apple": 3}


def look_up(name, loop, answer):
    price = PRICES[name]  # LC203
    loop.call_soon_threadsafe(answer.set_result, price)


async def price_of(name):
    loop = asyncio.get_running_loop()
    answer = loop.create_future()
    threading.Thread(target=look_up, args=(name, loop, answer)).start()
    return await answer


@pytest.mark.asyncio
async def test_a_price():
    assert await price_of("pear") == 3
