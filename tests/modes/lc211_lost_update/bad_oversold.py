"""Anyio's tasks check the stock, wait for the payment, and take more than there is."""

import anyio
import pytest

stock = {"tea": 1}


async def pay(name):
    await anyio.sleep(0)


async def buy(name):
    if stock["tea"] > 0:  # LC211
        await pay(name)
        stock["tea"] -= 1


# name: stock['tea']
@pytest.mark.asyncio
async def test_the_last_packet():
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(buy, "ann")
        tasks.start_soon(buy, "ben")
    assert stock["tea"] == 0
