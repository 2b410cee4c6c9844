"""The worker logs the error of an order, and nobody answers the one who ordered."""

# name: answer
import asyncio
import logging

import pytest

PRICES = {"tea": 3}
logger = logging.getLogger(__name__)


async def work(orders):
    while True:
        name, answer = await orders.get()
        try:
            answer.set_result(PRICES[name])  # LC203
        except Exception:
            logger.exception("an order failed")


@pytest.mark.asyncio
async def test_price():
    orders = asyncio.Queue()
    worker = asyncio.create_task(work(orders))
    answer = asyncio.get_running_loop().create_future()
    orders.put_nowait(("coffee", answer))
    assert await asyncio.wait_for(answer, 0.3) == 3
    worker.cancel()
