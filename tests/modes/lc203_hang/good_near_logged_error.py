"""A worker logs an error and then delivers, late: what fails is only the test's own limit."""

import asyncio
import logging

import pytest

logger = logging.getLogger(__name__)


async def work(orders, answers, gate):
    while True:
        name = await orders.get()
        try:
            answers.put_nowait(int(name))
        except ValueError:
            logger.exception("not a number")
            gate.set()


@pytest.mark.asyncio
async def test_an_answer():
    orders, answers, gate = asyncio.Queue(), asyncio.Queue(), asyncio.Event()
    worker = asyncio.create_task(work(orders, answers, gate))
    orders.put_nowait("x")
    await asyncio.wait_for(gate.wait(), 5)
    orders.put_nowait("2")
    assert await asyncio.wait_for(answers.get(), 5) == 2
    worker.cancel()
